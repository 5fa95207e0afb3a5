"""Takes the luck out of a ranking: segments with little data move towards the average before they are compared.

Sources: Efron & Morris (1975), JASA 70:311; Paule & Mandel (1982), J. Research NBS 87:377; DerSimonian & Kacker
(2007), Contemporary Clinical Trials 28:105.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_STEPS = 200


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Shrunk effects, one a segment, in the unit of the effects.

    values : best guesses; sds : their posterior standard deviations; tau2 : variance of the true effects between
    segments; centre : the value all are drawn to.
    """

    values: NDArray[np.float64]
    sds: NDArray[np.float64]
    tau2: float
    centre: float


def shrink(effects: ArrayLike, ses: ArrayLike) -> NDArray[np.float64]:
    """Return the effects shrunk towards their precision-weighted mean; see `shrunk`."""
    return shrunk(effects, ses).values


def shrunk(effects: ArrayLike, ses: ArrayLike, centre: float | None = None) -> Shrunk:
    """Normal–normal empirical Bayes: each effect is drawn to the centre by se²/(se² + tau²).

    effects, ses : shape (k,), one a segment; an infinite SE (or an effect that is not a number) gives the centre.
    centre : a known centre, such as 0 for effects against the rest; None estimates it, weighted by 1/(se² + tau²).
    tau² is Paule & Mandel's: the value at which the weighted squares about the centre equal their degrees of freedom;
    0 if the effects vary no more than their SEs explain. A single effect is its own centre and stays as it is.
    Raises ValueError if shapes differ or an SE is negative or 0.
    """
    values = np.atleast_1d(np.asarray(effects, dtype=np.float64))
    errors = np.atleast_1d(np.asarray(ses, dtype=np.float64))
    if values.shape != errors.shape or values.ndim != 1:
        raise ValueError(f"effects {values.shape} and ses {errors.shape} must be two lists of one length")
    if np.any(errors <= 0):
        raise ValueError("standard errors must be positive")
    known = np.isfinite(values) & np.isfinite(errors)
    if not known.any():
        middle = 0.0 if centre is None else centre
        return Shrunk(np.full(values.shape, middle), np.full(values.shape, np.inf), 0.0, middle)
    tau2 = _paule_mandel(values[known], errors[known] ** 2, centre)
    middle = _centre(values[known], errors[known] ** 2 + tau2, centre)
    keep = np.zeros(values.shape)
    keep[known] = tau2 / (errors[known] ** 2 + tau2)
    moved = middle + keep * (np.where(known, values, middle) - middle)
    sds = np.sqrt(tau2 * (1 - keep))
    return Shrunk(moved, sds, tau2, middle)


def _centre(values: NDArray[np.float64], variances: NDArray[np.float64], centre: float | None) -> float:
    return float(np.average(values, weights=1 / variances)) if centre is None else centre


def _paule_mandel(values: NDArray[np.float64], variances: NDArray[np.float64], centre: float | None) -> float:
    """Solve Σ (y − centre)²/(v + tau²) = degrees of freedom for tau² >= 0 by bisection."""
    df = values.size - (1 if centre is None else 0)
    if df < 1:
        return 0.0

    def excess(tau2: float) -> float:
        total = variances + tau2
        return float(np.sum((values - _centre(values, total, centre)) ** 2 / total)) - df

    if excess(0.0) <= 0:
        return 0.0
    reach = max(float(np.ptp(values)), float(np.abs(values - _centre(values, variances, centre)).max()))
    low, high = 0.0, values.size * reach**2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
