"""How long contracts will last and what they will bring, from the hazard of their coming periods.

Intervals carry the uncertainty of the hazard's coefficients by the delta method, on logarithms (log odds for shares).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rapport.models.hazard import Floats, Hazard

STEP = 1e-4
"""Of the central differences by coefficients."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """Of each contract: the periods it will pay, those discounted, the share still there at the end; and their errors.

    Shape (contracts,). paid_errors and worth_errors are standard errors of logarithms, staying_errors of log odds.
    """

    paid: Floats
    paid_errors: Floats
    worth: Floats
    worth_errors: Floats
    staying: Floats
    staying_errors: Floats


def ahead(hazard: Hazard, rows: ArrayLike, weights: ArrayLike) -> Ahead:
    """Return what becomes of contracts whose coming periods look like these rows.

    rows : shape (contracts, periods, columns), in order of time; weights : what a period's payment counts today, shape
    (periods,). Who leaves within a period is taken to pay for half of it.
    """
    design, weight = np.asarray(rows, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    middle = _logs(hazard.coefficients, design, weight)
    slope = np.empty((hazard.coefficients.size, *middle.shape))
    for i in range(hazard.coefficients.size):
        shift = np.zeros(hazard.coefficients.size)
        shift[i] = STEP
        way = shift.reshape(hazard.coefficients.shape)
        more, less = (_logs(hazard.coefficients + side * way, design, weight) for side in (1, -1))
        slope[i] = (more - less) / (2 * STEP)
    variance = np.einsum("ikc,ij,jkc->kc", slope, hazard.covariance, slope, optimize=True)
    errors = np.sqrt(np.maximum(variance, 0.0))
    paid, worth, odds = middle
    return Ahead(np.exp(paid), errors[0], np.exp(worth), errors[1], 1 / (1 + np.exp(-odds)), errors[2])


def _logs(coefficients: Floats, design: Floats, weight: Floats) -> Floats:
    """Logarithms of the periods paid, and of those discounted; log odds of staying to the end; shape (3, contracts)."""
    odds = design @ coefficients.T
    stay = 1 / (1 + np.exp(odds).sum(axis=2))
    there = np.cumprod(stay, axis=1)
    within = (np.concatenate([np.ones((there.shape[0], 1)), there[:, :-1]], axis=1) + there) / 2
    last = np.clip(there[:, -1], _LEAST, 1 - _LEAST)
    return np.stack([np.log(within.sum(axis=1)), np.log(within @ weight), np.log(last / (1 - last))])


_LEAST = 1e-12
