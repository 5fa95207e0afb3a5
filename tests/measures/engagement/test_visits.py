"""Visits, first orders and ages, computed by hand."""

from __future__ import annotations

from datetime import date, datetime

from tests.stage import Stage


def order(id_, customer, at, **more):
    return {"order_id": id_, "customer_id": customer, "ordered_at": at, "amount": 10.0, **more}


SOME = [
    order("1", "a", datetime(2025, 1, 1, 9), discount=0.0, channel="web", region="north"),
    order("2", "a", datetime(2025, 1, 1, 18), discount=2.0, channel="app"),  # the same day: one visit, reduced
    order("3", "a", datetime(2025, 1, 11, 9), discount=0.0, channel="web"),
    order("4", "a", datetime(2025, 2, 1, 9), discount=0.0, status="returned", returned_at=datetime(2025, 2, 9)),
    order("5", "a", datetime(2025, 2, 2, 9), discount=0.0, status="cancelled"),
    order("6", None, datetime(2025, 2, 3, 9), discount=0.0),
    order("7", "b", datetime(2025, 3, 1, 9), discount=None, channel="web"),
    order("8", "b", datetime(2025, 3, 1, 9), discount=0.0, channel="app"),  # a tie in time: the smaller id is first
]
PEOPLE = [{"customer_id": "b", "region": "south", "acquisition_channel": "social"}]


def test_orders_of_a_day_are_one_visit_and_those_that_came_to_nothing_none():
    rows = Stage({"orders": SOME, "customers": PEOPLE}).rows("visits", "customer_id, number")
    assert [(r["row_id"], r["customer_id"], r["number"]) for r in rows] == [("1", "a", 1), ("3", "a", 2), ("7", "b", 1)]
    assert [r["gap_days"] for r in rows] == [None, 10.0, None]
    assert [r["next_at"] for r in rows] == [datetime(2025, 1, 11, 9), None, None]
    assert [float(r["amount"]) for r in rows] == [20.0, 10.0, 20.0]
    assert [r["discounted"] for r in rows] == [True, False, False]
    assert [r["channel"] for r in rows] == ["web", "web", "web"]
    assert [r["region"] for r in rows] == ["north", None, "south"]
    assert rows[2]["acquisition_channel"] == "social"
    assert rows[0]["month"] == date(2025, 1, 1)


def test_an_empty_discount_is_none_where_the_source_never_writes_zero():
    orders = [
        order("1", "a", datetime(2025, 1, 1), discount=5.0),
        order("2", "a", datetime(2025, 2, 1), discount=None),
    ]
    assert [r["discounted"] for r in Stage({"orders": orders}).rows("visits", "number")] == [True, False]
    unknown = [order("1", "a", datetime(2025, 1, 1), discount=None)]
    assert [r["discounted"] for r in Stage({"orders": unknown}).rows("visits", "number")] == [None]


def test_nothing_after_the_cut_off_exists():
    stage = Stage({"orders": SOME, "customers": PEOPLE}, as_of=datetime(2025, 1, 11, 9), present=False)
    rows = stage.rows("visits", "customer_id, number")
    assert [(r["customer_id"], r["number"], r["next_at"]) for r in rows] == [("a", 1, None)]


def test_visits_before_the_period_are_known_but_not_counted():
    rows = Stage({"orders": SOME}, start=datetime(2025, 1, 5)).rows("visits", "customer_id, number")
    assert [(r["customer_id"], r["number"]) for r in rows] == [("a", 2), ("b", 1)]
    assert rows[0]["gap_days"] == 10.0


def test_the_rhythm_is_that_of_those_who_come_back():
    orders = [order(f"{c}{k}", f"c{c}", datetime(2025, 1, 1 + 20 * k + c)) for c in range(5) for k in range(2)]
    row = Stage({"orders": orders}, as_of=datetime(2025, 12, 31)).rows("rhythm", "1")[0]
    assert row["typical_days"] == 20.0
    assert row["horizon_days"] == 20.0
    assert row["settled_after_days"] == 60.0


