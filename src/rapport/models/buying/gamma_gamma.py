"""How much a customer spends on a purchase, drawn towards everybody's average as far as few purchases say little.

Only repeat purchases of customers who came back are fitted; those who bought once are given the average. The model
takes spend as independent of how often somebody buys: `spend_check.py` looks, and the audit prints it.
Source: Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", brucehardie.com/notes/025; Colombo & Jiang
(1999), Journal of Interactive Marketing 13:2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, psi

from rapport.core.interval import Interval
from rapport.models.buying.expectations import Amounts
from rapport.models.buying.histories import Floats
from rapport.models.buying.newton import Hill, climb
from rapport.models.student import two_sided

SAMPLE = 5000
"""Customers on whom a search begins."""
NAMES = ("p", "q", "gamma")


_KNOWN = 50.0
"""An interval wider than a factor e^50 to each side is no interval."""


@dataclass(frozen=True, eq=False)
class SpendFit:
    """A fitted Gamma–Gamma model: a purchase is Gamma(p, ν), ν is Gamma(q, gamma); gamma in the unit of money.

    logs : of p, q, gamma; covariance : of the logs, the inverse of the observed information; customers : fitted.
    """

    logs: Floats
    covariance: Floats
    log_likelihood: float
    customers: int
    converged: bool

    @property
    def values(self) -> Floats:
        """p, q and gamma."""
        return np.asarray(np.exp(self.logs))

    @property
    def has_mean(self) -> bool:
        """Whether the average over customers is finite (q > 1)."""
        return bool(self.values[1] > 1)

    def parameters(self, level: float = 0.95) -> Mapping[str, Interval]:
        """Return each parameter with its interval, symmetric in the logarithm (delta method).

        Where spend is the same for everybody the likelihood is flat in a direction: such a parameter has no limits.
        """
        variance = np.diag(self.covariance)
        found = {}
        for name, log, spread in zip(NAMES, self.logs.tolist(), variance.tolist(), strict=True):
            half = two_sided(level) * math.sqrt(spread) if spread > 0 else math.inf
            low, high = (math.exp(log - half), math.exp(log + half)) if half < _KNOWN else (None, None)
            found[name] = Interval(math.exp(log), low, high, self.customers, level)
        return found

    def spend(self, x: ArrayLike, mean: ArrayLike) -> Amounts:
        """Return the expected spend on a purchase: p·(gamma + x·mean)/(p·x + q − 1).

        x : repeat purchases; mean : their mean spend (ignored where x is 0). Raises ValueError where an average over
        customers is asked for that is infinite (x = 0 and q ≤ 1).
        """
        repeats, money = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
        p, q, gamma = self.values
        if not self.has_mean and np.any(p * repeats + q <= 1):
            raise ValueError("spend varies so much between customers that it has no average (q is at most 1)")
        total = np.where(repeats > 0, repeats * money, 0.0)
        below, above = p * repeats + q - 1, gamma + total
        slope = np.stack([1 - p * repeats / below, -q / below, gamma / above])
        errors = np.sqrt(np.maximum(np.einsum("ir,ij,jr->r", slope, self.covariance, slope, optimize=True), 0.0))
        return Amounts(p * above / below, errors)


def fit_spend(x: ArrayLike, mean: ArrayLike, count: ArrayLike | None = None) -> SpendFit:
    """Return the maximum-likelihood fit.

    x : repeat purchases, above 0; mean : mean spend on them, above 0; count : customers of each row (None: 1), shape
    (rows,). Raises ValueError for other values, and for fewer than three rows.
    """
    repeats, money = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    rows = np.ones(repeats.size) if count is None else np.asarray(count, dtype=np.float64)
    if not repeats.shape == money.shape == rows.shape or repeats.size < 3:
        raise ValueError("repeats, mean spend and count must be columns of one length, three rows at least")
    if not (np.all(repeats > 0) and np.all(money > 0) and np.all(np.isfinite(money)) and np.all(rows >= 0)):
        raise ValueError("spend is fitted on customers who came back and paid something: repeats and mean above 0")
    typical = float(np.average(money, weights=rows))
    start = np.array([1.0, 1.0, math.log(typical)])
    step = max(1, repeats.size // SAMPLE)
    part = slice(None, None, step)
    rough = climb(_hill(repeats[part], money[part], rows[part] * (rows.sum() / rows[part].sum())), start, enough=1e-4)
    top = climb(_hill(repeats, money, rows), rough.point, rough.hessian)
    covariance = np.asarray(np.linalg.inv(-top.hessian), dtype=np.float64)
    return SpendFit(top.point, covariance, top.height, round(float(rows.sum())), top.converged)


def _hill(x: Floats, mean: Floats, count: Floats) -> Hill:
    repeats, index = np.unique(x, return_inverse=True)
    by_repeats = np.bincount(index, count, repeats.size)
    total, customers = x * mean, float(count.sum())
    log_total = np.log(total)
    fixed = float(count @ np.log(mean))
    shape_total = np.bincount(index, count * log_total, repeats.size)

    def hill(logs: Floats) -> tuple[float, Floats]:
        p, q, gamma = np.exp(logs)
        powers = p * repeats
        log_all = np.log(gamma + total)
        ends = np.bincount(index, count * log_all, repeats.size)
        height = float(by_repeats @ (gammaln(powers + q) - gammaln(powers))) + customers * (q * logs[2] - gammaln(q))
        # (p·x − 1)·log mean + p·x·log x = p·x·log total − log mean
        height += float(powers @ shape_total) - fixed - float((powers + q) @ ends)
        both = psi(powers + q)
        slope_p = float(by_repeats @ (repeats * (both - psi(powers))) + repeats @ (shape_total - ends))
        slope_q = float(by_repeats @ both) + customers * (logs[2] - psi(q)) - float(ends.sum())
        shares = np.bincount(index, count / (gamma + total), repeats.size)
        slope_gamma = customers * q / gamma - float((powers + q) @ shares)
        return height, np.array([p * slope_p, q * slope_q, gamma * slope_gamma])

    return hill
