"""Compares those who did something with those who did not among customers alike, strata being many and small.

Sources: Mantel & Haenszel (1959), J. National Cancer Institute 22:719 (the weights); Greenland & Robins (1985),
Biometrics 41:55 (the common risk difference); Sato (1989), Biometrics 45:1323 (a variance that holds for few large
strata and for many small ones).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Common:
    """A difference of shares among equals: both shares weighted alike, effect, its standard error, who carries it.

    n, n_rest : customers with and without in strata that hold both; all others say nothing.
    """

    value: float
    rest: float
    effect: float
    se: float
    n: int
    n_rest: int


def risk_difference(events: ArrayLike, n: ArrayLike, events_rest: ArrayLike, n_rest: ArrayLike) -> Common | None:
    """Return the Mantel–Haenszel difference of two shares over strata; None where no stratum holds both groups.

    events, n : events and customers with the trait in each stratum, shape (strata,); events_rest, n_rest : without it.
    The effect is Σ w·(p1 − p0)/Σ w with w = n1·n0/(n1 + n0): the same number as least squares with a dummy for every
    stratum. Sato's variance; where a weighted share is 0 or 1, which has no error of its own, at least that of one
    event and one non-event more. Raises ValueError where counts do not fit.
    """
    a, n1, b, n0 = (np.asarray(x, dtype=np.float64) for x in (events, n, events_rest, n_rest))
    if (a < 0).any() or (b < 0).any() or (a > n1).any() or (b > n0).any():
        raise ValueError("events must lie between 0 and the customers of their stratum")
    both = (n1 > 0) & (n0 > 0)
    if not both.any():
        return None
    a, n1, b, n0 = a[both], n1[both], b[both], n0[both]
    total = n1 + n0
    weight = n1 * n0 / total
    whole = float(weight.sum())
    value, rest = float(weight @ (a / n1)) / whole, float(weight @ (b / n0)) / whole
    effect = value - rest
    p = (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / total**2
    q = (a * (n0 - b) + b * (n1 - a)) / (2 * total)
    variance = (effect * float(p.sum()) + float(q.sum())) / whole**2
    least = sum(_floor(share, float(size.sum())) for share, size in ((value, n1), (rest, n0)))
    return Common(value, rest, effect, math.sqrt(max(variance, least)), round(float(n1.sum())), round(float(n0.sum())))


def _floor(share: float, n: float) -> float:
    own = (share * n + 1) / (n + 2)
    return own * (1 - own) / (n + 2) if share in (0.0, 1.0) else 0.0
