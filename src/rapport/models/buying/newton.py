"""Climbs a smooth hill in a few dimensions, and tells how sharp its top is.

Newton's method with the Hessian from central differences of the analytic gradient; a trust region (Levenberg) keeps
steps short where the hill is not yet a dome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rapport.models.buying.histories import Floats

Hill = Callable[[Floats], tuple[float, Floats]]
"""Height and gradient at a point."""

STEP = 1e-4
"""Of the central differences: their error is of the order of its square, and the coordinates are logarithms."""
LONGEST = 2.0
"""Longest step in a coordinate: a factor of 7 in a parameter."""


@dataclass(frozen=True, slots=True)
class Top:
    """Where the climb ended: point, height, gradient, Hessian there, steps taken."""

    point: Floats
    height: float
    gradient: Floats
    hessian: Floats
    steps: int
    converged: bool


def hessian_at(hill: Hill, point: Floats) -> Floats:
    """Return the matrix of second derivatives."""
    size = point.size
    rows = np.empty((size, size))
    for i in range(size):
        shift = np.zeros(size)
        shift[i] = STEP
        rows[i] = (hill(point + shift)[1] - hill(point - shift)[1]) / (2 * STEP)
    return (rows + rows.T) / 2


def _roughly(hill: Hill, point: Floats, gradient: Floats) -> Floats:
    """Return them from forward differences, at half the cost: near enough to know where to step."""
    rows = np.stack([hill(point + shift)[1] - gradient for shift in np.eye(point.size) * STEP]) / STEP
    return np.asarray((rows + rows.T) / 2)


def climb(
    hill: Hill, start: Floats, hessian: Floats | None = None, steps: int = 60, enough: float = 1e-9, wide: float = 15.0
) -> Top:
    """Return the top reached from `start`.

    hessian : a first guess, kept while each step brings the point at least ten times nearer. It ends when a Newton
    step would gain less than `enough`, after so many steps, where the hill is no hill (its slopes are no numbers), or
    when a coordinate has gone `wide` away: that hill has no top.
    """
    return _surveyed(hill, _climbed(hill, start, hessian, steps, enough, wide))


def highest(hill: Hill, starts: Sequence[Floats], enough: float) -> Top:
    """Return the highest of the tops reached from several starts, the first of equals; see `climb`."""
    tops = [_climbed(hill, start, None, 60, enough, 15.0) for start in starts]
    return _surveyed(hill, max(tops, key=lambda top: top.height))


def _surveyed(hill: Hill, top: Top) -> Top:
    return replace(top, hessian=hessian_at(hill, top.point))


def _climbed(hill: Hill, start: Floats, hessian: Floats | None, steps: int, enough: float, wide: float) -> Top:
    """Return the top without its Hessian."""
    point, (height, gradient) = start, hill(start)
    shape, fresh, damping, before = hessian, False, 0.0, np.inf
    converged, taken = False, 0
    while taken < steps:
        if shape is None:
            shape, fresh = _roughly(hill, point, gradient), True
        if not np.isfinite(shape).all() or not np.isfinite(gradient).all():
            break
        step = _step(shape, gradient, damping)
        gain = float(gradient @ step)
        if gain < enough:
            converged = True
            break
        if not fresh and gain > before / 10:
            shape = None
            continue
        taken += 1
        there = point + step
        reached, slope = hill(there)
        if not np.isfinite(reached) or reached < height:
            damping = max(10 * damping, 1e-3 * float(np.max(np.abs(shape))))
            if float(np.max(np.abs(step))) < _SHORTEST:
                break
            continue
        point, height, gradient, before = there, reached, slope, gain
        damping, fresh = damping / 10 if damping > _SMALL else 0.0, False
        if float(np.max(np.abs(point - start))) > wide:
            break
    return Top(point, height, gradient, _UNKNOWN, taken, converged)


_UNKNOWN = np.empty((0, 0))
_SHORTEST = 1e-10
_SMALL = 1e-6


def _step(hessian: Floats, gradient: Floats, damping: float) -> Floats:
    """Newton's step uphill, every direction taken as if the hill were a dome there, no longer than LONGEST."""
    values, vectors = np.linalg.eigh(hessian)
    sharp = np.maximum(np.abs(values), max(1e-12 * float(np.max(np.abs(values))), 1e-300)) + damping
    step = vectors @ ((vectors.T @ gradient) / sharp)
    return np.asarray(step * min(1.0, LONGEST / max(float(np.max(np.abs(step))), 1e-300)))
