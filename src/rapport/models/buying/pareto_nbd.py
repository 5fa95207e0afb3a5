"""Customers who may leave at any moment, each with a rate of buying and a rate of leaving of their own.

Sources: Schmittlein, Morrison & Colombo (1987), "Counting your customers", Management Science 33:1; Fader & Hardie
(2005), "A note on deriving the Pareto/NBD model and related expressions", brucehardie.com/notes/009.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from rapport.models.buying.histories import Floats, Histories
from rapport.models.buying.model import Model, Terms
from rapport.models.buying.nbd import NBD, rate_by_age, rate_prior, rate_terms

NODES = 24
"""Of the quadrature over the moment of leaving."""
FAR = 36.0
"""The integrand is cut off where it has fallen to e^−36 of its start."""
CHUNK = 4096
"""Rows worked on at a time: what they need stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class ParetoNbd:
    """Rates of buying are Gamma(r, alpha), rates of leaving Gamma(s, beta); alpha and beta in the unit of the times."""

    name: str = "Pareto/NBD"
    parameters: tuple[str, ...] = ("r", "alpha", "s", "beta")
    judges_from: float = 0.0

    @property
    def without_leaving(self) -> Model:
        """The NBD."""
        return NBD

    def terms(self, logs: Floats, histories: Histories) -> Terms:
        """Return the parts of the likelihood: still active, or left between the last purchase and now."""
        r, alpha, s, beta = np.exp(logs)
        active_slope = np.empty((4, histories.rows))
        active, active_slope[:2] = rate_terms(logs, histories)
        by_age = histories.by_age
        survived = s * (logs[3] - np.log(beta + by_age.values))
        active += by_age.spread(survived)
        active_slope[2] = by_age.spread(survived)
        active_slope[3] = by_age.spread(s - s * beta / (beta + by_age.values))
        odds, odds_slope = left_odds(logs, histories)
        left = expit(odds)
        either = np.logaddexp(0.0, odds)
        fading = rate_by_age(logs, histories)
        waited = (r + histories.x) * np.log((alpha + histories.age) / (alpha + histories.t_x))
        waited += s * np.log((beta + histories.age) / (beta + histories.t_x))
        return Terms(
            active,
            active_slope,
            active + either,
            active_slope + left * odds_slope,
            fading - by_age.spread(s / (beta + by_age.values)),
            (1 - left) * fading,
            -s / (beta + histories.t_x) * np.exp(waited - either),
        )

    def common(self, logs: Floats) -> tuple[float, Floats]:
        """Return nothing: every part belongs to a row."""
        return 0.0, np.zeros(logs.size)

    def while_active(self, logs: Floats, pairs: Histories, horizon: Floats | float) -> Floats:
        """Return (r + x)/(alpha + age)·(1 − ((beta + age)/(beta + age + horizon))^(s − 1))·(beta + age)/(s − 1)."""
        r, alpha, s, beta = np.exp(logs)
        longer = np.log1p(horizon / (beta + pairs.age))
        stay = longer if s == 1 else -np.expm1((1 - s) * longer) / (s - 1)
        return np.asarray((r + pairs.x) / (alpha + pairs.age) * (beta + pairs.age) * stay)

    def start(self, rate: Floats, histories: Histories) -> tuple[Floats, ...]:
        """Return starts with much and little leaving."""
        return tuple(np.array([*rate, s, rate[1] + beta]) for s, beta in ((-0.5, 0.0), (-1.5, 1.5)))

    def prior(self, histories: Histories) -> Floats:
        """Return s = 1 and beta = the mean age: half of a cohort leaves within it."""
        rate = rate_prior(histories)
        return np.array([*rate, 0.0, rate[1]])


PARETO_NBD = ParetoNbd()


def left_odds(logs: Floats, histories: Histories) -> tuple[Floats, Floats]:
    """Return the log odds of having left, by row, and their derivatives by the log parameters, shape (4, rows).

    The odds are s·(alpha + age)^(r+x)·(beta + age)^s · ∫ (alpha + u)^−(r+x)·(beta + u)^−(s+1) du from t_x to the age.
    The papers take the integral as the difference of two 2F1, which overflows for large x and loses all digits where
    the last purchase was a moment ago. Here it is done by Gauss–Legendre over v = log((m + u)/(m + t_x)), m the smaller
    of alpha and beta, relative to its value at t_x: within 36/(slowest fall) the integrand is smooth and monotone.
    """
    odds, slope = np.empty(histories.rows), np.empty((4, histories.rows))
    for begin in range(0, histories.rows, CHUNK):
        part = slice(begin, begin + CHUNK)
        odds[part], slope[:, part] = _odds(logs, histories.x[part], histories.t_x[part], histories.age[part])
    return odds, slope


def _odds(logs: Floats, x: Floats, t_x: Floats, age: Floats) -> tuple[Floats, Floats]:
    r, alpha, s, beta = np.exp(logs)
    total = r + x
    low, high = min(alpha, beta), max(alpha, beta)
    # du = (low + u) dv: one power of the smaller base is taken up by the change of variable
    low_power, high_power = (total, s + 1.0) if alpha <= beta else (s + 1.0, total)
    gap = high - low
    slowest = (low_power - 1) + high_power * (1 - gap / (high + t_x))
    reach = np.minimum(np.log1p((age - t_x) / (low + t_x)), FAR / np.maximum(slowest, _LEAST))
    v = np.multiply.outer(_POINTS, reach)
    grown = np.expm1(v) * (low + t_x)
    log_high = np.log1p(grown / (high + t_x))
    weight = np.exp((1 - low_power) * v - high_power * log_high) * _WEIGHTS[:, None]
    sums = weight.sum(axis=0)
    weight /= sums
    log_low_mean, log_high_mean = (weight * v).sum(axis=0), (weight * log_high).sum(axis=0)
    grown += t_x
    inverse_low, inverse_high = (weight / (low + grown)).sum(axis=0), (weight / (high + grown)).sum(axis=0)
    if alpha <= beta:
        fallen, risen = (log_low_mean, inverse_low), (log_high_mean, inverse_high)
    else:
        fallen, risen = (log_high_mean, inverse_high), (log_low_mean, inverse_low)
    waited_alpha, waited_beta = np.log((alpha + age) / (alpha + t_x)), np.log((beta + age) / (beta + t_x))
    with np.errstate(divide="ignore"):
        scale = np.log(sums * reach * (low + t_x) / (beta + t_x))
    odds = logs[2] + total * waited_alpha + s * waited_beta + scale
    slope = np.stack(
        [
            r * (waited_alpha - fallen[0]),
            alpha * total * (1 / (alpha + age) - fallen[1]),
            1 + s * (waited_beta - risen[0]),
            beta * (s / (beta + age) - (s + 1) * risen[1]),
        ]
    )
    return odds, slope


_LEAST = 1e-9
_LEGENDRE = np.polynomial.legendre.leggauss(NODES)
_POINTS, _WEIGHTS = (_LEGENDRE[0] + 1) / 2, _LEGENDRE[1] / 2
