"""How sure is a change of one place, net of all others, when customers stand before and after, here and elsewhere?

Each customer has up to four sums of rows and values: in the place and elsewhere, after and before. A mean is the ratio
of two sums over customers, linearised (Cochran 1977, Sampling Techniques, 6.3; Liang & Zeger 1986, Biometrika 73:13):
customer i moves a side's mean by a = (s_i − m·n_i)/N. The change of the place is the mean after less that before, its
net change that less the same of all others, and a customer moves it by the sum of their a with these signs. The
variance is the sum of the squares: exact for whoever stands on several sides, whether that makes it larger (the same
few for a year, then others) or smaller (the same before and after).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SIDES = 4
"""After and before in the place, after and before elsewhere."""
NET: Floats = np.array([1.0, -1.0, -1.0, 1.0])
OWN: Floats = np.array([1.0, -1.0, 0.0, 0.0])


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Sums over customers of one place and of all others, after and before.

    sums : shape (8,), rows of the four sides, then sums of values of them. cross : shape (8, 8), for each pair of these
    the sum over customers of their product. customers : how many have a row in the place.
    """

    sums: Floats
    cross: Floats
    customers: int

    def se(self, *, net: bool) -> float:
        """Return the standard error of the change of the place, `net` of that of all others or by itself.

        In the unit of a value, times √(g/(g − 1)) for g customers; infinite with fewer than two of them, or where a
        side that counts has no rows.
        """
        signs = NET if net else OWN
        n, s = self.sums[:SIDES], self.sums[SIDES:]
        if self.customers < 2 or np.any((n <= 0) & (signs != 0)):
            return math.inf
        share = np.divide(signs, n, out=np.zeros(SIDES), where=n > 0)
        mean = np.divide(s, n, out=np.zeros(SIDES), where=n > 0)
        moved = np.concatenate([-mean * share, share])
        square = float(moved @ self.cross @ moved)
        return math.sqrt(max(square, 0.0) * self.customers / (self.customers - 1))


def sides_of(values: Floats, customers: NDArray[np.int32], inside: Bools, after: Bools) -> Sides:
    """Return the sums of rows held in memory.

    values : shape (n,); customers : shape (n,), whose each row is, numbers from 0; inside : whether it is of the place;
    after : whether it is of the time after.
    """
    width = int(customers.max(initial=-1)) + 1
    masks = (inside & after, inside & ~after, ~inside & after, ~inside & ~after)
    counts = [np.bincount(customers[m], minlength=width).astype(np.float64) for m in masks]
    totals = [np.bincount(customers[m], weights=values[m], minlength=width).astype(np.float64) for m in masks]
    table = np.stack([*counts, *totals])
    return Sides(table.sum(axis=1), table @ table.T, int(((counts[0] + counts[1]) > 0).sum()))
