"""A cohort that a price rise shrinks is found; gross and net retention are the field's; young cohorts are no fault."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.value.revenue_retention import revenue_retention
from rapport.core.outcome import Looked, NotAssessable
from tests.audits.engagement.shop import is_quiet, worse
from tests.audits.value.service import END, START, service, service_stage
from tests.stage import Stage

RISE = 486.0
"""Days after the start: the first of May 2025."""


def leave_after_the_rise(plan: Any, region: Any, began: Any, now: Any) -> Any:
    return 0.10 if 0 <= began < 366 and now > RISE else 0.025


def young_leave(plan: Any, region: Any, began: Any, now: Any) -> Any:
    return 0.06 if now - began < 120 else 0.02


def with_rise(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the record in which the price of those who came in 2024 rose by a seventh on the first of May 2025."""
    at = START + timedelta(days=RISE)
    first: dict[str, datetime] = {}
    rows = tables["subscriptions"].to_pylist()
    for row in rows:
        first[row["customer_id"]] = min(row["valid_from"], first.get(row["customer_id"], row["valid_from"]))
    made = []
    for row in rows:
        runs = row["valid_from"] < at and (row["valid_to"] is None or row["valid_to"] > at)
        if first[row["customer_id"]].year == 2024 and runs:
            made.append({**row, "valid_to": at, "end_reason": "expired"})
            row = {**row, "period_id": row["period_id"] + "r", "valid_from": at, "mrr": row["mrr"] * 8 / 7}
        made.append(row)
    schema = tables["subscriptions"].schema
    return {**tables, "subscriptions": pa.Table.from_pylist(made, schema)}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_cohort_shrunk_by_a_price_rise_is_found(seed: int) -> None:
    tests = worse(service_stage(with_rise(service(seed, leaving=leave_after_the_rise))).ask(revenue_retention))
    cohort = next(t for t in tests if t.scope == {"cohort": "2024"})
    assert cohort.p_value < 0.001
    assert "2025-04" <= (cohort.onset or "")[:7] <= "2025-07"
    assert cohort.cause.status == "supported"
    assert cohort.cause.alternatives[2].name == "their price had risen"
    rise = next(t for t in tests if t.scope == {"price_change": "after a price rise"})
    assert rise.p_value < 0.001
    assert rise.title.startswith("After a price rise ")
    assert 0 < rise.consequence.value.low < rise.consequence.value.mid < rise.consequence.value.high


def test_without_a_price_rise_none_is_blamed() -> None:
    tests = worse(service_stage(service(1, leaving=leave_after_the_rise)).ask(revenue_retention))
    cohort = next(t for t in tests if t.scope == {"cohort": "2024"})
    assert cohort.p_value < 0.001
    assert cohort.cause.status == "not_established"
    assert not any("price_change" in t.scope for t in tests)


def test_a_price_rise_that_nobody_minds_is_no_fault() -> None:
    assert is_quiet(service_stage(with_rise(service(3))).ask(revenue_retention))


@pytest.mark.parametrize("seed", range(4))
def test_a_steady_service_is_left_alone(seed: int) -> None:
    assert is_quiet(service_stage(service(seed, moves=0.03)).ask(revenue_retention))


@pytest.mark.parametrize("seed", range(3))
def test_that_young_customers_leave_more_often_is_no_cohorts_fault(seed: int) -> None:
    tests = worse(service_stage(service(seed, leaving=young_leave)).ask(revenue_retention))
    assert not any(t.p_value < 0.001 for t in tests if "cohort" in t.scope)


def period(
    customer: str, mrr: float, begins: datetime, ends: datetime | None = None, reason: str = ""
) -> dict[str, Any]:
    return {
        "subscription_id": customer,
        "customer_id": customer,
        "plan": "one",
        "mrr": mrr,
        "valid_from": begins,
        "valid_to": ends,
        "end_reason": reason or None,
    }


