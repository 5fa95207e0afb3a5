"""An oracle that knows where a defect was planted: is there enough of it, in so many rows, for anyone to be sure?

The power of the oracle is the yardstick of a dose. It looks at the planted place since the planted time and nowhere
else, on the tables as they were exported, with one simple test of the criterion that the audit states: is the effect
beyond the least one worth acting on? It is as cautious as an auditor who asks twenty questions (one-sided at 0.05/20),
and need not search. With the effect, its standard error (rows of one customer kept together) and the least effect,

    power = Phi((effect - least) / standard error - z),    z = 2.81 for 0.05/20, the worse counted upwards.

A default dose has power 0.99 or more at 5,000 customers and 24 months. What an oracle cannot see, nobody can be
blamed for missing; what it can see, an auditor who must search should find nearly always.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.worlds.clock import NEVER
from rapport.worlds.rules import Tables
from rapport.worlds.streams import Bools, Floats, Ints

QUESTIONS = 20
LEVEL = 0.05
SURE = 0.99
FEWEST = 30
"""Rows on either side of a comparison, below which nobody would make it."""
Z = NormalDist().inv_cdf(1 - LEVEL / QUESTIONS)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the oracle sees: effect and least effect in the audit's unit, the standard error, the rows behind it.

    `least` has the sign of what is worse: −5 points of the NPS, +0.01 of tickets never answered.
    """

    effect: float
    least: float
    standard_error: float
    n: int

    @property
    def power(self) -> float:
        """The chance that so large an effect is certain beyond the least one, among twenty questions."""
        beyond = math.copysign(1.0, self.least) * self.effect - abs(self.least)
        if not self.standard_error > 0:
            return 1.0 if beyond > 0 else 0.0
        return NormalDist().cdf(beyond / self.standard_error - Z)

    def said(self) -> dict[str, float | int | None]:
        """Return the numbers for `truth.json`; without rows there is no standard error."""
        return {
            "effect": round(self.effect, 6),
            "least": self.least,
            "standard_error": round(self.standard_error, 6) if math.isfinite(self.standard_error) else None,
            "n": self.n,
            "power": round(self.power, 4),
        }


def unseen(least: float) -> Sight:
    """Return what is seen where there are no rows to look at."""
    return Sight(0.0, least, math.inf, 0)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the oracle looks: the exported tables, the planted place, the beginning and the end in UTC seconds."""

    tables: Tables
    scope: Mapping[str, str]
    since: int
    end: int

    def seconds(self, table: str, column: str) -> Ints:
        """Return a column of times as UTC seconds, `NEVER` where it is empty."""
        values = self.tables[table][column].cast(pa.timestamp("s", "UTC")).cast(pa.int64())
        return np.asarray(values.fill_null(int(NEVER)), dtype=np.int64)

    def text(self, table: str, column: str) -> NDArray[Any]:
        """Return a column of text, empty text where it is empty."""
        return np.asarray(self.tables[table][column].fill_null(""), dtype=object)

    def numbers(self, table: str, column: str) -> Floats:
        """Return a column of numbers, NaN where it is empty."""
        return np.asarray(self.tables[table][column].cast(pa.float64()), dtype=np.float64)

    def customers(self, table: str) -> Ints:
        """Return for each row the place of its customer, the same for all tables."""
        ids = self.tables["customers"]["customer_id"].combine_chunks()
        return np.asarray(pc.index_in(self.tables[table]["customer_id"], value_set=ids).fill_null(-1), dtype=np.int64)

    def there(self, table: str, *names: str) -> Bools:
        """Return which rows lie in the planted place, by the columns named (all of the scope's where none is)."""
        found = np.ones(self.tables[table].num_rows, dtype=np.bool_)
        for name in names or tuple(self.scope):
            found &= self.text(table, name) == self.scope[name]
        return found


Oracle = Callable[[Scene], Sight]


def contrast(y: Floats, who: Ints, parts: Sequence[tuple[float, Bools]], least: float) -> Sight:
    """Return a weighted sum of means of parts of the rows, with its standard error, customers being the sample.

    The standard error is the root of the summed squares of what each customer moves the sum by; a share that is 0 or
    1 has at least the error of one success and one failure more (Agresti & Coull).
    """
    moved, effect, floor, n = np.zeros(y.shape), 0.0, 0.0, 0
    for weight, part in parts:
        size = int(part.sum())
        if size < FEWEST:
            return unseen(least)
        mean = float(y[part].mean())
        effect += weight * mean
        moved[part] += weight * (y[part] - mean) / size
        n += size
        if y[part].min() >= 0 and y[part].max() <= 1:
            share = (float(y[part].sum()) + 1) / (size + 2)
            floor += weight**2 * share * (1 - share) / (size + 2)
    _, place = np.unique(who, return_inverse=True)
    own = np.bincount(place, weights=moved)
    se = math.sqrt(max(float((own**2).sum()), floor if floor < 1 else 0.0))
    return Sight(effect, least, se, n)


def apart(y: Floats, who: Ints, there: Bools, usable: Bools, least: float) -> Sight:
    """Return how a place differs from all the other rows."""
    return contrast(y, who, ((1.0, usable & there), (-1.0, usable & ~there)), least)


def changed(y: Floats, who: Ints, there: Bools, late: Bools, usable: Bools, least: float) -> Sight:
    """Return how a place changed, net of how all the other rows did; where there are none, how it changed."""
    here, rest = usable & there, usable & ~there
    parts = [(1.0, here & late), (-1.0, here & ~late)]
    if rest.any():
        parts += [(-1.0, rest & late), (1.0, rest & ~late)]
    return contrast(y, who, parts, least)
