"""Who is loyal, and to whom it was shown, worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from scipy.stats import rankdata

from tests.stage import Stage

END = datetime(2026, 1, 1)


def ago(days: float) -> datetime:
    return END - timedelta(days=days)


def stage(tenure: dict[str, float], visits: dict[str, int] | None = None, **tables: list[dict[str, Any]]) -> Stage:
    """Return customers by how many days they have been here, with orders on so many days of the last year."""
    visits = visits or {}
    people = [{"customer_id": c, "created_at": ago(days)} for c, days in tenure.items()]
    orders = [
        {"order_id": f"o{c}{k}", "customer_id": c, "ordered_at": ago(5 + 20 * k), "amount": 10.0}
        for c in tenure
        for k in range(visits.get(c, 1))
    ]
    first = {"touch_id": "t0", "customer_id": "anyone", "sent_at": ago(720), "purpose": "promotion"}
    made = {"customers": people, "orders": orders, **tables, "touches": [first, *tables.get("touches", [])]}
    return Stage(made, as_of=END, start=ago(730))


def entry(number: int, who: str, days: float, kind: str) -> dict[str, Any]:
    return {"loyalty_id": f"l{number}", "customer_id": who, "at": ago(days), "kind": kind}


def test_what_counts_as_recognition() -> None:
    touches = [
        {"touch_id": "t1", "customer_id": "thanked", "sent_at": ago(364), "purpose": "reward"},
        {"touch_id": "t2", "customer_id": "long ago", "sent_at": ago(366), "purpose": "reward"},
        {"touch_id": "t3", "customer_id": "offered", "sent_at": ago(3), "purpose": "promotion"},
        {"touch_id": "t4", "customer_id": "lost", "sent_at": ago(3), "purpose": "reward", "delivered": False},
    ]
    loyalty = [
        entry(1, "gold", 700, "tier"),
        entry(2, "left", 700, "tier"),
        entry(3, "left", 90, "leave"),
        entry(4, "back", 400, "leave"),
        entry(5, "back", 300, "tier"),
        entry(6, "booked", 20, "earn"),
        entry(7, "booked", 400, "join"),
        entry(8, "spent", 20, "redeem"),
        entry(9, "spent long ago", 380, "redeem"),
    ]
    names = {str(r["customer_id"]) for r in (*touches, *loyalty)}
    rows = stage(dict.fromkeys(names, 500.0), touches=touches, loyalty=loyalty).rows("recognition")
    assert {r["row_id"] for r in rows} == names
    assert {r["row_id"] for r in rows if r["recognised"]} == {"thanked", "gold", "back", "spent"}


def test_loyalty_is_the_mean_place_in_tenure_and_days_with_ties_by_value() -> None:
    tenure = {f"c{i:02d}": 400.0 + 10 * (i // 3) for i in range(20)}
    visits = {f"c{i:02d}": 1 + i % 5 for i in range(20)}
    rows = {r["row_id"]: r for r in stage(tenure, visits).rows("recognition")}
    names = sorted(tenure)
    places = rankdata([tenure[n] for n in names]) - 0.5 + rankdata([visits[n] for n in names]) - 0.5
    for name, place in zip(names, places, strict=True):
        assert float(rows[name]["loyalty_score"]) == pytest.approx(place / 40, abs=1e-8)
        assert rows[name]["active_days"] == visits[name]
    behind = (rankdata(-places) - 0.5) / 20
    expected = {n for n, b in zip(names, behind, strict=True) if b < 0.2}
    assert {n for n, r in rows.items() if r["loyalty"] == "most loyal fifth"} == expected


def test_use_counts_as_a_day_as_well_and_a_day_once() -> None:
    usage = [
        {"customer_id": "a", "day": ago(d).date(), "feature": f, "events": 3}
        for d, f in ((5, "x"), (9, "x"), (9, "y"), (400, "x"))
    ]
    (row,) = stage({"a": 500.0}, usage=usage).rows("recognition")
    assert row["active_days"] == 2  # the day of the order and use, and another day of use


def test_a_year_is_needed_of_the_customer_and_of_what_was_sent() -> None:
    rows = stage({"young": 364.0, "old": 366.0}).rows("recognition")
    assert [r["row_id"] for r in rows] == ["old"]
    short = Stage(
        {
            "customers": [{"customer_id": "a", "created_at": ago(900)}],
            "orders": [{"order_id": "o", "customer_id": "a", "ordered_at": ago(9), "amount": 1.0}],
            "touches": [{"touch_id": "t", "customer_id": "a", "sent_at": ago(300), "purpose": "reward"}],
        },
        as_of=END,
        start=ago(900),
    )
    assert short.rows("recognition") == []
