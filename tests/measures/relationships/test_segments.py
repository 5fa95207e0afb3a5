"""The names, tiers and moves of relationships, told on a few customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rapport.measures.estimates.segments import TIERS
from rapport.models.rfm import NAMES
from tests.stage import Stage

NOW = datetime(2026, 1, 1)


def order(customer: str, days: float, amount: float = 10.0) -> dict[str, Any]:
    return {"order_id": f"{customer}-{days}", "customer_id": customer, "ordered_at": NOW - timedelta(days)} | {
        "amount": amount,
        "status": "completed",
    }


def stage(orders: list[dict[str, Any]]) -> Stage:
    one = Stage({"orders": orders}, as_of=NOW, start=NOW - timedelta(1000))
    one.rows("segments")
    return one


def by_name(one: Stage) -> dict[str, dict[str, Any]]:
    return {row["customer_id"]: row for row in one.rows("segments")}


def test_every_customer_has_one_name_and_the_segments_add_up_to_all() -> None:
    one = stage([order(f"c{i}", 3 + 7 * i + 30 * k, 10.0 + i) for i in range(50) for k in range(1 + i % 5)])
    rows = by_name(one)
    said = one.asker.said["segments"]
    assert [s["name"] for s in said["segments"]] == list(NAMES)
    assert sum(s["customers"] for s in said["segments"]) == len(rows) == 50
    assert sum(s["customers"] for s in said["tiers"]) == 50
    assert sum(s["money"] for s in said["segments"]) == pytest.approx(sum(r["money"] for r in rows.values()))


def test_equal_customers_are_equal_whatever_the_order_of_rows() -> None:
    rows = by_name(stage([order(f"c{i}", 5.0) for i in range(30)]))
    assert len({(r["segment"], r["value_tier"], r["recency_score"]) for r in rows.values()}) == 1
    # of all who were there on the last day nobody is less than the most recent
    assert rows["c0"]["recency_score"] == 5


def test_tiers_are_by_what_came_in_during_a_year() -> None:
    orders = [order(f"c{i:02d}", 20.0, float(100 - i)) for i in range(20)]
    rows = by_name(stage([*orders, order("old", 500.0, 900.0)]))
    assert [rows[f"c{i:02d}"]["value_tier"] for i in (0, 1, 2, 7, 8)] == [
        TIERS[0],
        TIERS[0],
        TIERS[1],
        TIERS[1],
        TIERS[2],
    ]
    assert rows["old"]["value_tier"] == TIERS[3]


def test_who_moved_since_half_a_year_ago_is_counted() -> None:
    regular = [order(f"r{i}", 3.0 + 60 * k) for i in range(30) for k in range(12)]
    seldom = [order(f"s{i}", 400.0) for i in range(5)]
    faded = [order(f"f{i}", 183.0 + 30 * k) for i in range(10) for k in range(18)]
    fresh = [order("new", 10.0)]
    one = stage([*regular, *seldom, *faded, *fresh])
    rows = by_name(one)
    assert rows["f0"]["segment_before"] == "Champions"
    assert rows["f0"]["segment"] == "Hibernating"
    assert rows["new"]["segment_before"] is None
    moves = {(m["before"], m["after"]): m["customers"] for m in one.asker.said["segments"]["migration"]["moves"]}
    assert moves["Champions", "Hibernating"] == 10
    assert sum(moves.values()) == 46
    assert moves[None, rows["new"]["segment"]] == 1


def test_a_record_that_is_too_young_has_no_moves() -> None:
    one = stage([order(f"c{i}", 5.0 + i) for i in range(30)])
    assert one.asker.said["segments"]["migration"]["moves"] == []
