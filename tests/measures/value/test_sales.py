"""What orders brought, and to whom the revenue belongs, computed by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.stage import Stage


def order(id_, customer, at, amount, **more):
    return {"order_id": id_, "customer_id": customer, "ordered_at": at, "amount": amount, **more}


MAY = datetime(2025, 5, 3)


def test_cancelled_money_never_counted_and_returned_money_is_taken_back():
    orders = [
        order("1", "a", MAY, 100.25, refund_amount=20.0, returned_at=datetime(2025, 5, 9)),
        order("2", "a", MAY, 50.0, refund_amount=50.0, status="returned", returned_at=datetime(2025, 5, 9)),
        order("3", "a", MAY, 70.0, refund_amount=70.0, status="cancelled", returned_at=datetime(2025, 5, 9)),
        order("4", None, MAY, 10.0),
        order("5", "b", MAY, None),
    ]
    rows = {r["row_id"]: r for r in Stage({"orders": orders}).rows("sales")}
    assert {k: r["revenue"] for k, r in rows.items()} == {
        "1": Decimal("80.25"),
        "2": Decimal(0),
        "3": Decimal(0),
        "4": Decimal(10),
        "5": Decimal(0),
    }
    assert [k for k, r in rows.items() if r["counts"]] == ["1", "4", "5"]


def test_a_refund_after_the_cut_off_is_not_known_yet():
    orders = [order("1", "a", MAY, 100.0, refund_amount=20.0, returned_at=datetime(2025, 6, 9))]
    rows = Stage({"orders": orders}, as_of=datetime(2025, 6, 1), present=False).rows("sales")
    assert rows[0]["revenue"] == Decimal(100)


def test_the_top_tenth_is_rounded_up_and_leaves_guests_out():
    orders = [order(f"o{i}", f"c{i:02d}", MAY, float(i + 1)) for i in range(11)]
    orders.append(order("g", None, MAY, 1000.0))
    rows = Stage({"orders": orders}).rows("spenders")
    assert sorted(r["customer_id"] for r in rows if r["in_top_decile"]) == ["c09", "c10"]
    assert {r["threshold"] for r in rows} == {Decimal(10)}
    assert next(r for r in rows if r["customer_id"] is None)["in_top_decile"] is None


def test_a_customer_with_returns_only_is_no_buyer():
    orders = [order("r", "a", MAY, 0.0, refund_amount=5.0, status="returned", returned_at=MAY)]
    row = Stage({"orders": orders}).rows("spenders")[0]
    assert row["orders"] == 0
    assert row["revenue"] == Decimal(-5)
    assert row["in_top_decile"] is None


def test_shares_of_a_quarter():
    orders = [order("1", "a", MAY, 60.0), order("2", "b", MAY, 30.0), order("3", None, MAY, 10.0)]
    row = Stage({"orders": orders}, as_of=datetime(2025, 6, 1)).rows("revenue_spread")[0]
    assert row["top_share"] == pytest.approx(0.6)
    assert row["herfindahl"] == pytest.approx(0.36 + 0.09 + 0.01)
    assert row["customers"] == 3
    assert row["top_decile_share"] == pytest.approx(0.6)


def test_the_largest_customers_month_by_month_beside_everybody():
    orders = [
        order("1", "a", datetime(2025, 1, 3), 10.0),
        order("2", "b", datetime(2025, 1, 3), 50.0),
        order("3", "a", datetime(2025, 4, 3), 90.0),
        order("4", "b", datetime(2025, 4, 3), 10.0),
    ]
    rows = Stage({"orders": orders}, as_of=datetime(2025, 5, 1)).rows("top_customers", "place, month")
    found = [(r["place"], r["customer_id"], r["month"], float(r["revenue"]), r["newest"]) for r in rows]
    january, april = date(2025, 1, 1), date(2025, 4, 1)
    assert found == [
        (0, None, january, 60.0, False),
        (0, None, april, 100.0, True),
        (1, "a", january, 10.0, False),
        (1, "a", april, 90.0, True),
        (2, "b", january, 50.0, False),
        (2, "b", april, 10.0, True),
    ]


def test_deliveries_that_never_came_are_late_once_the_date_has_passed():
    orders = [
        order("1", "a", MAY, 1.0, promised_at=datetime(2025, 5, 5), delivered_at=datetime(2025, 5, 5)),
        order("2", "a", MAY, 1.0, promised_at=datetime(2025, 5, 5), delivered_at=datetime(2025, 5, 6)),
        order("3", "a", MAY, 1.0, promised_at=datetime(2025, 5, 5)),
        order("4", "a", MAY, 1.0, promised_at=datetime(2025, 7, 5)),
        order("5", "a", MAY, 1.0, promised_at=datetime(2025, 5, 5), status="cancelled"),
        order("6", "a", MAY, 1.0),
    ]
    rows = Stage({"orders": orders}, as_of=datetime(2025, 6, 1)).rows("promised_deliveries")
    assert [(r["row_id"], r["on_time"]) for r in rows] == [("1", True), ("2", False), ("3", False), ("4", None)]
