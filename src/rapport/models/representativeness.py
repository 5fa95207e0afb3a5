"""How well those who answer stand for all who should: one number for the response, and what weighting would change.

Sources: Schouten, Cobben & Bethlehem (2009), Survey Methodology 35:101 (the R-indicator); Shlomo, Skinner & Schouten
(2012), J. Official Statistics 28:137 (its bias in samples); Cochran (1977), Sampling Techniques, 5A.9 (weighting by
strata after the answers are in).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rapport.core.interval import Interval
from rapport.models.moments import Moments
from rapport.models.student import two_sided


def error_of(m: Moments) -> float:
    """Return the standard error of a mean whose rows come in clusters; infinite for fewer than two of them."""
    if m.g < 2 or m.n <= 0:
        return math.inf
    return math.sqrt(m.residual_square() * m.g / (m.g - 1)) / m.n


def r_indicator(groups: Sequence[Moments], level: float = 0.95) -> Interval:
    """Return 1 − 2·S(ρ): 1 where all groups answer equally often, lower the more their response rates ρ differ.

    groups : response (0 or 1) in each group, rows in customers. S² is the variance of the groups' rates, weighted by
    their rows, less what chance alone brings; the interval carries the sampling variance of S² (the rates taken as
    independent normals). Groups in which nothing is known of the error are left out; with fewer than two there is no
    interval and the value is not a number.
    """
    known = [(g, error_of(g)) for g in groups]
    known = [(g, se) for g, se in known if math.isfinite(se)]
    n = round(sum(g.n for g, _ in known))
    if len(known) < 2:
        return Interval(math.nan, None, None, n, level)
    weight = np.array([g.n for g, _ in known]) / sum(g.n for g, _ in known)
    rate, variance = np.array([g.mean for g, _ in known]), np.array([se * se for _, se in known])
    away = rate - float(weight @ rate)
    chance = float((weight * (1 - weight)) @ variance)
    spread = float(weight @ away**2) - chance
    error = math.sqrt(float((2 * weight * away) ** 2 @ variance) + 2 * float(weight**2 @ variance**2))
    reach = two_sided(level) * error

    def indicator(squared: float) -> float:
        return max(0.0, 1 - 2 * math.sqrt(max(0.0, squared)))

    return Interval(indicator(spread), indicator(spread + reach), indicator(spread - reach), n, level)


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of those who should be heard: how many they are, and what those of them said who answered."""

    population: float
    answers: Moments


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mean as it is, as it would be if every stratum counted by its size, and the difference with its interval."""

    plain: float
    weighted: float
    change: Interval


def weighted(strata: Sequence[Stratum], level: float = 0.95) -> Weighted | None:
    """Weight answers back to those who should have been heard: each stratum counts by its population.

    Strata in which nobody answered are left out (what they would have said is not known). The change is a weighted sum
    of the strata's means; its standard error takes the weights as known and keeps one customer's answers within a
    stratum together. None with fewer than two strata or where one of them has a single customer.
    """
    heard = [s for s in strata if s.answers.n > 0 and s.population > 0]
    errors = [error_of(s.answers) for s in heard]
    if len(heard) < 2 or not all(math.isfinite(e) for e in errors):
        return None
    mean = np.array([s.answers.mean for s in heard])
    answered = np.array([s.answers.n for s in heard])
    population = np.array([s.population for s in heard])
    own, due = answered / answered.sum(), population / population.sum()
    change = float((due - own) @ mean)
    reach = two_sided(level) * math.sqrt(float((due - own) ** 2 @ np.array(errors) ** 2))
    around = Interval(change, change - reach, change + reach, round(float(answered.sum())), level)
    return Weighted(float(own @ mean), float(due @ mean), around)
