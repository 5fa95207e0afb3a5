"""What a model needs to know of a customer: how often they came back, when last, and how long ago they first bought.

Customers with the same three numbers are one row with a count, so that a fit costs what the distinct rows cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Column:
    """One column as its distinct values and, for each row, which of them it has."""

    values: Floats
    index: Index

    def spread(self, table: Floats) -> Floats:
        """Return a table by distinct value as a column by row."""
        return np.take(table, self.index)


@dataclass(frozen=True, eq=False)
class Histories:
    """Distinct histories of customers; arrays of one length, one entry a distinct row.

    x : purchases after the first (repeats); t_x : time from the first purchase to the last, 0 without repeats; age :
    time from the first purchase to the end of what was observed (T in the papers), in the same unit of the caller's
    choice; count : customers with this history.
    """

    x: Floats
    t_x: Floats
    age: Floats
    count: Floats

    def __post_init__(self) -> None:
        if not self.x.shape == self.t_x.shape == self.age.shape == self.count.shape or self.x.ndim != 1:
            raise ValueError("repeats, recency, age and count must be columns of one length")
        for name, column in (("repeats", self.x), ("recency", self.t_x), ("age", self.age), ("count", self.count)):
            if not np.all(np.isfinite(column)) or np.any(column < 0):
                raise ValueError(f"{name} must be finite and not negative")
        if np.any(self.x != np.rint(self.x)):
            raise ValueError("repeats must be whole numbers")
        if np.any(self.t_x > self.age):
            raise ValueError("the last purchase must not be later than the end of what was observed")
        if np.any((self.x == 0) & (self.t_x > 0)):
            raise ValueError("who never came back has recency 0")

    @property
    def rows(self) -> int:
        """Distinct histories."""
        return int(self.x.size)

    @cached_property
    def customers(self) -> float:
        """How many customers there are."""
        return float(self.count.sum())

    @cached_property
    def by_x(self) -> Column:
        """The repeats as distinct values."""
        return _column(self.x)

    @cached_property
    def by_t_x(self) -> Column:
        """The recencies as distinct values."""
        return _column(self.t_x)

    @cached_property
    def by_age(self) -> Column:
        """The ages as distinct values."""
        return _column(self.age)

    @cached_property
    def by_x_and_age(self) -> tuple[Histories, Index]:
        """The distinct pairs of repeats and age (as histories without recency), and which pair each row has.

        What a customer will buy if still active depends on these alone.
        """
        width = self.by_age.values.size
        key, index = _distinct(self.by_x.index * width + self.by_age.index, self.by_x.values.size * width)
        x, age = self.by_x.values[key // width], self.by_age.values[key % width]
        return Histories(x, np.zeros(x.size), age, _sums(index, self.count, key.size)), index

    def some(self, rows: Index | NDArray[np.bool_]) -> Histories:
        """Return these rows alone."""
        return Histories(self.x[rows], self.t_x[rows], self.age[rows], self.count[rows])

    def thinned(self, rows: int) -> Histories:
        """Return about so many rows, evenly spread over the table, counts raised to the same number of customers."""
        step = max(1, self.rows // rows)
        part = self.some(np.arange(0, self.rows, step))
        return Histories(part.x, part.t_x, part.age, part.count * (self.customers / part.customers))

    def by_clock(self, clock: Callable[[Floats], Floats]) -> Histories:
        """Return the same histories with their times told by another clock, which must not go backwards."""
        t_x = Column(clock(self.by_t_x.values), self.by_t_x.index)
        age = Column(clock(self.by_age.values), self.by_age.index)
        told = Histories(self.x, t_x.spread(t_x.values), age.spread(age.values), self.count)
        told.__dict__.update(by_x=self.by_x, by_t_x=t_x, by_age=age)  # the distinct values stay what they were
        return told


def of_customers(x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> tuple[Histories, Index]:
    """Return the distinct histories of customers, and for each customer the row that is theirs.

    x, t_x, age : shape (customers,), repeats, recency and age; see `Histories`. Whole numbers (days) are grouped
    fastest. Raises ValueError for what cannot be a history.
    """
    columns = [_column(np.asarray(values, dtype=np.float64)) for values in (x, t_x, age)]
    if len({column.index.shape for column in columns}) > 1:
        raise ValueError("repeats, recency, age and count must be columns of one length")
    sizes = [column.values.size for column in columns]
    key = (columns[0].index * sizes[1] + columns[1].index) * sizes[2] + columns[2].index
    found, index = _distinct(key, sizes[0] * sizes[1] * sizes[2])
    parts = found // (sizes[1] * sizes[2]), found // sizes[2] % sizes[1], found % sizes[2]
    repeats, recency, since = (column.values[part] for column, part in zip(columns, parts, strict=True))
    return Histories(repeats, recency, since, np.bincount(index, minlength=found.size).astype(np.float64)), index


def _sums(index: Index, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(index, values, size), dtype=np.float64)


def _column(values: Floats) -> Column:
    """Distinct values and index; whole numbers of little range are counted instead of sorted."""
    if values.size and np.all(np.isfinite(values)) and np.min(values) >= 0 and np.max(values) < _COUNTED:
        whole = values.astype(np.intp)
        if np.array_equal(whole, values):
            found, index = _distinct(whole, int(whole.max()) + 1)
            return Column(found.astype(np.float64), index)
    distinct, position = np.unique(values, return_inverse=True)
    return Column(distinct, position)


_COUNTED = 50_000_000
"""Up to this many possible values, a table of all of them is quicker than sorting."""


def _distinct(key: Index, possible: int) -> tuple[Index, Index]:
    """Distinct keys below `possible` in ascending order, and the position of each row's key among them."""
    if possible > _COUNTED:
        found, index = np.unique(key, return_inverse=True)
        return found, index
    seen = np.zeros(possible, dtype=bool)
    seen[key] = True
    found = np.flatnonzero(seen)
    place = np.empty(possible, dtype=np.int32)
    place[found] = np.arange(found.size, dtype=np.int32)
    return found, place[key].astype(np.intp)
