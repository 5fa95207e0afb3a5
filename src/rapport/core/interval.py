"""A number with its interval and its n: nothing is printed without them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with a confidence interval.

    `value`, `low` and `high` are in the unit of whatever is measured; `n` counts the rows (cases) behind it.
    A bound is None where it cannot be known (a median that half of the cases never reach).
    """

    value: float
    low: float | None
    high: float | None
    n: int
    level: float = 0.95

    def within(self, low: float, high: float) -> bool:
        """Whether the whole interval lies between `low` and `high`."""
        return self.low is not None and self.high is not None and low <= self.low and self.high <= high
