"""The difference of two estimates of which only the values and their intervals are known, lopsided ones included.

Sources: Zou & Donner (2008), Statistics in Medicine 27:1693 (recovery of the variances from the limits); Newcombe
(1998), Statistics in Medicine 17:873, of whose interval for two shares it is the general form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rapport.models.student import normal_tail, two_sided

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the limits of its 95 % interval, low <= value <= high."""

    value: float
    low: float
    high: float

    def __neg__(self) -> Estimate:
        """Return the same, counted the other way."""
        return Estimate(-self.value, -self.high, -self.low)


def difference(after: Estimate, before: Estimate) -> Estimate:
    """Return after − before with its interval, as if the two had no rows in common.

    Where they have some, the covariance is positive and the interval is wider than it need be, never narrower.
    """
    low = math.hypot(after.value - after.low, before.high - before.value)
    high = math.hypot(after.high - after.value, before.value - before.low)
    value = after.value - before.value
    return Estimate(value, value - low, value + high)


def p_more(one: Estimate, least: float = 0.0) -> float:
    """Return the one-sided p-value of "it is at most `least`", from the half of the interval that points there.

    An interval without width was counted, not estimated: the answer is then 0 or 1.
    """
    se = (one.value - one.low) / two_sided(LEVEL)
    if se <= 0:
        return 0.0 if one.value > least else 1.0
    return normal_tail((one.value - least) / se)
