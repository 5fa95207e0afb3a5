"""Whether a group is still made up as it was: the population stability index with the limit that chance sets.

The bands in common use (below 0.1 stable, above 0.25 act) ignore how many were counted: with a hundred customers and
ten bins the index exceeds 0.1 four times in five although nothing changed, with ten thousand 0.1 is far too lax.

Source: Yurdakul (2018), "Statistical properties of population stability index", Western Michigan University
dissertation 3208 (under no change the index is distributed as (1/N + 1/M) times χ² with B − 1 degrees of freedom, from
some twenty in a bin on; under a change of size Δ as the noncentral χ² with noncentrality Δ/(1/N + 1/M), as every index
of this kind: Read & Cressie 1988, Goodness-of-Fit Statistics, 4.2); du Pisanie et al. (2023), arXiv:2303.01227 (why the
folk bands mislead).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

FOLK_BANDS = (0.1, 0.25)


@dataclass(frozen=True, slots=True)
class Stability:
    """index : the population stability index; limit : what chance alone exceeds once in twenty without any change.

    p_value : of an index as large without change; n : counted before and after; bins : compared.
    """

    index: float
    limit: float
    p_value: float
    n: tuple[int, int]
    bins: int

    @property
    def folk_band(self) -> str:
        """What the bands in common use say, whatever the numbers behind it."""
        low, high = FOLK_BANDS
        return "stable" if self.index < low else "watch" if self.index < high else "act"

    @property
    def scale(self) -> float:
        """What chance adds to the index for each degree of freedom: 1/N + 1/M."""
        return 1 / self.n[0] + 1 / self.n[1]

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the limits of what the index would be without chance: the noncentralities that fit what was seen."""
        if self.bins < 2:
            return 0.0, math.inf
        x, df, tail = self.index / self.scale, self.bins - 1, (1 - level) / 2
        return _noncentrality(x, df, 1 - tail) * self.scale, _noncentrality(x, df, tail) * self.scale

    def p_beyond(self, least: float) -> float:
        """Return the p-value of "without chance the index is at most `least`"; 1.0 with fewer than two bins."""
        if self.bins < 2:
            return 1.0
        from scipy.special import chndtr

        if least <= 0:
            return self.p_value
        return max(0.0, 1 - float(chndtr(self.index / self.scale, self.bins - 1, least / self.scale)))


def _noncentrality(x: float, df: int, share: float) -> float:
    """Return the noncentrality at which χ² stays below x with this probability, 0 where none is so small."""
    from scipy.special import chdtr, chndtrinc

    return float(chndtrinc(x, df, share)) if chdtr(df, x) > share else 0.0


def stability(before: ArrayLike, after: ArrayLike) -> Stability:
    """Compare how many were in each bin before and after.

    before, after : shape (bins,), counts. The index is Σ (p − q)·ln(p/q). Half a case is added to each bin of both
    sides where one of them is empty, so that it stays finite; bins empty on both sides are left out. Raises ValueError
    for negative counts, different shapes, or an empty side.
    """
    b, a = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if b.shape != a.shape or b.ndim != 1:
        raise ValueError(f"before has the shape {b.shape}, after {a.shape}")
    if (b < 0).any() or (a < 0).any():
        raise ValueError("a count is below 0")
    if b.sum() == 0 or a.sum() == 0:
        raise ValueError("one side is empty")
    n = (round(float(b.sum())), round(float(a.sum())))
    seen = (b + a) > 0
    b, a = b[seen], a[seen]
    if (b == 0).any() or (a == 0).any():
        b, a = b + 0.5, a + 0.5
    p, q = b / b.sum(), a / a.sum()
    index = float(np.sum((p - q) * np.log(p / q)))
    bins = int(seen.sum())
    if bins < 2:
        return Stability(0.0, math.nan, 1.0, n, bins)
    from scipy.special import chdtrc, chdtri

    scale = 1 / n[0] + 1 / n[1]
    return Stability(index, scale * float(chdtri(bins - 1, 0.05)), float(chdtrc(bins - 1, index / scale)), n, bins)
