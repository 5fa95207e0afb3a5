"""Gaps whose logarithms are normal, with a centre and a scatter of each customer's own: the moods of people.

Centre and scatter vary between customers alike as a normal-inverse-chi-square distribution; what is foretold of the
next gap is Student's t. Source: Gelman et al. (2013), Bayesian Data Analysis, 3.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, stdtr

from rapport.models.rhythm.signs_of_life import Floats, Gaps


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Centre: logarithm of the common median gap; pull : how many gaps it weighs; df, spread : of the scatter."""

    name: str = "log-normal"
    parameters: tuple[str, ...] = ("log centre", "pull", "df", "spread")

    def start(self, gaps: Gaps) -> Floats:
        """Return the centre and the logarithms of the rest to begin a search at, for gaps of about 1."""
        centre = float(gaps.count @ gaps.mean_log) / float(gaps.count.sum())
        free = float(np.maximum(gaps.count - 1, 0).sum())
        spread = math.sqrt(float(gaps.square_log.sum()) / free) if free > 0 else 1.0
        return np.array([centre, 0.0, math.log(5.0), math.log(max(spread, 1e-3))])

    def rescaled(self, point: Floats, unit: float) -> Floats:
        """Return the parameters for times that are `unit` times as many."""
        return np.asarray(point + np.array([math.log(unit), 0.0, 0.0, 0.0]))

    def density(self, point: Floats, gaps: Gaps) -> Floats:
        """Return the logarithm of the density of each customer's closed gaps, their own centre integrated out."""
        pull, df, spread = np.exp(point[1:])
        n, freedom = gaps.count, df + gaps.count
        off = n * pull / (pull + n) * (gaps.mean_log - point[0]) ** 2
        log = gammaln(freedom / 2) - gammaln(df / 2) + 0.5 * np.log(pull / (pull + n)) - n / 2 * math.log(math.pi)
        log += df / 2 * np.log(df * spread**2) - freedom / 2 * np.log(df * spread**2 + gaps.square_log + off)
        return np.asarray(log - n * gaps.mean_log)

    def waiting(self, point: Floats, gaps: Gaps) -> Floats:
        """Return P(next gap > silence) of each customer who is still there."""
        freedom, centre, scale = self._foretold(point, gaps)
        return np.asarray(stdtr(freedom, (centre - np.log(np.maximum(gaps.silence, 1e-300))) / scale))

    def usual(self, point: Floats, gaps: Gaps) -> Floats:
        """Return the median of each customer's next gap."""
        return np.asarray(np.exp(self._foretold(point, gaps)[1]))

    def _foretold(self, point: Floats, gaps: Gaps) -> tuple[Floats, Floats, Floats]:
        """Degrees of freedom, centre and scale of the Student t of each customer's next log gap."""
        pull, df, spread = np.exp(point[1:])
        n, weight, freedom = gaps.count, pull + gaps.count, df + gaps.count
        off = n * pull / weight * (gaps.mean_log - point[0]) ** 2
        variance = (df * spread**2 + gaps.square_log + off) / freedom
        return freedom, (pull * point[0] + n * gaps.mean_log) / weight, np.sqrt(variance * (1 + 1 / weight))
