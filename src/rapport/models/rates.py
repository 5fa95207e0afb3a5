"""How sure a rate of rare events is, given how many were counted."""

from __future__ import annotations

import math

from rapport.core.interval import Interval

HALVINGS = 200


def poisson_rate(count: int, exposure: float, level: float = 0.95) -> Interval:
    """Return events per unit of exposure with the exact interval of Garwood (1936, Biometrika 28:437).

    The lower end is the rate under which so many or more have probability (1 − level)/2, the upper the rate under which
    so many or fewer have it. Without exposure the value is NaN and the bounds None. Raises ValueError below 0.
    """
    if count < 0 or exposure < 0:
        raise ValueError(f"count {count} and exposure {exposure} must not be below 0")
    if exposure == 0:
        return Interval(math.nan, None, None, 0, level)
    tail = (1 - level) / 2
    low = _mean_at(count - 1, 1 - tail) if count else 0.0
    return Interval(count / exposure, low / exposure, _mean_at(count, tail) / exposure, round(exposure), level)


def _mean_at(count: int, probability: float) -> float:
    """Return the Poisson mean under which `count` events or fewer have this probability."""
    low, high = 0.0, 10.0 * (count + 10)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, middle) > probability else (low, middle)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    if mean == 0:
        return 1.0
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
