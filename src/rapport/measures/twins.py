"""How many orders repeat an earlier one of the same customer at once, beyond what chance and habit bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rapport.measures.cells import Cells
from rapport.models.clustered import mean
from rapport.models.moments import Moments, subtract


@dataclass(frozen=True, slots=True)
class Repeats:
    """Orders that repeat another one within a minute (a day), and those that do in the 59 minutes (seven days) after.

    `daily` says that orders carry no time of day.
    """

    near: Cells
    control: Cells
    daily: bool

    @property
    def ratio(self) -> float:
        """What part of the repeats around would fall into the window by chance: 1/59, or half of 1/7.

        Half, because the second order of a day follows the first within it, while any order of the next day follows.
        """
        return 1 / 14 if self.daily else 1 / 59


@dataclass(frozen=True, slots=True)
class Estimate:
    """Share of doubled orders with its standard error; rows, customers touched at most, repeats seen and by chance."""

    share: float
    se: float
    n: float
    customers: int
    seen: float
    chance: float


def repeats(found: Repeats, scope: Mapping[str, str], *, without: bool = False) -> Estimate:
    """Return the estimate for a cell, or for all but that cell."""
    near, control = found.near.get(scope) or found.near.total, found.control.get(scope) or found.control.total
    if without:
        near, control = subtract(found.near.total, near), subtract(found.control.total, control)
    if near.n <= 0:
        return Estimate(math.nan, math.inf, 0.0, 0, 0.0, 0.0)
    chance = found.ratio * control.mean
    se = math.hypot(_se(near), found.ratio * _se(control))
    return Estimate(near.mean - chance, se, near.n, min(near.g, round(near.s)), near.s, chance * near.n)


def _se(m: Moments) -> float:
    """Return the clustered standard error of a share, never smaller than with one success and one failure more."""
    i = mean(m, binary=False)
    p = (m.s + 1) / (m.n + 2)
    least = math.sqrt(p * (1 - p) / (m.n + 2))
    own = math.inf if i.low is None or i.high is None else (i.high - i.low) / 3.92
    return max(least, own)
