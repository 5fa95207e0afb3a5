"""Customers who buy at random, each at a rate of their own, and never leave.

What the models with leaving become when the data show no leaving; the starting point of their fits.
Source: Ehrenberg (1959), "The pattern of consumer purchases", Applied Statistics 8:26 (gamma rates, Poisson counts).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from rapport.models.buying.histories import Floats, Histories
from rapport.models.buying.model import Model, Terms


@dataclass(frozen=True, slots=True)
class Nbd:
    """Rates are Gamma(r, alpha); alpha in the unit of the times."""

    name: str = "NBD"
    parameters: tuple[str, ...] = ("r", "alpha")
    judges_from: float = math.inf

    @property
    def without_leaving(self) -> Model:
        """Itself."""
        return self

    def terms(self, logs: Floats, histories: Histories) -> Terms:
        """Return the log likelihood of each row; everybody is active."""
        likelihood, slope = rate_terms(logs, histories)
        by_age = rate_by_age(logs, histories)
        return Terms(likelihood, slope, likelihood, slope, by_age, by_age, np.zeros(histories.rows))

    def common(self, logs: Floats) -> tuple[float, Floats]:
        """Return nothing: every part belongs to a row."""
        return 0.0, np.zeros(logs.size)

    def while_active(self, logs: Floats, pairs: Histories, horizon: Floats | float) -> Floats:
        """Return (r + x)/(alpha + age)·horizon."""
        r, alpha = np.exp(logs)
        return np.asarray((r + pairs.x) / (alpha + pairs.age) * horizon)

    def start(self, rate: Floats, histories: Histories) -> tuple[Floats, ...]:
        """Return what was given."""
        return (rate,)

    def prior(self, histories: Histories) -> Floats:
        """Return one purchase a typical age."""
        return rate_prior(histories)


NBD = Nbd()


def rate_terms(logs: Floats, histories: Histories) -> tuple[Floats, Floats]:
    """Return the log likelihood of x purchases at their times while active until the age, and its two derivatives."""
    r, alpha = np.exp(logs[:2])
    by_x, by_age = histories.by_x, histories.by_age
    log_age = np.log(alpha + by_age.values)
    counts = gammaln(r + by_x.values) - gammaln(r) + r * logs[1]
    counts_slope = psi(r + by_x.values) - psi(r) + logs[1]
    total = r + histories.x
    logged = by_age.spread(log_age)
    slope = np.empty((2, histories.rows))
    slope[0] = r * (by_x.spread(counts_slope) - logged)
    slope[1] = r - total * by_age.spread(alpha / (alpha + by_age.values))
    return by_x.spread(counts) - total * logged, slope


def rate_by_age(logs: Floats, histories: Histories) -> Floats:
    """Return the derivative by the age of the log likelihood of `rate_terms`."""
    r, alpha = np.exp(logs[:2])
    return np.asarray(-(r + histories.x) * histories.by_age.spread(1 / (alpha + histories.by_age.values)))


def rate_prior(histories: Histories) -> Floats:
    """Return log r = 0 and log alpha = the logarithm of the mean age."""
    age = float(np.average(histories.age, weights=histories.count))
    return np.array([0.0, np.log(max(age, 1e-12))])
