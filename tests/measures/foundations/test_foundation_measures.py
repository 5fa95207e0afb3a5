"""The facts about the record itself, on rows worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from rapport.core.declarations import Calendar, Declarations
from tests.stage import Stage

DAY = datetime(2025, 6, 2)


def order(id_, at, amount=10.0, customer="a", **words):
    return {"order_id": id_, "customer_id": customer, "ordered_at": at, "amount": amount, "status": None, **words}


def twins(orders, lines=()):
    tables = {"orders": orders} | ({"order_lines": list(lines)} if lines else {})
    return {r["row_id"]: r for r in Stage(tables).rows("order_twins")}


def test_a_twin_is_the_same_order_within_a_minute():
    found = twins(
        [
            order("1", DAY + timedelta(hours=9)),
            order("2", DAY + timedelta(hours=9, seconds=60)),
            order("3", DAY + timedelta(hours=9, seconds=121)),
            order("4", DAY + timedelta(hours=9), amount=11.0),
            order("5", DAY + timedelta(hours=9), customer="b"),
            order("6", DAY + timedelta(hours=9), customer=None),
            order("7", DAY + timedelta(hours=9), customer=None),
            order("8", DAY + timedelta(hours=9), status="cancelled"),
        ]
    )
    assert set(found) == {"1", "2", "3", "4", "5"}
    assert [k for k, r in found.items() if r["twin_minute"]] == ["2"]
    assert [k for k, r in found.items() if r["near_hour"]] == ["3"]


def test_other_lines_are_another_order_and_missing_lines_leave_it_to_the_amount():
    at = DAY + timedelta(hours=9)
    rows = [order("1", at), order("2", at), order("3", at, customer="b"), order("4", at, customer="b")]
    lines = [
        {"order_line_id": "1", "order_id": "1", "product_id": "x", "quantity": 1.0},
        {"order_line_id": "2", "order_id": "2", "product_id": "y", "quantity": 1.0},
        {"order_line_id": "3", "order_id": "3", "product_id": "x", "quantity": 1.0},
    ]
    assert [k for k, r in twins(rows, lines).items() if r["twin_minute"]] == ["4"]


def test_orders_without_a_time_of_day_are_compared_by_day():
    found = twins(
        [order("1", DAY), order("2", DAY), order("3", DAY + timedelta(days=2)), order("4", DAY.replace(day=20))]
    )
    assert [k for k, r in found.items() if r["twin_day"]] == ["2"]
    assert [k for k, r in found.items() if r["near_week"]] == ["3"]
    assert not any(r["timed"] for r in found.values())


def test_totals_of_the_whole_record_up_to_the_cut_off():
    rows = [order("1", DAY), order("2", DAY, status="cancelled"), order("3", datetime(2026, 5, 1))]
    found = {
        r["total"]: r["value"] for r in Stage({"orders": rows}, as_of=datetime(2026, 1, 1)).rows("record_totals", "1")
    }
    assert found["orders_count"] == 2
    assert found["orders_amount"] == Decimal(20)
    assert found["orders_amount_settled"] == Decimal(10)
    assert found["tickets_count"] == 0
    assert found["payments_amount"] is None


def test_a_partial_payment_differs_and_a_refund_does_not():
    rows = [order(str(i), DAY) for i in range(4)]
    paid = [
        ("0", 10.0, "succeeded"),
        ("1", 6.0, "succeeded"),
        ("2", 10.0, "succeeded"),
        ("2", 10.0, "refunded"),
        ("3", 10.0, "failed"),
    ]
    payments = [
        {"payment_id": str(i), "customer_id": "a", "order_id": o, "amount": x, "status": s, "paid_at": DAY}
        for i, (o, x, s) in enumerate(paid)
    ]
    found = Stage({"orders": rows, "payments": payments}).rows("order_payments")
    assert {r["row_id"]: r["differs"] for r in found} == {"0": False, "1": True, "2": False}


def test_hours_are_the_companys_own_and_dates_without_time_are_left_out():
    berlin = Declarations(calendar=Calendar(timezone="Europe/Berlin", declared=True))
    rows = [order("1", DAY + timedelta(hours=8)), order("2", DAY), order("3", datetime(2025, 1, 7, 23, 30))]
    found = Stage({"orders": rows}, declared=berlin).rows("hourly_counts", "day")
    assert [(r["h0"], r["h10"]) for r in found] == [(1, 0), (0, 1)]


def test_days_are_counted_by_source_and_channel_up_to_the_cut_off():
    rows = [
        order("1", DAY, channel="web", _source="a.csv"),
        order("2", DAY + timedelta(hours=5), channel="web", _source="a.csv"),
        order("3", datetime(2026, 1, 1), channel="web", _source="a.csv"),
    ]
    found = Stage({"orders": rows}, as_of=datetime(2026, 1, 1)).rows("daily_counts", "day")
    assert [(r["table"], r["source"], r["channel"], r["n"]) for r in found] == [("orders", "a.csv", "web", 2)]


def test_a_score_of_zero_is_not_missing():
    rows = [
        {"feedback_id": str(i), "kind": "nps", "answered_at": DAY, "score": s, "scale_min": None}
        for i, s in enumerate([0.0, None, 9.0])
    ]
    found = Stage({"feedback": rows}).rows("scores_given")
    assert [(r["missing"], r["value"]) for r in found] == [(False, 0), (True, None), (False, 9)]
