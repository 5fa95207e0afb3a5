"""Looks whether those who buy often also spend more on each purchase, which the Gamma–Gamma model takes as not so.

Spend is regressed on the logarithm of the repeats (log link, gamma quasi-likelihood, sandwich errors): its mean given
the repeats is what the model takes as constant. A rank correlation would not do: means of many purchases scatter less
about a skewed average than single ones, so that their ranks rise with the repeats where nothing else does.
Sources: McCullagh & Nelder (1989), Generalized Linear Models, 8 and 9; White (1982), Econometrica 50:1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rapport.core.interval import Interval
from rapport.models.buying.histories import Floats
from rapport.models.buying.newton import climb
from rapport.models.student import two_sided

UNRELATED = 0.1
"""An elasticity whose interval lies within ± this: twice as many purchases change the spend on one by 7 % at most."""
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
    """How spend on a purchase goes with repeats, over customers who came back, and mean spend by band of repeats.

    elasticity : e, where spend goes as repeats^e; 0 if they are independent.
    """

    elasticity: Interval
    bands: Sequence[Band]

    @property
    def independent(self) -> bool | None:
        """True if surely within ±0.1, False if surely beyond, None if the data cannot tell."""
        low, high = self.elasticity.low, self.elasticity.high
        if low is None or high is None:
            return None
        if low >= -UNRELATED and high <= UNRELATED:
            return True
        return False if low > UNRELATED or high < -UNRELATED else None


def spend_and_frequency(x: ArrayLike, mean: ArrayLike, level: float = 0.95) -> SpendCheck:
    """Return the check.

    x : repeats, above 0; mean : mean spend on them, above 0; shape (customers,). Raises ValueError for other columns.
    """
    repeats, money = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    if repeats.shape != money.shape or repeats.ndim != 1 or np.any(repeats < 1) or np.any(money <= 0):
        raise ValueError("repeats and mean spend must be columns of one length, of customers who came back and paid")
    return SpendCheck(_elasticity(repeats, money, level), tuple(_bands(repeats, money, level)))


def _elasticity(x: Floats, money: Floats, level: float) -> Interval:
    n = int(x.size)
    if np.unique(x).size < 2 or n < 5:
        return Interval(math.nan, None, None, n, level)
    sides = np.stack([np.ones(n), np.log(x) - np.log(x).mean()])

    def hill(point: Floats) -> tuple[float, Floats]:
        log_mean = point @ sides
        ratio = money * np.exp(-log_mean)
        return -float(np.sum(log_mean + ratio)), np.asarray(sides @ (ratio - 1))

    top = climb(hill, np.array([math.log(float(money.mean())), 0.0]))
    scores = sides * (money * np.exp(-(top.point @ sides)) - 1)
    bread = np.linalg.inv(-top.hessian)
    se = math.sqrt(float((bread @ (scores @ scores.T) @ bread)[1, 1]) * n / (n - 2))
    value, half = float(top.point[1]), two_sided(level, n - 2) * se
    return Interval(value, value - half, value + half, n, level)


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
