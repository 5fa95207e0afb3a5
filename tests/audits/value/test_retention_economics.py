"""What winning and keeping cost and bring is what the books say; a channel that does not pay for itself is found."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rapport.audits.value.retention_economics import retention_economics
from rapport.core.declarations import Declarations, Economics
from rapport.core.outcome import Looked, NotAssessable
from rapport.worlds import build
from tests.audits.engagement.shop import worse
from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
HALF = Declarations(economics=Economics(gross_margin=0.5, declared=True))


def company(cost: float = 100.0, each: int = 40, channels: tuple[str, ...] = ("fair",), **more: Any) -> dict[str, Any]:
    """Return customers won on the 15th of February 2024 who pay 10 a month ever since, and what was spent."""
    ids = [(channel, f"{channel}{i}") for channel in channels for i in range(each)]
    begun = datetime(2024, 2, 15)
    spend = [
        {"spend_id": f"w-{c}", "month": date(2024, 2, 1), "kind": "acquisition", "channel": c, "amount": cost * each}
        for c in channels
    ]
    spend += [
        {"spend_id": f"k{m}", "month": date(2025, m, 1), "kind": "retention", "channel": "mail", "amount": 8.0 * each}
        for m in range(1, 13)
    ]
    return {
        "customers": [{"customer_id": i, "created_at": begun, "acquisition_channel": c} for c, i in ids],
        "subscriptions": [
            {"subscription_id": i, "customer_id": i, "mrr": 10.0, "valid_from": begun, **more} for _, i in ids
        ],
        "spend": spend,
    }


def on_stage(tables: dict[str, Any], declared: Declarations = HALF) -> Stage:
    return Stage(tables, as_of=END, start=START, declared=declared)


def test_a_golden_vector() -> None:
    """40 customers won for 4,000; each pays 12 times 10 in the first year, half of it margin: 60 of 100 comes back.

    Keeping: 12 times 320 for the 40 who are there is 96 each a year; they pay 12 times 10, half of it margin.
    """
    outcome = on_stage(company()).ask(retention_economics)
    assert isinstance(outcome, Looked)
    assert outcome.headline == (
        "Winning a customer costs € 100 and brings € 60 of margin in the first year; keeping one costs € 96 a year and "
        "those who are there bring € 60."
    )
    channel = next(t for t in outcome.tests if t.scope == {"acquisition_channel": "fair"})
    assert channel.value.value == pytest.approx(0.6)
    assert channel.consequence is not None
    assert channel.consequence.value is not None
    assert channel.consequence.value.mid == pytest.approx(1600.0)
    assert outcome.score is not None
    assert outcome.score.value == pytest.approx(60.0)


def test_only_months_whose_customers_had_a_whole_year_count() -> None:
    tables = company()
    late = {"month": date(2025, 6, 1), "kind": "acquisition", "channel": "fair", "amount": 9999.0, "spend_id": "late"}
    tables["spend"].append(late)
    outcome = on_stage(tables).ask(retention_economics)
    assert isinstance(outcome, Looked)
    assert "Winning a customer costs € 100 " in outcome.headline
    assert "€ 9,999 on winning customers" in outcome.notes[0]


@pytest.mark.parametrize("start", [datetime(2023, 12, 31, 23), datetime(2024, 2, 1), datetime(2024, 2, 10)])
def test_a_month_that_begins_before_the_period_does_not_count(start: datetime) -> None:
    """Twenty customers a month, each won for 50, bring 60 with their first order; the first month is not in the period.

    By the clock of the company the period may begin an hour before the month; whoever looks from within a month on
    begins with the next.
    """
    months = [datetime(2023, 12, 3), *(datetime(2024, m, 3) for m in range(1, 13))]
    ids = [(f"{m:%y%m}-{i}", m) for m in months for i in range(20)]
    tables = {
        "customers": [{"customer_id": i, "created_at": m} for i, m in ids],
        "orders": [{"order_id": i, "customer_id": i, "ordered_at": m, "amount": 60.0} for i, m in ids],
        "spend": [
            {"spend_id": f"{m:%y%m}", "kind": "acquisition", "channel": "ads", "month": m.date(), "amount": 1000.0}
            for m in months
        ],
    }
    stage = Stage(tables, as_of=END, start=start, declared=HALF)
    firsts = [m.date().replace(day=1) for m in months]
    assert [r["month"] for r in stage.rows("spending")] == [f for f in firsts if datetime(f.year, f.month, 1) >= start]
    outcome = stage.ask(retention_economics)
    assert isinstance(outcome, Looked)
    assert outcome.headline.startswith("Winning a customer costs € 50 and brings € 30 of margin in the first year")


def test_a_channel_that_does_not_pay_for_itself_is_found() -> None:
    random = np.random.default_rng(1)
    tables = company(50.0, 80, ("fair", "search"))
    for row in tables["subscriptions"]:
        poor = row["customer_id"].startswith("fair")
        row["mrr"] = round(float(random.lognormal(np.log(4.0 if poor else 12.0), 0.4)), 2)
    first = worse(on_stage(tables).ask(retention_economics))[0]
    assert first.scope == {"acquisition_channel": "fair"}
    assert first.p_value < 0.001
    search = next(
        t for t in worse(on_stage(tables).ask(retention_economics)) if t.scope.get("acquisition_channel") == "search"
    )
    assert search.p_value > 0.5
    assert search.within


def two_channels(advertised: range) -> dict[str, Any]:
    """Return ten customers a month by each of two channels; each month 1,000 on letters, in some as much on adverts."""
    months = [(m, date(2024, m, 1)) for m in range(1, 13)]
    ids = [
        (f"{c}{m}-{i}", c, datetime(2024, m, 3)) for m, _ in months for c in ("adverts", "letters") for i in range(10)
    ]
    spent = [(c, m, day) for m, day in months for c in ("adverts", "letters") if c == "letters" or m in advertised]
    return {
        "customers": [{"customer_id": i, "created_at": at, "acquisition_channel": c} for i, c, at in ids],
        "orders": [{"order_id": i, "customer_id": i, "ordered_at": at, "amount": 108.0} for i, _, at in ids],
        "spend": [
            {"spend_id": f"{c}{m}", "kind": "acquisition", "channel": c, "month": day, "amount": 1000.0}
            for c, m, day in spent
        ],
    }


def test_a_channels_cost_and_its_customers_are_of_the_same_months() -> None:
    """Ten come by adverts in every month and cost 100 each in the three that are known: no 25, spread over twelve."""
    outcome = on_stage(two_channels(range(1, 4))).ask(retention_economics)
    assert isinstance(outcome, Looked)
    told = {t.scope.get("acquisition_channel"): (t.value.value, t.n) for t in outcome.tests}
    assert told["adverts"] == (pytest.approx(0.54), 30)
    assert told["letters"] == (pytest.approx(0.54), 120)
    assert told[None] == (pytest.approx(54.0 / 62.5), 240)  # all that was spent, by all who came in these months


def test_a_channel_with_few_customers_in_its_months_is_too_small() -> None:
    outcome = on_stage(two_channels(range(1, 2))).ask(retention_economics)
    assert isinstance(outcome, Looked)
    assert [(s.scope, s.n) for s in outcome.short] == [({"acquisition_channel": "adverts"}, 10)]


def test_spend_that_no_customer_came_by_is_told() -> None:
    tables = company()
    tables["spend"].append(
        {"spend_id": "tv", "month": date(2024, 3, 1), "kind": "acquisition", "channel": "television", "amount": 700.0}
    )
    outcome = on_stage(tables).ask(retention_economics)
    assert isinstance(outcome, Looked)
    assert "€ 700 was spent on television, by which no customer is known to have come." in outcome.notes


def test_refunds_and_orders_before_and_after_the_year_do_not_count() -> None:
    begun = datetime(2024, 2, 15, 10)
    orders = [
        {"order_id": "o1", "customer_id": "a", "ordered_at": begun, "amount": 100.0, "refund_amount": 30.0},
        {"order_id": "o2", "customer_id": "a", "ordered_at": begun + timedelta(days=364), "amount": 10.0},
        {"order_id": "o3", "customer_id": "a", "ordered_at": begun + timedelta(days=366), "amount": 1000.0},
        {"order_id": "o4", "customer_id": "b", "ordered_at": begun, "amount": 5.0, "status": "cancelled"},
    ]
    people = [{"customer_id": i, "created_at": begun} for i in ("a", "b")]
    spend = [{"month": date(2024, 2, 1), "kind": "acquisition", "amount": 1.0, "spend_id": "s"}]
    found = on_stage({"orders": orders, "customers": people, "spend": spend}).rows("won_value")
    assert [(r["customer_id"], r["revenue"], r["margin"]) for r in found] == [("a", 80.0, 40.0)]


@pytest.mark.parametrize("year", [2023, 2024])
def test_whoever_stays_pays_for_twelve_months_of_the_first_year_whenever_they_begin(year: int) -> None:
    """On the first at midnight or later that day, on the second, on the last; before a leap day and after it."""
    begins = [datetime(year, month, day, hour) for month in (1, 4) for day, hour in ((1, 0), (1, 9), (2, 0), (30, 23))]
    people = [{"customer_id": f"c{b:%m%d%H}", "created_at": b} for b in begins]
    periods = [
        {"subscription_id": who["customer_id"], "mrr": 10.0, "valid_from": who["created_at"], **who} for who in people
    ]
    short = {"customer_id": "short", "created_at": datetime(year, 1, 1), "valid_to": datetime(year, 7, 1)}
    periods.append({"subscription_id": "short", "mrr": 10.0, "valid_from": datetime(year, 1, 1), **short})
    spend = [
        {"month": date(year, m, 1), "kind": "acquisition", "amount": 1.0, "spend_id": f"s{m}"} for m in range(1, 13)
    ]
    tables = {"customers": [*people, short], "subscriptions": periods, "spend": spend}
    found = Stage(tables, as_of=END, start=datetime(2023, 1, 1)).rows("won_value")
    told = {r["customer_id"]: r["revenue"] for r in found}
    assert told.pop("short") == 60.0
    assert told == {who["customer_id"]: 120.0 for who in people}


@pytest.mark.parametrize("name", ["shop", "subscription"])
def test_it_reproduces_the_arithmetic_of_a_whole_company(name: str) -> None:
    """A second way, by hand over the tables of a company that does not exist."""
    world = build(name, 600, 24, seed=2)
    tables = {
        k: v.to_pandas() for k, v in world.tables.items() if k in ("customers", "orders", "subscriptions", "spend")
    }
    as_of, start = pd.Timestamp(2026, 4, 30, 22), pd.Timestamp(2024, 4, 30, 22)
    stage = Stage(world.tables, as_of=as_of.to_pydatetime(), start=start.to_pydatetime())
    outcome = stage.ask(retention_economics)
    assert isinstance(outcome, Looked)
    cost, brings = _by_hand(tables, as_of, start)
    told = re.match(r"Winning a customer costs € ([\d,.]+) and brings € ([\d,.]+) of margin", outcome.headline)
    assert told is not None
    assert [float(t.replace(",", "")) for t in told.groups()] == pytest.approx([cost, brings], abs=0.5)
    assert not any(t.p_value < 0.05 for t in worse(outcome)), "a healthy company pays for its customers"


def _by_hand(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp, start: pd.Timestamp) -> tuple[float, float]:
    people = tables["customers"]
    people = people.assign(won=people.created_at.dt.tz_localize(None))
    spend = tables["spend"]
    spend = spend[(spend.kind == "acquisition") & (pd.to_datetime(spend.month) + pd.Timedelta(days=396) <= as_of)]
    months = {pd.Timestamp(m).to_period("M") for m in spend.month}
    amounts = []
    periods = tables["subscriptions"]
    begins, ends = (periods[c].dt.tz_localize(None).dt.normalize() for c in ("valid_from", "valid_to"))
    for first in pd.date_range("2024-05-01", "2026-04-01", freq="MS"):
        running = (begins <= first) & ~(ends <= first)
        part = {"who": periods.customer_id[running], "at": first, "paid": periods.mrr[running], "monthly": True}
        amounts.append(pd.DataFrame(part))
    if "orders" in tables:
        orders = tables["orders"]
        kept = (orders.status != "cancelled") & (orders.ordered_at.dt.tz_localize(None) >= start)
        paid = orders.amount.astype(float) - orders.refund_amount.astype(float).fillna(0.0)
        part = {"who": orders.customer_id[kept], "at": orders.ordered_at.dt.tz_localize(None)[kept], "paid": paid[kept]}
        amounts.append(pd.DataFrame(part | {"monthly": False}))
    all_ = pd.concat(amounts).astype({"paid": float}).merge(people, left_on="who", right_on="customer_id")
    until = (all_.won + pd.Timedelta(days=365)).where(~all_.monthly, all_.won.dt.normalize() + pd.DateOffset(months=12))
    within = (all_["at"] >= all_.won.dt.normalize()) & (all_["at"] < until)
    brought = all_[within].groupby("who").paid.sum()
    ever = set(periods.customer_id[periods.valid_from.dt.tz_localize(None) < as_of])
    if "orders" in tables:
        ordered = tables["orders"]
        ever |= set(ordered.customer_id[~ordered.status.isin(["cancelled", "returned"])].dropna())
    won = people[people.won.dt.to_period("M").isin(months) & people.customer_id.isin(ever)]
    return float(spend.amount.astype(float).sum()) / len(won), float(
        brought.reindex(won.customer_id).fillna(0.0).mean()
    )


def test_several_currencies_are_never_added() -> None:
    tables = company()
    tables["spend"][0]["currency"] = "CHF"
    outcome = on_stage(tables).ask(retention_economics)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("spend.currency",)


def test_without_spend_it_says_so() -> None:
    tables = company()
    outcome = on_stage({k: v for k, v in tables.items() if k != "spend"}).ask(retention_economics)
    assert isinstance(outcome, NotAssessable)
    assert "spend" in outcome.missing


def test_spend_of_this_year_alone_says_how_long_it_takes() -> None:
    tables = company()
    tables["spend"] = [row for row in tables["spend"] if row["month"].year == 2025]
    outcome = on_stage(tables).ask(retention_economics)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("spend.month",)


@pytest.mark.parametrize(("begun", "told"), [(datetime(2024, 3, 5), True), (datetime(2025, 8, 5), False)])
def test_who_was_there_is_known_a_year_after_the_first_order(begun: datetime, told: bool) -> None:
    tables = company()
    who = [c["customer_id"] for c in tables["customers"]]
    tables["orders"] = [
        {"order_id": f"{c}-{i}", "customer_id": c, "ordered_at": begun + timedelta(days=30 * i), "amount": 1.0}
        for c in who
        for i in range(4)
    ]
    outcome = on_stage(tables).ask(retention_economics)
    assert isinstance(outcome, Looked)
    assert ("keeping one costs" in outcome.headline) is told
    assert any("What keeping costs is not known" in note for note in outcome.notes) is not told
