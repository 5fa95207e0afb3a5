"""Where and since when something is different from the rest of the company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.worlds.clock import hour
from rapport.worlds.streams import Bools, Floats, Ints

Columns = Mapping[str, NDArray[Any]]
Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Rule:
    """A difference of size `by`: where columns have these values, from `since` (local seconds) and `from_hour` on."""

    by: float
    where: Mapping[str, str] = field(default_factory=dict)
    since: int | None = None
    from_hour: int = 0

    def holds(self, columns: Columns, at: Ints) -> Bools:
        """Return for each row whether the rule applies to it."""
        yes = np.ones(at.shape, dtype=np.bool_)
        for name, value in self.where.items():
            yes &= columns[name] == value
        if self.since is not None:
            yes &= at >= self.since
        if self.from_hour:
            yes &= hour(at) >= self.from_hour
        return yes


def times(rules: Sequence[Rule], columns: Columns, at: Ints) -> Floats:
    """Return the product of the rules that hold, 1 where none does."""
    total = np.ones(at.shape)
    for rule in rules:
        total = np.where(rule.holds(columns, at), total * rule.by, total)
    return total


def plus(rules: Sequence[Rule], columns: Columns, at: Ints) -> Floats:
    """Return the sum of the rules that hold, 0 where none does."""
    total = np.zeros(at.shape)
    for rule in rules:
        total = total + np.where(rule.holds(columns, at), rule.by, 0.0)
    return total


@dataclass(slots=True)
class Levers:
    """Everything about the company that a plant can move; empty lists are the healthy company.

    `ago` turns months before the end into local seconds. What acts on causes is a rule; what happens to the record
    only, after everything else, is a spoil: tables and a generator in, tables out. A deed is done likewise, but really
    happened: the totals that the shop declares know of it.
    """

    ago: Callable[[float], int]
    reply: list[Rule] = field(default_factory=list)
    resolve: list[Rule] = field(default_factory=list)
    dropped: list[Rule] = field(default_factory=list)
    reopened: list[Rule] = field(default_factory=list)
    handed_on: list[Rule] = field(default_factory=list)
    again: list[Rule] = field(default_factory=list)
    full_price: list[Rule] = field(default_factory=list)
    leaving: list[Rule] = field(default_factory=list)
    cancelling: list[Rule] = field(default_factory=list)
    scores: list[Rule] = field(default_factory=list)
    nps_fallen: list[Rule] = field(default_factory=list)
    unstaffed: dict[int, int] = field(default_factory=dict)
    deeds: list[tuple[str, Callable[[Tables, np.random.Generator], Tables]]] = field(default_factory=list)
    spoils: list[tuple[str, Callable[[Tables, np.random.Generator], Tables]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plant:
    """A defect that can be planted: its dose, what the dose counts, what it does in words, and where to look for it."""

    id: str
    dose: float
    unit: str
    says: str
    scope: Mapping[str, str]
    apply: Callable[[Levers, float], None] = field(repr=False)
