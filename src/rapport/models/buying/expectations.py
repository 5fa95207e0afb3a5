"""What to expect of each customer: whether they are still one, and what they will buy; each with how sure that is.

Intervals carry the uncertainty of the parameters by the delta method, on the scale on which the estimate is nearer to
normal (log odds for chances, logarithms for amounts), so that they stay within what is possible. Draws of the
parameters would say the same (tested) at a hundred times the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from rapport.models.buying.fitting import Fit
from rapport.models.buying.histories import Floats, Histories, Index
from rapport.models.student import two_sided

STEP = 1e-4
"""Of the central differences by log parameters."""
TIMES = 8
"""Points in time at which purchases are discounted between now and the horizon."""


@dataclass(frozen=True, eq=False)
class Chances:
    """Probabilities and the standard errors of their log odds, one a row (or a customer)."""

    values: Floats
    errors: Floats

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lower and upper limits."""
        with np.errstate(divide="ignore"):
            odds = np.log(self.values) - np.log1p(-self.values)
        half = two_sided(level) * self.errors
        certain = ~np.isfinite(odds)
        low, high = expit(odds - half), expit(odds + half)
        return np.where(certain, self.values, low), np.where(certain, self.values, high)

    def of(self, index: Index) -> Chances:
        """Return the same by customer: index, the row that is each customer's."""
        return Chances(self.values[index], self.errors[index])


@dataclass(frozen=True, eq=False)
class Amounts:
    """Expected amounts (purchases, money), never negative, and the standard errors of their logarithms, one a row."""

    values: Floats
    errors: Floats

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lower and upper limits."""
        factor = np.exp(two_sided(level) * self.errors)
        return self.values / factor, self.values * factor

    def of(self, index: Index) -> Amounts:
        """Return the same by customer: index, the row that is each customer's."""
        return Amounts(self.values[index], self.errors[index])

    def times(self, other: Amounts) -> Amounts:
        """Return the product with independently estimated amounts, such as purchases with the margin of one."""
        return Amounts(self.values * other.values, np.hypot(self.errors, other.errors))

    def scaled(self, factor: float) -> Amounts:
        """Return the same in another unit."""
        return Amounts(self.values * factor, self.errors)


def p_active(fit: Fit, histories: Histories, otherwise: Fit | None = None) -> Chances:
    """Return the probability that each is still a customer.

    otherwise : another fit, which answers for those of whom the model can say nothing. The BG/NBD says 1 of everyone
    who bought once, and the NBD of everybody: no finding, but how they are built. Raises ValueError if there are such
    customers and no model that can judge them.
    """
    unjudged = histories.x < fit.model.judges_from
    if not unjudged.any():
        return _chances(fit, histories)
    if otherwise is None or np.any(histories.x[unjudged] < otherwise.model.judges_from):
        who = "anyone" if fit.model.judges_from == np.inf else "customers who bought once"
        raise ValueError(f"{fit.model.name} cannot tell whether {who} left: give a fit of a model that can")
    values, errors = np.empty(histories.rows), np.empty(histories.rows)
    for rows, judge in ((~unjudged, fit), (unjudged, otherwise)):
        chances = _chances(judge, histories.some(rows))
        values[rows], errors[rows] = chances.values, chances.errors
    return Chances(values, errors)


def purchases(fit: Fit, histories: Histories, horizon: float, discount: float = 0.0) -> Amounts:
    """Return the purchases expected of each within the horizon, discounted to today.

    horizon : in the unit of the histories' times; discount : continuous rate per that unit (ln 1.1/365 for 10 % a
    year and days). A discounted purchase counts e^(−discount·time until it).
    """
    values, slope = expected(fit, histories, horizon, discount)
    return Amounts(values, _errors(fit, slope))


def expected(fit: Fit, histories: Histories, horizon: float, discount: float = 0.0) -> tuple[Floats, Floats]:
    """Return the expected purchases by row and the derivatives of their logarithms, shape (parameters, rows)."""
    if horizon <= 0 or discount < 0:
        raise ValueError("the horizon must be above 0 and the discount not below")
    log_active, slope = _active(fit, histories)
    pairs, index = histories.by_x_and_age
    amount, amount_slope = _while_active(fit, pairs, horizon, discount)
    return np.exp(log_active) * amount[index], slope + amount_slope[:, index]


def worth(bought: Amounts, spend: Amounts, margin: float) -> Amounts:
    """Return the expected margin of each: discounted purchases times expected spend times the margin's share of it."""
    return bought.times(spend).scaled(margin)


def _chances(fit: Fit, histories: Histories) -> Chances:
    log_active, slope = _active(fit, histories)
    gone = -np.expm1(log_active)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.where(gone > 0, _errors(fit, slope) / gone, 0.0)
    return Chances(np.exp(log_active), errors)


def _active(fit: Fit, histories: Histories) -> tuple[Floats, Floats]:
    """Logarithm of P(active) and its derivatives, exactly: from the two parts of the likelihood."""
    terms = fit.model.terms(fit.logs, histories)
    return np.minimum(terms.active - terms.likelihood, 0.0), terms.active_slope - terms.slope


def _while_active(fit: Fit, pairs: Histories, horizon: float, discount: float) -> tuple[Floats, Floats]:
    middle = _discounted(fit, fit.logs, pairs, horizon, discount)
    slope = np.empty((fit.logs.size, pairs.rows))
    for i in range(fit.logs.size):
        shift = np.zeros(fit.logs.size)
        shift[i] = STEP
        more = _discounted(fit, fit.logs + shift, pairs, horizon, discount)
        less = _discounted(fit, fit.logs - shift, pairs, horizon, discount)
        slope[i] = (np.log(more) - np.log(less)) / (2 * STEP)
    return middle, slope


def _discounted(fit: Fit, logs: Floats, pairs: Histories, horizon: float, discount: float) -> Floats:
    """∫ e^(−discount·s) dF(s) = e^(−discount·H)·F(H) + discount·∫ e^(−discount·s)·F(s) ds, F smooth: Gauss–Legendre."""
    if not discount:
        return fit.model.while_active(logs, pairs, horizon)
    points, weights = np.polynomial.legendre.leggauss(TIMES)
    times, shares = np.append((points + 1) / 2 * horizon, horizon), np.append(weights / 2 * horizon * discount, 1.0)
    many = Histories(*(np.tile(column, times.size) for column in (pairs.x, pairs.t_x, pairs.age, pairs.count)))
    upto = fit.model.while_active(logs, many, np.repeat(times, pairs.rows)).reshape(times.size, pairs.rows)
    return np.asarray((shares * np.exp(-discount * times)) @ upto)


def _errors(fit: Fit, slope: Floats) -> Floats:
    """Standard errors of quantities with these derivatives by the log parameters, shape (rows,)."""
    return np.asarray(np.sqrt(np.maximum(np.einsum("ir,ij,jr->r", slope, known(fit), slope, optimize=True), 0.0)))


def known(fit: Fit) -> Floats:
    """Return the covariance of the log parameters, 0 for those of which the data say nothing: they move nothing."""
    lost = ~np.isfinite(np.diag(fit.covariance))
    covariance = fit.covariance.copy()
    covariance[lost, :] = covariance[:, lost] = 0.0
    return covariance
