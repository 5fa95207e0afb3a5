"""Customers who may leave just after a purchase, as if each tossed a coin of their own: BG/NBD and MBG/NBD.

In the BG/NBD nobody can leave before a second purchase, so that it says P(active) = 1 of everyone who bought once,
however long ago; the MBG/NBD tosses the coin after the first purchase too.
Sources: Fader, Hardie & Lee (2005), "Counting your customers the easy way", Marketing Science 24:275; Batislam,
Denizel & Filiztekin (2007), International Journal of Research in Marketing 24:201; Hoppe & Wagner (2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, psi

from rapport.models.buying.histories import Floats, Histories
from rapport.models.buying.model import Model, Terms
from rapport.models.buying.nbd import NBD, rate_by_age, rate_prior, rate_terms

NODES = 24
"""Of the quadrature over the chance of leaving; 16 give the same expectations to 1e-9 on the CDNOW data."""


@dataclass(frozen=True, slots=True)
class BetaGeometric:
    """Rates are Gamma(r, alpha), the chance of leaving after a purchase is Beta(a, b).

    first : 1 if the coin is tossed after the first purchase as well (MBG/NBD), 0 if not (BG/NBD).
    """

    name: str
    first: int
    parameters: tuple[str, ...] = ("r", "alpha", "a", "b")

    @property
    def judges_from(self) -> float:
        """Return 0 or 1: of those who bought once the BG/NBD can say nothing."""
        return 1.0 - self.first

    @property
    def without_leaving(self) -> Model:
        """The NBD."""
        return NBD

    def terms(self, logs: Floats, histories: Histories) -> Terms:
        """Return the parts of the likelihood: active all the time, or left at the last purchase."""
        r, alpha, a, b = np.exp(logs)
        by_x, by_t_x, by_age = histories.by_x, histories.by_t_x, histories.by_age
        coins = by_x.values + self.first
        active_slope = np.empty((4, histories.rows))
        active, active_slope[:2] = rate_terms(logs, histories)
        active += by_x.spread(gammaln(b + coins) - gammaln(a + b + coins) + gammaln(a + b) - gammaln(b))
        both = psi(a + b) - psi(a + b + coins)
        active_slope[2] = by_x.spread(a * both)
        active_slope[3] = by_x.spread(b * (both + psi(b + coins) - psi(b)))

        tossed = coins > 0
        before = np.where(tossed, b + coins - 1, 1.0)
        waited = by_age.spread(np.log(alpha + by_age.values)) - by_t_x.spread(np.log(alpha + by_t_x.values))
        total = r + histories.x
        odds = by_x.spread(np.where(tossed, logs[2] - np.log(before), -np.inf)) + total * waited
        left = expit(odds)
        slope = active_slope.copy()
        slope[0] += left * r * waited
        inverse = by_t_x.spread(1 / (alpha + by_t_x.values))
        slope[1] += left * total * alpha * (by_age.spread(1 / (alpha + by_age.values)) - inverse)
        slope[2] += left
        slope[3] -= left * by_x.spread(b / before)
        fading = rate_by_age(logs, histories)
        return Terms(
            active,
            active_slope,
            active + np.logaddexp(0.0, odds),
            slope,
            fading,
            (1 - left) * fading,
            -left * total * inverse,
        )

    def common(self, logs: Floats) -> tuple[float, Floats]:
        """Return nothing: every part belongs to a row."""
        return 0.0, np.zeros(logs.size)

    def while_active(self, logs: Floats, pairs: Histories, horizon: Floats | float) -> Floats:
        """Return E[(1 − (A/(A + p·horizon))^(r + x))/p], A = alpha + age, over the posterior of p, Beta(a, b + coins).

        By Gauss–Jacobi quadrature: the papers' 2F1 overflows for x in the hundreds and is 0/0 at a = 1; this is not.
        """
        r, alpha, a, b = np.exp(logs)
        repeats, index = pairs.by_x.values, pairs.by_x.index
        order, ends = np.argsort(index, kind="stable"), np.cumsum(np.bincount(index))[:-1]
        chances, weights = beta_quadrature(a, b + repeats + self.first)
        wait = horizon / (alpha + pairs.age)
        result = np.empty(pairs.rows)
        for x, rows, chance, weight in zip(repeats, np.split(order, ends), chances, weights, strict=True):
            result[rows] = -np.expm1(-(r + x) * np.log1p(np.multiply.outer(wait[rows], chance))) @ (weight / chance)
        return result

    def start(self, rate: Floats, histories: Histories) -> tuple[Floats, ...]:
        """Return starts with much, middling and little leaving."""
        return tuple(np.array([*rate, *ab]) for ab in ((0.0, 0.7), (-1.5, 0.7), (0.7, 2.5)))

    def prior(self, histories: Histories) -> Floats:
        """Return a = b = 1: any chance of leaving is as likely as any other."""
        return np.array([*rate_prior(histories), 0.0, 0.0])


BG_NBD = BetaGeometric("BG/NBD", 0)
MBG_NBD = BetaGeometric("MBG/NBD", 1)


def beta_quadrature(a: float, b: Floats) -> tuple[Floats, Floats]:
    """Return points and weights, shape (rows of b, NODES), to take means over Beta(a, b) by.

    Golub & Welsch (1969), Mathematics of Computation 23:221, from the Jacobi polynomials' recurrence on [0, 1] written
    without differences of nearly equal numbers; right for any a, b > 0 and exact for polynomials of degree 47.
    """
    k = np.arange(NODES, dtype=np.float64)
    low, high = a - 1, b[:, None] - 1
    s = low + high
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (2 * k * (k + s + 1) + s * a) / ((2 * k + s) * (2 * k + s + 2))
        beside = k * (k + high) * (k + low) * (k + s) / ((2 * k + s) ** 2 * (2 * k + s + 1) * (2 * k + s - 1))
    middle[:, 0] = a / (s[:, 0] + 2)
    beside[:, 1] = a * b / ((2 + s[:, 0]) ** 2 * (3 + s[:, 0]))
    matrix = np.zeros((b.size, NODES, NODES))
    here = np.arange(NODES)
    matrix[:, here, here] = middle
    matrix[:, here[1:], here[:-1]] = np.sqrt(beside[:, 1:])
    points, vectors = np.linalg.eigh(matrix)
    return np.maximum(points, _TINY), vectors[:, 0, :] ** 2


_TINY = 1e-300
