"""A change is told of a place, not of one customer who comes there every month."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.core.outcome import Status
from rapport.measures.cells import Cells, key_of
from rapport.measures.onset import changes
from rapport.measures.yardstick import Yardstick
from rapport.models.moments import of_rows

YARDSTICK = Yardstick("x", 0.05, "higher", "share", lambda d: ("", ""), binary=False)
MONTHS = [f"2025-{m:02d}-01" for m in range(1, 13)]


def fallen(customers: int, others: int = 500) -> Cells:
    """Return a year in which the same customers of plan P, each with eight rows a month, fall in August."""
    r = np.random.default_rng(customers)
    who = np.concatenate([np.repeat(np.arange(customers), 8), customers + np.arange(others)])
    inside = who < customers
    cells, values = {}, []
    for place, month in enumerate(MONTHS):
        level = np.where(inside & (place >= 7), 0.3, 0.7)
        value = np.clip(level + r.normal(0, 0.1, who.size), 0, 1)
        values.append(value)
        for scope, rows in (({}, None), ({"plan": "P"}, inside), ({"plan": "Q"}, ~inside)):
            cells[key_of({"month": month, **scope})] = of_rows(value, who, rows)
    everything, everybody = np.concatenate(values), np.tile(who, len(MONTHS))
    for plan, rows in (("P", everybody < customers), ("Q", everybody >= customers)):
        cells[key_of({"plan": plan})] = of_rows(everything, everybody, rows)
    return Cells(of_rows(everything, everybody), cells, (("plan",), ("month",), ("month", "plan")))


def told(cells: Cells) -> list[tuple[str | None, float, int]]:
    found = changes(cells, ("plan",), YARDSTICK, lambda c: ("", ""))
    return [
        (t.onset, t.p_value, t.customers)
        for t in found
        if t.scope == {"plan": "P"} and t.status is Status.NONCONFORMING
    ]


@pytest.mark.parametrize("customers", [1, 9])
def test_a_place_of_a_few_customers_is_not_followed(customers: int) -> None:
    assert told(fallen(customers)) == []


def test_customers_are_counted_once_however_many_months_they_come() -> None:
    (found,) = told(fallen(30))
    onset, p, customers = found
    assert onset == "2025-08-01"
    assert p < 1e-6
    assert customers == 30
