"""The chance that a contract ends in the coming period, by how old it is and what is known of it, and for which reason.

Discrete time: each contract counts once in every period in which it could have ended. The reasons (left, payment
failed) compete: one multinomial logit for all of them against staying. A ridge holds coefficients that few leavers
could not; the baseline by age is not held.
Sources: Singer & Willett (1993), J. Educational Statistics 18:155; Tutz & Schmid (2016), Modeling Discrete
Time-to-Event Data, 3 and 8 (competing risks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.models.student import two_sided

Floats = NDArray[np.float64]

STEPS, ENOUGH = 100, 1e-10


@dataclass(frozen=True, eq=False)
class Hazard:
    """A fitted hazard.

    coefficients : shape (reasons, columns), log odds of leaving for that reason against staying; covariance : of them
    row after row, the inverse of the observed (penalised) information; log_likelihood : without the ridge; periods :
    contract periods fitted; ended : contracts that ended, by reason.
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    periods: float
    ended: Floats
    converged: bool

    def chances(self, rows: ArrayLike) -> Floats:
        """Return the chance of ending in one period by reason, shape (rows, reasons); rows : shape (rows, columns)."""
        return _shares(self.coefficients, np.atleast_2d(np.asarray(rows, dtype=np.float64)))

    def course(self, rows: ArrayLike, level: float = 0.95) -> Course:
        """Return what becomes of one contract whose coming periods look like these rows.

        rows : shape (periods, columns), in order of time. The interval is the delta method's, on the log odds.
        """
        ahead = np.atleast_2d(np.asarray(rows, dtype=np.float64))
        chance = _shares(self.coefficients, ahead)
        stay = 1 - chance.sum(axis=1)
        before = np.concatenate([[1.0], np.cumprod(stay)[:-1]])
        ended = np.cumsum(before[:, None] * chance, axis=0)
        slope = self._course_slope(ahead, chance, stay, before)
        error = np.sqrt(np.maximum(np.einsum("tki,ij,tkj->tk", slope, self.covariance, slope, optimize=True), 0.0))
        inside = np.clip(ended, _LEAST, 1 - _LEAST)
        odds, half = np.log(inside / (1 - inside)), two_sided(level) * error / (inside * (1 - inside))
        return Course(np.cumprod(stay), ended, 1 / (1 + np.exp(half - odds)), 1 / (1 + np.exp(-half - odds)))

    def _course_slope(self, ahead: Floats, chance: Floats, stay: Floats, before: Floats) -> Floats:
        """Derivatives of the cumulative incidences by the coefficients, shape (periods, reasons, coefficients)."""
        reasons = chance.shape[1]
        # dp_k/dη_l = p_k·(1[k = l] − p_l); η_l = row·coefficients_l
        inner = chance[:, :, None] * (np.eye(reasons)[None] - chance[:, None, :])
        chance_slope = (inner[:, :, :, None] * ahead[:, None, None, :]).reshape(ahead.shape[0], reasons, -1)
        log_stay = -chance_slope.sum(axis=1) / stay[:, None]
        until = np.cumsum(log_stay, axis=0) - log_stay
        each = before[:, None, None] * (chance_slope + chance[:, :, None] * until[:, None, :])
        return np.asarray(np.cumsum(each, axis=0))


@dataclass(frozen=True, eq=False)
class Course:
    """Of one contract after each coming period: share still there (periods,), ended by reason with limits."""

    staying: Floats
    ended: Floats
    low: Floats
    high: Floats


_LEAST = 1e-12


def fit_hazard(rows: ArrayLike, at_risk: ArrayLike, ended: ArrayLike, ridge: ArrayLike = 0.0) -> Hazard:
    """Return the hazard that made these endings likeliest.

    rows : shape (rows, columns), one row a combination of age and what is known at the period's beginning; indicator
    columns for the ages make the baseline. at_risk : contracts that could end in such a period, shape (rows,);
    ended : how many did, shape (rows, reasons). ridge : weight of a normal prior on each column's coefficients, about
    0, one number or one a column (0 for the baseline). Raises ValueError for counts that cannot be.
    """
    design, risk, out = (np.asarray(values, dtype=np.float64) for values in (rows, at_risk, ended))
    out = out[:, None] if out.ndim == 1 else out
    if design.ndim != 2 or not design.shape[0] == risk.size == out.shape[0]:
        raise ValueError("rows, contracts at risk and endings must be of one length")
    if np.any(out < 0) or np.any(out.sum(axis=1) > risk * (1 + 1e-9)):
        raise ValueError("more contracts ended than could")
    reasons, columns = out.shape[1], design.shape[1]
    held = np.tile(np.broadcast_to(np.asarray(ridge, dtype=np.float64), columns), reasons)
    point = np.zeros(reasons * columns)
    height = _height(point, design, risk, out, held)
    converged = False
    for _ in range(STEPS):
        slope, information = _slopes(point, design, risk, out, held)
        step = np.linalg.lstsq(information, slope, rcond=1e-12)[0]
        gain = float(slope @ step)
        if gain < ENOUGH:
            converged = True
            break
        shrink = 1.0
        while (there := _height(point + shrink * step, design, risk, out, held)) < height and shrink > 1e-8:
            shrink /= 2
        point, height = point + shrink * step, there
    _, information = _slopes(point, design, risk, out, held)
    likelihood = height + float(held @ point**2) / 2
    covariance = np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)
    return Hazard(
        point.reshape(reasons, columns), covariance, likelihood, float(risk.sum()), out.sum(axis=0), converged
    )


def _shares(coefficients: Floats, design: Floats) -> Floats:
    odds = design @ coefficients.T
    top = np.maximum(odds.max(axis=1, keepdims=True), 0.0)
    weight = np.exp(odds - top)
    return np.asarray(weight / (np.exp(-top) + weight.sum(axis=1, keepdims=True)))


def _height(point: Floats, design: Floats, risk: Floats, out: Floats, held: Floats) -> float:
    odds = design @ point.reshape(out.shape[1], -1).T
    top = np.maximum(odds.max(axis=1), 0.0)
    total = top + np.log(np.exp(-top) + np.exp(odds - top[:, None]).sum(axis=1))
    return float(np.sum(out * odds) - risk @ total) - float(held @ point**2) / 2


def _slopes(point: Floats, design: Floats, risk: Floats, out: Floats, held: Floats) -> tuple[Floats, Floats]:
    """Gradient, and the information: minus the second derivatives."""
    reasons, columns = out.shape[1], design.shape[1]
    share = _shares(point.reshape(reasons, columns), design)
    slope = ((out - risk[:, None] * share).T @ design).ravel() - held * point
    information = np.diag(held)
    for k in range(reasons):
        for other in range(reasons):
            weight = risk * share[:, k] * ((k == other) - share[:, other])
            block = (design * weight[:, None]).T @ design
            information[k * columns : (k + 1) * columns, other * columns : (other + 1) * columns] += block
    return slope, information
