"""Who is compared with whom after a champion has left, worked out by hand and in pandas."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rapport.worlds import build
from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)


def used(who: str, since: date, until: date, every: int) -> list[dict[str, Any]]:
    days = (until - since).days
    return [
        {"customer_id": who, "day": since + timedelta(days=k), "feature": f, "events": 1}
        for k in range(0, days, every)
        for f in ("a", "b")
    ]


def account(who: str, left: datetime | None, **more: Any) -> dict[str, list[dict[str, Any]]]:
    person = {"contact_id": f"{who}-1", "customer_id": who, "champion": True, "started_at": START, "left_at": left}
    other = {"contact_id": f"{who}-2", "customer_id": who, "champion": False, "left_at": datetime(2024, 3, 1)}
    period = {"subscription_id": who, "customer_id": who, "mrr": 10.0, "valid_from": START, **more}
    return {
        "customers": [{"customer_id": who, "created_at": START}],
        "contacts": [person, other],
        "subscriptions": [period],
        "usage": used(who, date(2024, 1, 1), date(2026, 1, 1), 2),
    }


def stage(*parts: dict[str, list[dict[str, Any]]]) -> Stage:
    names = dict.fromkeys(name for part in parts for name in part)
    return Stage({n: [row for part in parts for row in part.get(n, [])] for n in names}, as_of=END, start=START)


def test_a_month_compares_who_left_in_it_with_who_leaves_more_than_three_months_later() -> None:
    rows = stage(
        account("leaves", datetime(2024, 9, 10)),
        account("soon", datetime(2024, 12, 31)),
        account("later", datetime(2025, 1, 1)),
        account("last", datetime(2025, 6, 1)),
        account("stays", None),
    ).rows("champion_leavings")
    months: dict[date, dict[str, set[str]]] = {}
    for r in rows:
        months.setdefault(r["month"], {}).setdefault(r["champion"], set()).add(r["customer_id"])
    assert months == {
        date(2024, 9, 1): {"left": {"leaves"}, "leaves later": {"later", "last"}},
        date(2024, 12, 1): {"left": {"soon"}, "leaves later": {"last"}},
        date(2025, 1, 1): {"left": {"later"}, "leaves later": {"last"}},
    }
    (row,) = (r for r in rows if r["champion"] == "left" and r["customer_id"] == "leaves")
    # Every second of the 92 days of March to May, June to August, October to December; two features are one day.
    assert (row["earlier"], row["usual"], row["after"]) == (46, 46, 46)
    assert row["counts"] == "use"


def test_who_was_no_customer_all_the_time_is_not_compared() -> None:
    base = (account("leaves", datetime(2024, 9, 10)), account("later", datetime(2025, 6, 1)))
    gone = account("gone", datetime(2024, 9, 20), valid_to=datetime(2024, 12, 30))
    new = account("new", datetime(2024, 9, 20), valid_from=datetime(2024, 3, 2))
    kept = account("kept", datetime(2024, 9, 20), valid_to=datetime(2025, 1, 1))
    rows = stage(*base, gone, new, kept).rows("champion_leavings")
    assert {r["customer_id"] for r in rows if r["champion"] == "left"} == {"leaves", "kept"}


def test_leavings_too_near_the_ends_of_the_record_are_left_out() -> None:
    rows = stage(
        account("early", datetime(2024, 6, 30)),
        account("late", datetime(2025, 10, 1)),
        account("last", datetime(2025, 12, 20)),
    ).rows("champion_leavings")
    assert rows == []
    rows = stage(account("first", datetime(2024, 7, 1)), account("last", datetime(2025, 12, 20)))
    assert {r["customer_id"] for r in rows.rows("champion_leavings")} == {"first", "last"}


def test_without_use_days_with_an_order_are_counted() -> None:
    parts = [account(n, left) for n, left in (("a", datetime(2024, 9, 10)), ("b", datetime(2025, 6, 1)))]
    orders = [
        {"order_id": f"{n}{m}{k}", "customer_id": n, "ordered_at": datetime(2024, m, 5, 9 + k), "amount": 5.0}
        for n in "ab"
        for m in range(1, 13)
        for k in (0, 1)
    ]
    tables = [{k: v for k, v in part.items() if k != "usage"} for part in parts]
    rows = stage(*tables, {"orders": orders}).rows("champion_leavings")
    assert {(r["counts"], r["usual"], r["after"]) for r in rows} == {("orders", 3, 3)}


def test_the_weighted_means_are_those_of_months_weighed_by_what_both_groups_allow() -> None:
    """The second way: everything again in pandas, from the raw tables of an invented company."""
    tables = build("subscription", 900, 24, seed=7).tables
    rows = pd.DataFrame(Stage(tables, as_of=datetime(2026, 5, 1), start=datetime(2024, 5, 1)).rows("champion_leavings"))
    rows = rows.astype(dict.fromkeys(("usual", "after", "earlier", "weight", "after_change", "bend"), float))
    people = tables["contacts"].to_pandas()
    left = people[people.champion & people.left_at.notna()].groupby("customer_id").left_at.min().dt.tz_localize(None)
    use = tables["usage"].to_pandas()[["customer_id", "day"]].drop_duplicates()
    use["m"] = pd.to_datetime(use.day).dt.to_period("M")
    days = use.groupby(["customer_id", "m"]).size().unstack(fill_value=0)
    number = left.dt.to_period("M")
    assert (rows.groupby("champion").weight.mean() - 1).abs().max() < 1e-9
    total, weights = 0.0, 0.0
    for month, part in rows.groupby("month"):
        m = pd.Period(month, "M")
        for side, own in part.groupby("champion"):
            who = own.customer_id
            assert ((number[who] == m) if side == "left" else (number[who] > m + 3)).all()
            window = [m + k for k in (1, 2, 3)]
            assert days.reindex(who)[window].sum(axis=1).tolist() == own.after.tolist()
        change = {side: (own.after - own.usual) for side, own in part.groupby("champion")}
        t, c = len(change["left"]), len(change["leaves later"])
        weight = t * c / (t + c)
        total, weights = total + weight * (change["left"].mean() - change["leaves later"].mean()), weights + weight
    sides = rows.groupby("champion").after_change.mean()
    assert sides["left"] - sides["leaves later"] == pytest.approx(total / weights)
    bent = rows.weight * (rows.after - 2 * rows.usual + rows.earlier)
    assert np.allclose(bent, rows.bend)