def test_nobody_ever_came_back():
    orders = [order("1", "a", datetime(2025, 1, 1)), order("2", "b", datetime(2025, 3, 1))]
    row = Stage({"orders": orders}, as_of=datetime(2026, 1, 1)).rows("rhythm", "1")[0]
    assert row["typical_days"] is None
    assert row["horizon_days"] == 90.0


def test_a_first_order_is_one_only_where_that_is_known():
    orders = [
        order("1", "old", datetime(2025, 1, 1)),
        order("2", "old", datetime(2025, 1, 21)),
        order("3", "new", datetime(2025, 1, 10)),
        order("4", "late", datetime(2025, 6, 1)),
        order("5", "late", datetime(2025, 7, 11)),
        order("6", "young", datetime(2025, 12, 30)),
    ]
    people = [
        {"customer_id": "new", "created_at": datetime(2025, 1, 10)},
        {"customer_id": "old", "created_at": datetime(2020, 1, 1)},
    ]
    rows = Stage({"orders": orders, "customers": people}, as_of=datetime(2026, 1, 1)).rows(
        "first_orders", "customer_id"
    )
    found = {r["customer_id"]: r for r in rows}
    # the gaps are 20 and 40 days: typical 30, the left edge 90 days, the horizon (75th percentile) 35
    assert {c: r["is_first"] for c, r in found.items()} == {"old": False, "new": True, "late": True, "young": True}
    assert found["new"]["horizon_days"] == 35.0
    assert found["new"]["returned"] is False
    assert found["late"]["returned"] is False  # back after 40 days: later than the horizon
    assert found["late"]["came_back"]
    assert found["late"]["came_back_seconds"] == 40 * 86400
    assert found["young"]["returned"] is None
    assert found["old"]["returned"] is True


def test_ages_lie_wholly_before_the_cut_off():
    orders = [
        order("0", "x", datetime(2024, 1, 1)),
        order("1", "x", datetime(2024, 1, 21)),
        order("2", "y", datetime(2025, 1, 1)),
        order("3", "y", datetime(2025, 1, 21)),
        order("4", "y", datetime(2025, 2, 10, 1)),
    ]
    rows = Stage({"orders": orders}, as_of=datetime(2025, 3, 5)).rows("cohort_ages", "customer_id, age")
    # the horizon is 20.01 days, rounded up to 21; 63 days have passed
    assert [(r["customer_id"], r["age"], r["active"]) for r in rows] == [
        ("y", 1, True),
        ("y", 2, True),
        ("y", 3, False),
    ]
    assert {r["step_days"] for r in rows} == {21.0}
    assert {r["month"] for r in rows} == {date(2025, 1, 1)}


def test_subscribers_are_there_while_a_paid_period_runs():
    def period(customer, plan, begins, ends, mrr=10.0):
        return {
            "subscription_id": customer,
            "customer_id": customer,
            "plan": plan,
            "mrr": mrr,
            "valid_from": begins,
            "valid_to": ends,
        }

    periods = [
        period("edge", "pro", datetime(2024, 1, 1), None),
        period("free", "pro", datetime(2024, 6, 1), None, mrr=0.0),
        period("a", "pro", datetime(2024, 6, 1), datetime(2024, 7, 15)),
        period("a", "basic", datetime(2024, 7, 15), datetime(2024, 8, 20)),
    ]
    rows = Stage({"subscriptions": periods}, as_of=datetime(2024, 9, 15)).rows("cohort_ages", "age")
    assert [(r["customer_id"], r["age"], r["active"]) for r in rows] == [
        ("a", 1, True),
        ("a", 2, True),
        ("a", 3, False),
    ]
    assert {r["plan"] for r in rows} == {"pro"}


def test_returns_at_the_full_price():
    orders = [
        order("1", "a", datetime(2025, 1, 1), discount=0.0),
        order("2", "a", datetime(2025, 1, 11), discount=3.0),
        order("3", "a", datetime(2025, 1, 21), discount=0.0),
    ]
    rows = Stage({"orders": orders}, as_of=datetime(2025, 6, 1)).rows("full_price_returns")
    assert [(r["returned"], r["at_full_price"]) for r in rows] == [(True, False), (True, True), (False, False)]
