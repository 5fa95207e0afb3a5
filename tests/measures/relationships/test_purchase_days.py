"""Days of purchase: what they brought, net of what was paid back in whatever way a source writes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.stage import Stage


def _order(number: int, day: int, amount: float, **more: Any) -> dict[str, Any]:
    return {
        "order_id": f"O{number}",
        "customer_id": "a",
        "ordered_at": datetime(2025, 3, day, 12, number),
        "amount": amount,
        "status": "completed",
        **more,
    }


def _back(number: int, day: int, amount: float, customer: str = "a") -> dict[str, Any]:
    at = datetime(2025, 3, day, 13, number)
    return _order(number, day, 0, customer_id=customer, status="returned", refund_amount=amount, returned_at=at)


def _days(*orders: dict[str, Any]) -> dict[date, float]:
    rows = Stage({"orders": list(orders)}).rows("purchase_days")
    return {row["day"]: row["amount"] for row in rows if row["customer_id"] == "a"}


FIRST, SECOND = _order(1, 2, 100.0), _order(2, 9, 30.0)


def test_a_day_brings_what_was_charged_less_what_was_refunded() -> None:
    refunded = _order(3, 9, 20.0, refund_amount=5.0, returned_at=datetime(2025, 3, 12))
    assert _days(FIRST, SECOND, refunded) == {date(2025, 3, 2): 100.0, date(2025, 3, 9): 45.0}


def test_a_return_that_is_an_order_of_its_own_is_taken_off_the_purchase_before_it() -> None:
    assert _days(FIRST, SECOND, _back(3, 5, 40.0)) == {date(2025, 3, 2): 60.0, date(2025, 3, 9): 30.0}
    assert _days(FIRST, SECOND, _back(3, 9, 10.0), _back(4, 20, 5.0)) == {
        date(2025, 3, 2): 100.0,
        date(2025, 3, 9): 15.0,
    }


def test_a_day_never_brings_less_than_nothing_and_stays_a_purchase() -> None:
    assert _days(FIRST, SECOND, _back(3, 9, 500.0)) == {date(2025, 3, 2): 100.0, date(2025, 3, 9): 0.0}


def test_returns_of_others_or_of_what_lies_before_the_record_change_nothing() -> None:
    assert _days(FIRST, SECOND, _back(3, 9, 10.0, "b"), _back(4, 1, 50.0)) == {
        date(2025, 3, 2): 100.0,
        date(2025, 3, 9): 30.0,
    }


def test_an_order_that_was_returned_is_no_purchase_and_takes_nothing_off_another() -> None:
    gone = _order(3, 9, 80.0, status="returned", refund_amount=80.0, returned_at=datetime(2025, 3, 20))
    assert _days(FIRST, gone) == {date(2025, 3, 2): 100.0}
