"""A change is told of a place, not of one customer who comes there every month."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from rapport.core.outcome import Status
from rapport.measures.cells import Cells, key_of
from rapport.measures.onset import changes
from rapport.measures.yardstick import Yardstick
from rapport.models.before_after import Sides, sides_of
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


def renewed(r: np.random.Generator, customers: int, fall: float) -> Cells:
    """Return a year in which others, as like as before, take the place of the customers of plan P in July."""
    level = np.clip(r.beta(2, 2, 2 * customers) - fall * (np.arange(2 * customers) >= customers), 0, 1)
    rest = r.beta(2, 2, 400)
    cells, values, whose, when = {}, [], [], []
    for place, month in enumerate(MONTHS):
        here = np.arange(customers) + customers * (place >= 6)
        who = np.concatenate([here, 2 * customers + np.arange(400)])
        value = np.clip(np.concatenate([level[here], rest]) + r.normal(0, 0.03, who.size), 0, 1)
        inside = who < 2 * customers
        for scope, rows in (({}, None), ({"plan": "P"}, inside), ({"plan": "Q"}, ~inside)):
            cells[key_of({"month": month, **scope})] = of_rows(value, who, rows)
        values.append(value)
        whose.append(who)
        when += [month] * who.size
    value, who, at = np.concatenate(values), np.concatenate(whose), np.array(when)

    def sides(scope: Mapping[str, str], since: str) -> Sides:
        inside = who < 2 * customers
        return sides_of(value, who.astype(np.int32), inside if scope["plan"] == "P" else ~inside, at >= since)

    return Cells(of_rows(value, who), cells, (("month",), ("month", "plan")), sides)


def test_others_who_came_are_no_change_although_each_comes_every_month() -> None:
    r = np.random.default_rng(3)
    surest = min(told(renewed(r, 12, 0.0))[0][1] for _ in range(60))
    assert surest > 0.01  # by months alone 4 in 100 such years are below 0.001


def test_a_fall_beyond_what_customers_differ_by_is_still_found() -> None:
    r = np.random.default_rng(3)
    assert np.median([told(renewed(r, 30, 0.45))[0][1] for _ in range(20)]) < 0.001
