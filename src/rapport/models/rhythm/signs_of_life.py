"""Turns the moments at which customers gave a sign of life into the gaps between them and the silence since.

The caller decides what is a sign of life: orders, logins, clicked or answered messages, visits, tickets; no opened
mail (machines open them) and no cancellation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Gaps:
    """What is needed of each customer; arrays of one length.

    count : closed gaps; mean_log : mean of their logarithms (0 without); square_log : sum of squares of the logarithms
    about it; total : sum of the gaps; silence : time since the last sign of life, the open gap, in the same unit.
    """

    count: Floats
    mean_log: Floats
    square_log: Floats
    total: Floats
    silence: Floats

    def some(self, rows: slice | NDArray[np.bool_] | Index) -> Gaps:
        """Return these customers alone."""
        return Gaps(self.count[rows], self.mean_log[rows], self.square_log[rows], self.total[rows], self.silence[rows])

    def silent_for(self, silence: Floats) -> Gaps:
        """Return the same customers with another silence."""
        return Gaps(self.count, self.mean_log, self.square_log, self.total, silence)

    def in_units_of(self, unit: float) -> Gaps:
        """Return the same gaps with times divided by `unit`."""
        centre = np.where(self.count > 0, self.mean_log - np.log(unit), 0.0)
        return Gaps(self.count, centre, self.square_log, self.total / unit, self.silence / unit)


def gaps_of(customer: ArrayLike, time: ArrayLike, end: float) -> tuple[Gaps, Index]:
    """Return the gaps of customers from their signs of life, and the customers' numbers in ascending order.

    customer : numbers; time : when, shape (signs,), in any order; signs at one time count once, later than `end` not.
    """
    who, when = np.asarray(customer, dtype=np.intp), np.asarray(time, dtype=np.float64)
    if who.shape != when.shape or who.ndim != 1:
        raise ValueError("customers and times must be columns of one length")
    seen = when <= end
    order = np.lexsort((when[seen], who[seen]))
    who, when = who[seen][order], when[seen][order]
    inside = (np.diff(who) == 0) & (np.diff(when) > 0)
    numbers, index = np.unique(who, return_inverse=True)
    length, of = np.diff(when)[inside], index[1:][inside]
    gap = np.log(length)
    count = np.bincount(of, minlength=numbers.size).astype(np.float64)
    mean = np.asarray(np.bincount(of, gap, numbers.size) / np.maximum(count, 1.0))
    square = np.asarray(np.bincount(of, (gap - mean[of]) ** 2, numbers.size), dtype=np.float64)
    last = np.full(numbers.size, -np.inf)
    np.maximum.at(last, index, when)
    total = np.asarray(np.bincount(of, length, numbers.size), dtype=np.float64)
    return Gaps(count, mean, square, total, end - last), numbers
