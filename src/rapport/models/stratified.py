"""Compares a group with others who are like it: only within strata of the same kind, then over all of them.

The Mantel–Haenszel risk difference: within each stratum the share in the group less the share of the others, weighted
by n1·n0/N, so that thin strata may be many. It is the coefficient of the group in a linear model with one intercept for
each stratum. The standard error holds both for few large and for many small strata (Sato 1989).

Sources: Mantel & Haenszel (1959), JNCI 22:719; Greenland & Robins (1985), Biometrics 41:55; Sato (1989), Biometrics
45:1323.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Stratified:
    """A group against others like it.

    value, others : both shares, averaged over the strata with the same weights; effect : value − others, with its
    standard error (infinite where no stratum has both); n, n_others : rows in strata that have both; strata : how many.
    """

    value: float
    others: float
    effect: float
    se: float
    n: int
    n_others: int
    strata: int


def stratified(yes: ArrayLike, rows: ArrayLike, yes_others: ArrayLike, rows_others: ArrayLike) -> Stratified:
    """Return the Mantel–Haenszel difference of two shares.

    Parameters
    ----------
    yes, rows : of the group, by stratum; shape (strata,).
    yes_others, rows_others : of the others, by stratum; shape (strata,).

    Raises ValueError where more say yes than there are rows.
    """
    x1, n1, x0, n0 = (np.asarray(a, dtype=np.float64) for a in (yes, rows, yes_others, rows_others))
    if (x1 > n1).any() or (x0 > n0).any() or min(x.min(initial=0.0) for x in (x1, x0, n1, n0)) < 0:
        raise ValueError("in each stratum 0 ≤ yes ≤ rows")
    both = (n1 > 0) & (n0 > 0)
    x1, n1, x0, n0 = x1[both], n1[both], x0[both], n0[both]
    if not x1.size:
        return Stratified(math.nan, math.nan, math.nan, math.inf, 0, 0, 0)
    whole = n1 + n0
    weight = n1 * n0 / whole
    value, others = float((weight * x1 / n1).sum()), float((weight * x0 / n0).sum())
    total = float(weight.sum())
    effect = (value - others) / total
    p = (n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2) / whole**2
    q = (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * whole)
    variance = max(0.0, effect * float(p.sum()) + float(q.sum())) / total**2
    se = math.sqrt(variance) if variance > 0 else math.inf
    return Stratified(value / total, others / total, effect, se, round(n1.sum()), round(n0.sum()), int(both.sum()))
