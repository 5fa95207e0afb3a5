"""Names for how recently and how often customers buy, as a true partition, and who moved between two dates.

Scores run from 1 to 5, 5 is best. Customers with the same value always get the same score: a rank that breaks ties by
the order of rows would call one of two equal customers loyal and the other not.

Source: the recency × frequency grid with ten names in common use (`conventions.md`, 3.7, map A); the value of orders is
a second axis and not part of the name. Hughes (1994), "Strategic Database Marketing", for the quintiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]

SCORES = 5

NAMES = (
    "Champions",
    "Loyal",
    "Potential Loyalists",
    "New",
    "Promising",
    "Need Attention",
    "About To Sleep",
    "At Risk",
    "Can't Lose Them",
    "Hibernating",
)
"""From the nearest relationship to the most distant one."""

# One row for each score of recency (1 to 5), one letter for each score of frequency (1 to 5): the place in NAMES.
_GRID = (
    (9, 9, 7, 7, 8),
    (9, 9, 7, 7, 8),
    (6, 6, 5, 1, 1),
    (4, 2, 2, 1, 1),
    (3, 2, 2, 0, 0),
)


def scores(values: ArrayLike, higher_is_better: bool = True) -> Ints:
    """Return 1 to 5 for each value: in which fifth it lies, counting the share of customers with a worse value.

    values : shape (n,), finite. Equal values get equal scores; where half of the customers share one value some scores
    stay empty, which is what the data say. Raises ValueError for values that are not finite.
    """
    x = np.asarray(values, dtype=np.float64)
    if not np.isfinite(x).all():
        raise ValueError("a value to be ranked is missing or infinite")
    signed = x if higher_is_better else -x
    worse = np.searchsorted(np.sort(signed), signed, side="left")
    # In whole numbers: a share of three fifths must not become 2.9999.
    fifth: Ints = 1 + (SCORES * worse) // max(1, x.size)
    return fifth


def named(recency: ArrayLike, frequency: ArrayLike) -> NDArray[Any]:
    """Return each customer's place in `NAMES` from scores of recency and frequency, both shape (n,), 1 to 5."""
    r, f = np.asarray(recency, dtype=np.int64), np.asarray(frequency, dtype=np.int64)
    if r.size and not (min(r.min(), f.min()) >= 1 and max(r.max(), f.max()) <= SCORES):
        raise ValueError(f"scores lie between 1 and {SCORES}")
    return np.asarray(_GRID, dtype=np.int64)[r - 1, f - 1]


@dataclass(frozen=True, slots=True)
class Migration:
    """Who moved from which segment to which between two dates.

    counts : shape (names + 1, names + 1); rows are before, columns after; the last row holds those who were not there
    yet, the last column those who are no longer counted. names : of rows and columns, without the last.
    """

    counts: Ints
    names: tuple[str, ...]

    @property
    def stayed(self) -> float:
        """The share of those there at both dates whose segment is the same; NaN without any."""
        both = self.counts[:-1, :-1]
        return float(np.trace(both) / both.sum()) if both.sum() else float("nan")


def migration(before: ArrayLike, after: ArrayLike, names: tuple[str, ...] = NAMES) -> Migration:
    """Count the moves. before, after : shape (n,), places in `names`, −1 for not there; one customer a row in both."""
    there = len(names)
    b, a = (np.where(np.asarray(side) < 0, there, np.asarray(side)).astype(np.int64) for side in (before, after))
    if b.shape != a.shape:
        raise ValueError(f"before has {b.size} customers, after {a.size}")
    counts = np.bincount(b * (there + 1) + a, minlength=(there + 1) ** 2).reshape(there + 1, there + 1)
    counts[there, there] = 0
    return Migration(counts.astype(np.int64), names)
