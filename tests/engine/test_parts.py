"""Of many customers models learn from a part: what is known of that part before is what is known of it among all."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import md5

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rapport.measures.estimate import Whole
from rapport.worlds import build
from tests.stage import Stage

START, END = datetime(2024, 11, 1), datetime(2026, 5, 1)
BACK = timedelta(days=120)


def mine(customers: pa.ChunkedArray, below: str) -> pa.Array:
    return pa.array([md5(c.encode(), usedforsecurity=False).hexdigest() < below for c in customers.to_pylist()])


@pytest.mark.parametrize("world", ["shop", "subscription"])
@pytest.mark.parametrize("measure", ["leaving_signs", "rhythms"])
@pytest.mark.parametrize("below", ["4", "08"])
def test_a_part_of_the_customers_is_seen_as_among_all(world: str, measure: str, below: str) -> None:
    one = Stage(build(world, 600, 18, 5).tables, as_of=END, start=START)
    asked = Whole(measure, ("*",), order="customer_id")
    everybody, part = one.asker.at(END - BACK).columns(asked), one.asker.at(END - BACK, below).columns(asked)
    assert everybody is not None
    assert part is not None
    there = mine(everybody["customer_id"], below)
    assert 0 < pc.sum(there).as_py() < everybody.num_rows
    assert part.equals(everybody.filter(there))
    assert pc.all(part["learned_from"]).as_py()


SIZES = ((50_000, None), (50_001, "4"), (200_001, "1"))


@pytest.mark.parametrize(
    ("measure", "customers", "below"),
    [
        *(("leaving_signs", *size) for size in SIZES),
        *(("rhythms", *size) for size in SIZES),
        ("leaving_signs", 800_001, "08"),
    ],
)
def test_of_many_customers_a_part_is_learned_from(measure: str, customers: int, below: str | None) -> None:
    ids = pa.array([f"C{i}" for i in range(customers)])
    orders = {
        "order_id": ids,
        "customer_id": ids,
        "ordered_at": pa.array([END - BACK - timedelta(1)] * customers, pa.timestamp("us")),
        "amount": pa.array([Decimal(1)] * customers, pa.decimal128(18, 4)),
    }
    one = Stage({"orders": pa.table(orders)}, as_of=END, start=START)
    asked = Whole(measure, ("customer_id", "part", "learned_from"), order="customer_id")
    now = one.asker.columns(asked)
    assert now is not None
    assert set(now["part"].to_pylist()) == {below}
    learned = now.filter(now["learned_from"])["customer_id"]
    assert learned.equals(
        now["customer_id"] if below is None else now.filter(mine(now["customer_id"], below))["customer_id"]
    )
    before = one.asker.at(END - BACK, below).columns(asked)
    assert before is not None
    assert before["customer_id"].equals(learned)
    assert pc.all(before["learned_from"]).as_py()
