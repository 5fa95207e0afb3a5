"""Finds the month since which a level is higher or lower, each month measured against its own namesakes.

A December is compared with other Decembers: the level of each calendar month is free, and a step is added from one
month on (weighted least squares; by the theorem of Frisch, Waugh & Lovell 1963 both series are centred within the
calendar months first). Where fewer than three calendar months come twice, one level is taken for all, and a season
cannot be told from a change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rapport.models.least_effect import p_beyond
from rapport.models.season import Month
from rapport.models.splits import splits_that_count

LEAST_BEFORE, LEAST_AFTER = 3, 2
"""Months that must lie on each side of a step."""
PRIOR_DF = 20.0
"""How many degrees of freedom "months scatter as much as sampling explains" is worth until the data say otherwise."""
LEAST_NAMESAKES = 3
"""Calendar months that must come twice before season is taken out: with one or two pairs, those alone would decide."""
YEAR = 12


@dataclass(frozen=True, slots=True)
class SeasonStep:
    """A step up or down: the effect in the unit of the mean, its standard error and degrees of freedom.

    `first` is the position of its first month among those given; `tried` counts the steps tried that count (see
    `models.splits`), with which `p_value` is multiplied; `same_season` says whether the season was taken out. `known`
    are effect, standard error and degrees of freedom of the step about which most is known, by which "nothing changed"
    should be judged.
    """

    effect: float
    se: float
    df: float
    first: int
    p_value: float
    tried: float
    same_season: bool
    known: tuple[float, float, float]


def season_step(months: Sequence[Month], least: float, direction: Literal[1, -1]) -> SeasonStep | None:
    """Return the step that speaks most for "since then more (or less) by over `least`"; None where none can be tried.

    months : in ascending order, one a calendar month, each with its mean and a positive standard error.
    least : the least effect worth acting on; direction : +1 if more is looked for, −1 if less.
    Months may scatter by more than their sampling error. The scatter left about the step enlarges every standard error
    where it is above what sampling explains; as the season leaves few degrees of freedom, it is moderated towards
    sampling (Smyth 2004, Statistical Applications in Genetics 3:3) unless it is clearly (at 5 %) above it.
    """
    if len(months) < LEAST_BEFORE + LEAST_AFTER:
        return None
    y = np.array([m.mean for m in months])
    weights = np.array([1 / m.se**2 for m in months])
    index = np.array([m.month.year * YEAR + m.month.month for m in months])
    namesakes = len(index) - len(np.unique(index % YEAR))
    seasonal = namesakes >= LEAST_NAMESAKES
    group = index % YEAR if seasonal else np.zeros_like(index)
    found = []
    for first in range(LEAST_BEFORE, len(months) - LEAST_AFTER + 1):
        fitted = _fit(y, weights, group, first)
        if fitted is not None:
            effect, se, df, extra = fitted
            found.append((p_beyond(effect, se, least, direction, df), first, effect, se, df, extra))
    if not found:
        return None
    p, _, effect, se, df, extra = min(found, key=lambda f: (f[0], -direction * f[2] / f[3]))
    alike = [f for f in found if math.isclose(f[2], effect, rel_tol=1e-9) and math.isclose(f[3], se, rel_tol=1e-9)]
    first = min((f[1] for f in alike), key=lambda at: _scatter(y, weights, at))
    known = min(found, key=lambda f: f[3])
    tried = splits_that_count(len(found), math.sqrt(extra / float(np.median(weights))), least)
    return SeasonStep(effect, se, df, first, min(1.0, p * tried), tried, seasonal, known[2:5])


def _fit(
    y: NDArray[np.float64], weights: NDArray[np.float64], group: NDArray[np.int64], first: int
) -> tuple[float, float, float, float] | None:
    """Return a step's effect, standard error, degrees of freedom and the months' scatter beyond sampling.

    None if no calendar month is on both sides.
    """
    step = (np.arange(y.size) >= first).astype(np.float64)
    x, z = _centred(step, weights, group), _centred(y, weights, group)
    information = float(np.sum(weights * x * x))
    if information <= 1e-12 * float(weights.sum()):
        return None
    effect = float(np.sum(weights * x * z)) / information
    extra, df = _extra(float(np.sum(weights * (z - effect * x) ** 2)), y.size - np.unique(group).size - 1)
    return effect, math.sqrt(extra / information), df, extra


def _extra(left: float, df: int) -> tuple[float, float]:
    """Return by how much (variance ratio, at least 1) months scatter beyond sampling, and the degrees of freedom."""
    if df <= 0:
        return 1.0, PRIOR_DF
    extra, spread = left / df, 2 / (9 * df)
    if np.cbrt(extra) > 1 - spread + 1.645 * math.sqrt(spread):  # chi-square tail, Wilson & Hilferty (1931)
        return extra, float(df)
    return max(1.0, (PRIOR_DF + left) / (PRIOR_DF + df)), PRIOR_DF + df


def _scatter(y: NDArray[np.float64], weights: NDArray[np.float64], first: int) -> float:
    """Return how far months lie from the level before and after a step, the season not taken out.

    Calendar months seen once say nothing about the step where the season is free, so that several first months fit
    alike: this tells them apart.
    """
    before = np.arange(y.size) < first
    return float(np.sum(weights * _centred(y, weights, before.astype(np.int64)) ** 2))


def _centred(
    values: NDArray[np.float64], weights: NDArray[np.float64], group: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return values minus the weighted mean of their group."""
    _, index = np.unique(group, return_inverse=True)
    means = np.bincount(index, weights * values) / np.bincount(index, weights)
    return np.asarray(values - means[index], dtype=np.float64)
