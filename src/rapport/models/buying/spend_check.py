"""Looks whether those who buy often also spend more on each purchase, which the Gamma–Gamma model takes as not so.

Sources: Spearman's rank correlation with the interval of Bonett & Wright (2000), Psychometrika 65:23.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rapport.core.interval import Interval
from rapport.models.buying.histories import Floats
from rapport.models.student import two_sided

UNRELATED = 0.1
"""A rank correlation whose interval lies within ± this leaves 99 % of the variance of the ranks unexplained."""
BANDS = (1, 2, 4, 8)
"""Repeats at which the bands begin by which spend is told."""


@dataclass(frozen=True, slots=True)
class Band:
    """Customers with `least` to `most` repeats (None: any more): how many, and their mean spend on a purchase."""

    least: int
    most: int | None
    spend: Interval


@dataclass(frozen=True, slots=True)
class SpendCheck:
    """Rank correlation of repeats and mean spend over customers who came back, and mean spend by band of repeats."""

    correlation: Interval
    bands: Sequence[Band]

    @property
    def independent(self) -> bool | None:
        """True if surely within ±0.1, False if surely beyond, None if the data cannot tell."""
        if self.correlation.within(-UNRELATED, UNRELATED):
            return True
        low, high = self.correlation.low, self.correlation.high
        if low is None or high is None:
            return None
        return False if low > UNRELATED or high < -UNRELATED else None


def spend_and_frequency(x: ArrayLike, mean: ArrayLike, level: float = 0.95) -> SpendCheck:
    """Return the check.

    x : repeats, above 0; mean : mean spend on them; shape (customers,). Raises ValueError for other shapes.
    """
    repeats, money = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    if repeats.shape != money.shape or repeats.ndim != 1 or np.any(repeats < 1):
        raise ValueError("repeats and mean spend must be columns of one length, of customers who came back")
    return SpendCheck(_correlation(repeats, money, level), tuple(_bands(repeats, money, level)))


def _correlation(x: Floats, y: Floats, level: float) -> Interval:
    n = int(x.size)
    rank_x, rank_y = _ranks(x), _ranks(y)
    if n < 5 or not rank_x.std() or not rank_y.std():
        return Interval(math.nan, None, None, n, level)
    rho = float(np.corrcoef(rank_x, rank_y)[0, 1])
    inside = max(-1 + 1e-12, min(1 - 1e-12, rho))
    half = two_sided(level) * math.sqrt((1 + rho * rho / 2) / (n - 3))
    return Interval(rho, math.tanh(math.atanh(inside) - half), math.tanh(math.atanh(inside) + half), n, level)


def _ranks(values: Floats) -> Floats:
    """Ranks, equal values sharing the middle of theirs."""
    _, index, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[index], dtype=np.float64)


def _bands(x: Floats, money: Floats, level: float) -> list[Band]:
    found = []
    for least, after in zip(BANDS, (*BANDS[1:], math.inf), strict=True):
        spent = money[(x >= least) & (x < after)]
        if spent.size < 2:
            continue
        mean, half = float(spent.mean()), two_sided(level, spent.size - 1) * float(spent.std(ddof=1)) / spent.size**0.5
        most = None if math.isinf(after) else int(after) - 1
        found.append(Band(least, most, Interval(mean, mean - half, mean + half, int(spent.size), level)))
    return found
