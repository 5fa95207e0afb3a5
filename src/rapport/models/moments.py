"""The few sums that are enough to compare groups of rows when one customer has many rows.

The database adds them up in two stages (customer by cell, then cells); nothing here grows with the number of rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over one cell; i runs over the clusters (customers) with at least one row in the cell.

    n : rows; s : sum of values; g : clusters; nn, ss, ns : Σ n_i², Σ s_i², Σ n_i·s_i.
    nt, st, n_st, s_nt : Σ n_i·n_iT, Σ s_i·s_iT, Σ n_i·s_iT, Σ s_i·n_iT, where T is that cluster's total over all
    cells. They are needed to compare a cell with everything else; without them (NaN) only `mean` and
    `contrast_between` can be used.
    """

    n: float
    s: float
    g: int
    nn: float
    ss: float
    ns: float
    nt: float = math.nan
    st: float = math.nan
    n_st: float = math.nan
    s_nt: float = math.nan

    @property
    def mean(self) -> float:
        """Sum of values by rows, in the unit of a value; NaN without rows."""
        return self.s / self.n if self.n > 0 else math.nan

    @property
    def effective_clusters(self) -> float:
        """How many clusters of equal size would weigh the same: n²/Σ n_i², at most g, exactly g if all are equal.

        Source: Kish (1965), Survey Sampling, 11.7; as degrees of freedom Carter, Schnepel & Steigerwald (2017),
        Review of Economics and Statistics 99:698.
        """
        return self.n * self.n / self.nn if self.nn > 0 else 0.0

    @property
    def looks_like_shares(self) -> bool:
        """Whether the sums fit values between 0 and 1 (then 0 <= s_i <= n_i in every cluster)."""
        slack = 1 + _EPSILON
        return 0 <= self.s <= self.n * slack and self.ss <= self.ns * slack and self.ns <= self.nn * slack

    def residual_square(self) -> float:
        """Return Σ (s_i − mean·n_i)², 0 where only rounding is left of it."""
        if self.n <= 0:
            return math.nan
        m = self.mean
        left = self.ss - 2 * m * self.ns + m * m * self.nn
        return left if left > _EPSILON * (abs(self.ss) + m * m * self.nn) else 0.0


def of_rows(values: ArrayLike, clusters: ArrayLike, inside: ArrayLike | None = None) -> Moments:
    """Return the moments of rows held in memory.

    values : shape (n,); clusters : shape (n,), integers; inside : shape (n,), True for rows of the cell (None: all).
    The database does the same in two grouped stages.
    """
    value = np.asarray(values, dtype=np.float64)
    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    mask = np.ones(value.shape, dtype=bool) if inside is None else np.asarray(inside, dtype=bool)
    count = int(index.max()) + 1 if index.size else 0
    n_all, s_all = np.bincount(index, minlength=count), np.bincount(index, weights=value, minlength=count)
    n = np.bincount(index[mask], minlength=count)
    s = np.bincount(index[mask], weights=value[mask], minlength=count)
    return Moments(
        n=float(n.sum()),
        s=float(s.sum()),
        g=int((n > 0).sum()),
        nn=float((n * n).sum()),
        ss=float((s * s).sum()),
        ns=float((n * s).sum()),
        nt=float((n * n_all).sum()),
        st=float((s * s_all).sum()),
        n_st=float((n * s_all).sum()),
        s_nt=float((s * n_all).sum()),
    )


def subtract(total: Moments, part: Moments) -> Moments:
    """Return the moments of everything but the part.

    Valid where `part` is a cell of `total` and carries the cross moments (ValueError otherwise): the rest of customer
    i is n_iT − n_i. The number of clusters in the rest cannot be known from sums; `g` is a lower bound, the larger of
    the clusters without a row in the part and the effective number of clusters. Cross moments of the rest with the
    total follow too.
    """
    if math.isnan(part.nt):
        raise ValueError("the part has no cross moments with the total")
    if part.n > total.n * (1 + _EPSILON):
        raise ValueError(f"the part has {part.n} rows, the total only {total.n}")
    rest = Moments(
        n=max(0.0, total.n - part.n),
        s=total.s - part.s,
        g=0,
        nn=max(0.0, total.nn - 2 * part.nt + part.nn),
        ss=max(0.0, total.ss - 2 * part.st + part.ss),
        ns=total.ns - part.n_st - part.s_nt + part.ns,
        nt=total.nn - part.nt,
        st=total.ss - part.st,
        n_st=total.ns - part.n_st,
        s_nt=total.ns - part.s_nt,
    )
    clusters = min(total.g, max(total.g - part.g, math.ceil(rest.effective_clusters - 1e-9)))
    return Moments(rest.n, rest.s, clusters, rest.nn, rest.ss, rest.ns, rest.nt, rest.st, rest.n_st, rest.s_nt)


def added(parts: Iterable[Moments]) -> Moments:
    """Return the rows of several cells together; a customer who stands in several counts as a cluster in each."""
    n = s = nn = ss = ns = 0.0
    g = 0
    for p in parts:
        n, s, g, nn, ss, ns = n + p.n, s + p.s, g + p.g, nn + p.nn, ss + p.ss, ns + p.ns
    return Moments(n, s, g, nn, ss, ns)


def splits(parts: Sequence[Moments]) -> list[tuple[Moments, Moments]]:
    """Return, for each number of parts from none to all, the first so many together and the others together."""

    def then(sofar: Moments, part: Moments) -> Moments:
        return added((sofar, part))

    first = accumulate(parts, then, initial=added(()))
    last = accumulate(reversed(parts), then, initial=added(()))
    return list(zip(first, reversed(list(last)), strict=True))
