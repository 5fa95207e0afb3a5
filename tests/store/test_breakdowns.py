"""Breakdowns are added up on arrays; the query that is printed for them gives the same, by the engine alone."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from rapport.core.canonical import rounded
from rapport.core.inputs import Breakdown
from rapport.engine.registry import registry
from rapport.measures.ask import dimensions
from rapport.measures.cells import Cells
from rapport.models.before_after import sides_of
from rapport.models.moments import Moments
from rapport.store.cuts import SUMS
from rapport.worlds.building import build
from tests.stage import Stage


def by_the_engine(stage: Stage, asked: Breakdown) -> dict[tuple[tuple[str, str], ...], Moments]:
    """Return the cells that the printed query gives, the total under no columns."""
    rows, _ = stage.database.run(stage.database.query(asked))
    found = {}
    for row in rows:
        own = sorted(d for d in dimensions(asked) if row.get(f"g_{d}", 1) == 0)
        if row["n"] and all(row[d] is not None for d in own):
            sums = {name: rounded(float(row[name])) for name in SUMS}
            found[tuple((d, row[d]) for d in own)] = Moments(n=float(row["n"]), g=int(row["g"]), **sums)
    return found


def same(cells: Cells, expected: dict[tuple[tuple[str, str], ...], Moments]) -> None:
    expected = dict(expected)
    total = expected.pop((), None)
    assert total is None or cells.total == total
    assert dict(cells.cells) == expected
    assert list(cells.cells) == sorted(cells.cells)


@pytest.fixture(scope="module")
def shop() -> Stage:
    return Stage(build("shop", customers=250, seed=4).tables, as_of=datetime(2026, 5, 1))


ASKED = {
    repr(asked): asked
    for one in (*registry().audits.values(), *registry().metrics.values())
    for asked in one.inputs.values()
    if isinstance(asked, Breakdown)
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=[f"{a.measure}-{i}" for i, a in enumerate(ASKED.values())])
def test_every_breakdown_is_what_its_query_says(shop, asked):
    same(shop.answer(asked), by_the_engine(shop, asked))


def test_rows_are_added_up_block_by_block(shop, monkeypatch):
    monkeypatch.setattr("rapport.store.cuts.BLOCK", 7)
    monkeypatch.setattr("rapport.store.breakdowns.MANY", 10)  # and the oldest cuts are not kept
    tables = build("shop", customers=250, seed=4).tables
    again = Stage(tables, as_of=datetime(2026, 5, 1))
    for asked in ASKED.values():
        assert again.answer(asked) == shop.answer(asked)


def test_unknown_values_count_in_the_total_only():
    orders = [
        {"order_id": f"o{i}", "customer_id": f"c{i % 3}" if i % 4 else None, "amount": 10.0 + i, "channel": channel}
        for i, channel in enumerate(["web", None, "shop", "web", "", "shop", None, "web", "web"])
    ]
    stage = Stage({"orders": [{**o, "ordered_at": datetime(2025, 5, 1 + i)} for i, o in enumerate(orders)]})
    asked = Breakdown("sales", "revenue", by=(("channel",), ("month", "channel"), ("month",)), where="revenue > 11")
    cells = stage.answer(asked)
    same(cells, by_the_engine(stage, asked))
    assert (cells.total.n, cells.total.g) == (7, 5)
    assert [scope["channel"] for scope, _ in cells.along("channel")] == ["", "shop", "web"]


def test_no_row_counts():
    stage = Stage(
        {"orders": [{"order_id": "a", "customer_id": "c", "amount": 1.0, "ordered_at": datetime(2025, 1, 1)}]}
    )
    cells = stage.answer(Breakdown("sales", "revenue", by=(("month",),), where="revenue > 5"))
    assert (cells.total.n, cells.total.g, dict(cells.cells)) == (0, 0, {})


def test_the_rows_behind_a_change_are_those_of_the_cell_and_of_all_others() -> None:
    r = np.random.default_rng(2)
    orders = [
        {
            "order_id": f"o{i}",
            "customer_id": f"c{r.integers(12)}" if i % 9 else None,
            "amount": float(r.integers(5, 50)),
            "channel": [None, "web", "shop"][r.integers(3)],
            "ordered_at": datetime(2025, int(r.integers(1, 13)), 3),
        }
        for i in range(200)
    ]
    stage = Stage({"orders": orders})
    cells = stage.answer(Breakdown("sales", "revenue", by=(("month",), ("month", "channel")), where="revenue > 11"))
    assert cells.sides is not None
    counted = [o for o in orders if o["amount"] > 11]
    names = sorted({o["customer_id"] or o["order_id"] for o in counted})
    expected = sides_of(
        np.array([o["amount"] for o in counted]),
        np.array([names.index(o["customer_id"] or o["order_id"]) for o in counted], dtype=np.int32),
        np.array([o["channel"] == "web" for o in counted]),
        np.array([o["ordered_at"] >= datetime(2025, 6, 1) for o in counted]),
    )
    found = cells.sides({"channel": "web"}, "2025-06-01")
    assert found.customers == expected.customers
    assert np.allclose(found.sums, expected.sums)
    assert np.allclose(found.cross, expected.cross)
