"""Gaps that are gamma distributed, at a rate of each customer's own: from random (shape 1) to clockwork (large).

Rates vary between customers alike as a gamma distribution; what is foretold of the next gap is a beta prime.
Source: Platzer & Reutterer (2016), "Ticking away the moments", Marketing Science 35:779 (with one regularity for all).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincinv, gammaln

from rapport.models.rhythm.signs_of_life import Floats, Gaps


@dataclass(frozen=True, slots=True)
class Gamma:
    """Shape of a gap; rates are Gamma(pull, scale), scale in the unit of time."""

    name: str = "gamma"
    parameters: tuple[str, ...] = ("shape", "pull", "scale")

    def start(self, gaps: Gaps) -> Floats:
        """Return the logarithms of the parameters to begin a search at."""
        mean = float(gaps.total.sum()) / float(gaps.count.sum())
        return np.array([0.0, 0.0, np.log(mean)])

    def rescaled(self, point: Floats, unit: float) -> Floats:
        """Return the parameters for times that are `unit` times as many."""
        return np.asarray(point + np.array([0.0, 0.0, np.log(unit)]))

    def density(self, point: Floats, gaps: Gaps) -> Floats:
        """Return the logarithm of the density of each customer's closed gaps, their own rate integrated out."""
        shape, pull, scale = np.exp(point)
        n, ends = gaps.count, pull + shape * gaps.count
        log = gammaln(ends) - gammaln(pull) - n * gammaln(shape) + (shape - 1) * n * gaps.mean_log
        return np.asarray(log + pull * point[2] - ends * np.log(scale + gaps.total))

    def waiting(self, point: Floats, gaps: Gaps) -> Floats:
        """Return P(next gap > silence) of each customer who is still there."""
        shape, pull, scale = np.exp(point)
        known = scale + gaps.total
        return np.asarray(betainc(pull + shape * gaps.count, shape, known / (known + gaps.silence)))

    def usual(self, point: Floats, gaps: Gaps) -> Floats:
        """Return the median of each customer's next gap."""
        shape, pull, scale = np.exp(point)
        share = betaincinv(pull + shape * gaps.count, shape, 0.5)
        return np.asarray((scale + gaps.total) * (1 - share) / share)
