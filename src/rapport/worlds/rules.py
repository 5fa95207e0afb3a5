"""Where and since when something is different from the rest of the company."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.worlds.clock import calendar_month, hour
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

    `ago` turns months before the end into local seconds; `december` is how much more happens then than usual, `alone`
    what remains of an account's use while it has no champion. What acts on causes is a rule; what happens to the record
    only, after everything else, is a spoil: tables and a generator in, tables out. A deed is done likewise, but really
    happened: the totals that the company declares know of it.
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
    loyal: list[Rule] = field(default_factory=list)
    heavy: float = 0.0
    unused: list[Rule] = field(default_factory=list)
    beginning: list[Rule] = field(default_factory=list)
    fading: list[Rule] = field(default_factory=list)
    restless: float = 0.0
    cancelling: list[Rule] = field(default_factory=list)
    repriced: list[Rule] = field(default_factory=list)
    shrinking: list[Rule] = field(default_factory=list)
    unretried: list[Rule] = field(default_factory=list)
    unheard: list[Rule] = field(default_factory=list)
    unsponsored: list[Rule] = field(default_factory=list)
    scores: list[Rule] = field(default_factory=list)
    nps_fallen: list[Rule] = field(default_factory=list)
    unstaffed: dict[int, int] = field(default_factory=dict)
    december: float = 1.0
    alone: float = 0.75
    deeds: list[tuple[str, Callable[[Tables, np.random.Generator], Tables]]] = field(default_factory=list)
    spoils: list[tuple[str, Callable[[Tables, np.random.Generator], Tables]]] = field(default_factory=list)

    def busy(self, at: int) -> float:
        """Return how much more happens in a month than its usual season: in November half of what December has."""
        month = calendar_month(at)
        return self.december if month == 12 else (1 + self.december) / 2 if month == 11 else 1.0


@dataclass(frozen=True, slots=True)
class Plant:
    """A defect that can be planted into one world: the dose, what it counts, what it does in words, where to look.

    `apply` moves the levers by a dose at the plant's scope and returns since when, in local seconds; None: from the
    first day. `measured` tells that its world is where the auditor's power on this defect is measured. `audit` is the
    one that should find it (empty: the one of its own name), `status` how that should end.
    """

    id: str
    world: str
    dose: float
    unit: str
    says: str
    scope: Mapping[str, str]
    apply: Callable[[Levers, Plant, float], int | None] = field(repr=False)
    measured: bool = True
    audit: str = ""
    status: str = "nonconforming"

    @property
    def finder(self) -> str:
        """The audit that should find it."""
        return self.audit or self.id

    @property
    def most(self) -> float:
        """The largest dose that makes sense: a share is at most all."""
        return 1.0 if self.unit.startswith(("share", "more probability")) else math.inf

    def elsewhere(self, world: str, says: str, scope: Mapping[str, str], dose: float | None = None) -> Plant:
        """Return the same defect for another world; its power is measured at home."""
        own = self.dose if dose is None else dose
        return replace(self, world=world, says=says, scope=scope, dose=own, measured=False)