def test_the_fields_golden_vector() -> None:
    """Start 100, churn 10, contraction 10, expansion 10: gross 80 %, net 90 %; newcomers are in neither."""
    old, mid = datetime(2023, 5, 1), datetime(2025, 6, 15)
    rows = [
        period("left", 10.0, old, mid, "cancelled"),
        period("less", 30.0, old, mid, "downgrade"),
        period("less", 20.0, mid),
        period("more", 20.0, old, mid, "upgrade"),
        period("more", 30.0, mid),
        period("same", 40.0, old),
        period("new", 500.0, mid),
    ]
    outcome = Stage({"subscriptions": rows}, as_of=datetime(2026, 1, 1), start=START).ask(revenue_retention)
    assert isinstance(outcome, Looked)
    assert "a year ago 80 % is still there, with growth of the same customers 90 %" in outcome.headline
    assert "10.0 % left with customers, 10.0 % went because they pay less, 10.0 % was added" in outcome.headline
    assert outcome.score is not None
    assert outcome.score.value == pytest.approx(80.0)


def test_who_came_back_is_told_apart() -> None:
    old = datetime(2023, 5, 1)
    rows = [
        period("back", 50.0, old, datetime(2025, 3, 10), "cancelled"),
        period("back", 40.0, datetime(2025, 7, 10)),
        period("same", 50.0, old),
    ]
    outcome = Stage({"subscriptions": rows}, as_of=datetime(2026, 1, 1), start=START).ask(revenue_retention)
    assert isinstance(outcome, Looked)
    assert outcome.notes == ("Customers who had left earlier brought back € 40 a month in the last twelve months.",)
    assert "a year ago 90 % is still there" in outcome.headline


def test_currencies_stand_side_by_side_and_are_never_added() -> None:
    old, mid = datetime(2023, 5, 1), datetime(2025, 6, 15)
    rows = [
        {**period("a", 10.0, old, mid, "cancelled"), "currency": "EUR"},
        {**period("b", 30.0, old), "currency": "EUR"},
        {**period("c", 9000.0, old), "currency": "JPY"},
    ]
    stage = Stage({"subscriptions": rows}, as_of=datetime(2026, 1, 1), start=START)
    outcome = stage.ask(revenue_retention)
    assert isinstance(outcome, Looked)
    assert outcome.score is None
    assert "a year ago" not in outcome.headline
    usual = {r["currency"]: r["weight"] for r in stage.rows("revenue_movements") if r["customer_id"] in "bc"}
    assert usual["JPY"] == pytest.approx(1.0)
    assert usual["EUR"] == pytest.approx(30.0 / ((24 * 30 + 18 * 10) / 42))


def test_price_rises_are_told_from_upgrades() -> None:
    old, mid, late = datetime(2025, 1, 1), datetime(2025, 4, 1), datetime(2025, 8, 1)
    rows = [
        period("risen", 10.0, old, mid, "expired"),
        period("risen", 12.0, mid),
        period("upgraded", 10.0, old, mid, "upgrade"),
        period("upgraded", 12.0, mid),
        period("returned", 10.0, old, mid),
        period("returned", 12.0, late),
        period("cheaper", 10.0, old, mid, "expired"),
        period("cheaper", 8.0, mid),
    ]
    found = Stage({"subscriptions": rows}, as_of=datetime(2026, 1, 1)).rows("price_rises")
    assert [(r["customer_id"], float(r["before_mrr"]), float(r["after_mrr"])) for r in found] == [("risen", 10.0, 12.0)]


def test_shares_and_drivers_agree_with_the_periods_themselves() -> None:
    tables = service(4, moves=0.05)
    outcome = service_stage(tables).ask(revenue_retention)
    assert isinstance(outcome, Looked)
    rows = tables["subscriptions"].to_pandas()
    first, last = np.datetime64("2025-01-01"), np.datetime64("2026-01-01")

    def paid(at: Any) -> Any:
        running = rows[(rows.valid_from < at) & ~(rows.valid_to < at)]
        return running.groupby("customer_id").mrr.sum()

    then = paid(first)
    now = paid(last).reindex(then.index).fillna(0.0)
    gross, net = np.minimum(then, now).sum() / then.sum(), now.sum() / then.sum()
    assert (
        f"{100 * gross:.0f} % is still there, with growth of the same customers {100 * net:.0f} %" in outcome.headline
    )
    assert outcome.score is not None
    assert outcome.score.value == pytest.approx(100 * gross, abs=1e-6)


def test_without_contracts_it_is_not_observed() -> None:
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=END, start=START).ask(revenue_retention)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("subscriptions.mrr",)
