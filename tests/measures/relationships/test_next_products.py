"""What customers may want next, told on a shop in which beds go with sheets and desks with lamps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rapport.core.inputs import Rows
from rapport.core.outcome import NotAssessable
from tests.stage import Stage

NOW = datetime(2026, 1, 1)
GOES_WITH = {"bed": "sheet", "desk": "lamp"}


def shop(customers: int) -> Stage:
    """Everybody buys a bed or a desk twice and then what goes with it; the last of each kind has not done so yet."""
    orders: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for i in range(customers):
        first = "bed" if i % 2 else "desk"
        bought = [first, first] if i >= customers - 2 else [first, first, GOES_WITH[first]]
        for n, product in enumerate(bought):
            order = f"{i}-{n}"
            at = NOW - timedelta(200 - 50 * n)
            orders.append({"order_id": order, "customer_id": f"c{i:03d}", "ordered_at": at, "status": "completed"})
            lines.append({"order_line_id": order, "order_id": order, "product_id": product, "product": product.title()})
            lines[-1] |= {"quantity": 1.0, "unit_price": 5.0}
    return Stage({"orders": orders, "order_lines": lines}, as_of=NOW, start=NOW - timedelta(900))


def test_what_goes_together_is_offered_to_who_lacks_it_and_habits_are_kept() -> None:
    one = shop(202)
    rows = {(r["customer_id"], r["list"], r["place"]): r["product"] for r in one.rows("next_products")}
    assert rows["c200", "new", 1] == "Lamp"
    assert rows["c201", "new", 1] == "Sheet"
    assert rows["c200", "again", 1] == "Desk"
    # what a customer has is never new to them, and what they never had is no habit
    assert {p for (c, kind, _), p in rows.items() if c == "c200" and kind == "again"} == {"Desk"}
    said = one.asker.said["next_products"]
    # on the last day two hundred customers bought something new: with four products the first ten hold everything
    assert said["new"]["n"] == 200
    assert said["new"]["hit_rate"] == 1.0
    # the two others bought the same again
    assert said["again"]["n"] == 2


def test_returned_lines_were_not_bought() -> None:
    one = shop(202)
    bought = {r["row_id"]: r for r in one.rows("bought_products")}
    assert bought["c001/bed"]["orders"] == 2
    assert bought["c001/bed"]["orders_before"] == 2
    assert bought["c001/sheet"] == {
        "row_id": "c001/sheet",
        "customer_id": "c001",
        "product_id": "sheet",
        "product": "Sheet",
        "orders": 1,
        "orders_before": 0,
        "in_last": True,
        "money": pytest.approx(15.0),
    }


def test_from_few_customers_nothing_is_learned_and_it_says_how_many_would_do() -> None:
    one = shop(30)
    found = one.asker.gather({"next": Rows("next_products", "row_id")}, ())
    assert isinstance(found, NotAssessable)
    assert "Only 30 customers bought on two days; 100 would do" in found.reason
