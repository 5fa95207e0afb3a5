"""Reads customers' histories from the days on which they bought, as they were known on any earlier day.

For data that fit into memory; a database gives the same sums grouped (`Origin` says which).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rapport.models.buying.histories import Floats, Histories, Index, of_customers


@dataclass(frozen=True, eq=False)
class PurchaseDays:
    """Days on which customers bought, each once a customer and day, sorted by customer and day; shape (purchases,).

    customer : numbers from 0; day : whole numbers.
    """

    customer: Index
    day: Floats

    def until(self, end: float) -> PurchaseDays:
        """Return what had been bought by the end of that day."""
        seen = self.day <= end
        return PurchaseDays(self.customer[seen], self.day[seen])

    def firsts(self) -> tuple[Index, Floats, Floats, Floats]:
        """Return of each customer (ascending): number, first day, last day, purchases after the first."""
        begins = np.flatnonzero(np.diff(self.customer, prepend=-1))
        ends = np.append(begins, self.customer.size)[1:] - 1
        return self.customer[begins], self.day[begins], self.day[ends], (ends - begins).astype(np.float64)

    def histories(self, end: float) -> tuple[Histories, Index, Index]:
        """Return the histories on that day, the row of each customer known by then, and these customers' numbers."""
        who, first, last, repeats = self.until(end).firsts()
        found, index = of_customers(repeats, last - first, end - first)
        return found, index, who

    def repeat_ages(self, end: float) -> tuple[Floats, Floats]:
        """Return at which ages customers had made repeat purchases by that day, and how many: see `Settling`."""
        seen = self.until(end)
        _, first, _, repeats = seen.firsts()
        age = seen.day - np.repeat(first, (repeats + 1).astype(np.intp))
        ages, count = np.unique(age[age > 0], return_counts=True)
        return ages, count.astype(np.float64)

    def bought(self, after: float, until: float, who: Index) -> Floats:
        """Return how often each of these customers bought after one day and until another."""
        inside = (self.day > after) & (self.day <= until)
        size = int(max(self.customer.max(initial=-1), who.max(initial=-1))) + 1
        return np.bincount(self.customer[inside], minlength=size)[who].astype(np.float64)


def purchase_days(customer: ArrayLike, day: ArrayLike) -> PurchaseDays:
    """Return purchases, in any order and with repetitions, as days of purchase. Raises ValueError for odd columns."""
    who, when = np.asarray(customer, dtype=np.intp), np.asarray(day, dtype=np.float64)
    if who.shape != when.shape or who.ndim != 1 or np.any(who < 0) or not np.all(when == np.rint(when)):
        raise ValueError("customers must be numbered from 0 and days whole numbers, columns of one length")
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    new = np.ones(who.size, dtype=bool)
    new[1:] = (np.diff(who) > 0) | (np.diff(when) > 0)
    return PurchaseDays(who[new], when[new])
