"""What an audit receives: cells with what is needed to test them, durations as curves, and plain totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from rapport.models.before_after import Sides
from rapport.models.clustered import Moments
from rapport.models.survival import Curve, from_bins

Key = tuple[tuple[str, str], ...]
Bins = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]
V = TypeVar("V")
Index = dict[tuple[str, ...], list[tuple[Key, V]]]


def key_of(scope: Mapping[str, str]) -> Key:
    """Return a scope as a sorted tuple of pairs, so that it can be looked up."""
    return tuple(sorted(scope.items()))


def _along(cells: Mapping[Key, V], index: Index[V], names: tuple[str, ...]) -> list[tuple[Key, V]]:
    """Return the cells of one set of columns in the order of their values; `index` remembers them for all sets."""
    if not index:
        for key in sorted(cells):
            index.setdefault(tuple(name for name, _ in key), []).append((key, cells[key]))
    return index.get(tuple(sorted(names)), [])


@dataclass(frozen=True, slots=True)
class Cells:
    """Means by cells, clustered by customer: the answer to a `Breakdown`.

    `by` lists the sets of columns that the data allowed; cells whose value is unknown count in the total only. `sides`
    goes back to the rows and gives, for a cell and the month in which something may have begun, the sums by customer
    after and before, in the cell and elsewhere; None where there are no rows to go back to.
    """

    total: Moments
    cells: Mapping[Key, Moments]
    by: tuple[tuple[str, ...], ...] = ()
    sides: Callable[[Mapping[str, str], str], Sides] | None = field(default=None, repr=False, compare=False)
    _index: Index[Moments] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, scope: Mapping[str, str]) -> Moments | None:
        """Return the moments of a cell, the total for an empty scope, None where there is no such cell."""
        return self.cells.get(key_of(scope)) if scope else self.total

    def along(self, *names: str) -> Iterator[tuple[dict[str, str], Moments]]:
        """Yield the cells of one set of columns, in the order of their values."""
        for key, moments in _along(self.cells, self._index, names):
            yield dict(key), moments


@dataclass(frozen=True, slots=True)
class TimeCells:
    """Durations by cells: the answer to `Times`, each cell a Kaplan–Meier curve from a fixed log-histogram."""

    bins: Mapping[Key, Bins]
    by: tuple[tuple[str, ...], ...] = ()
    _index: Index[Bins] = field(default_factory=dict, init=False, repr=False, compare=False)

    def curve(self, scope: Mapping[str, str] | None = None) -> Curve | None:
        """Return the survival curve of a cell in seconds, of everything for no scope, None where it is empty."""
        found = self.bins.get(key_of(scope or {}))
        return from_bins(*found) if found is not None else None

    def counts(self, scope: Mapping[str, str] | None = None) -> tuple[int, int]:
        """Return how many cases of a cell ended and how many had not yet."""
        found = self.bins.get(key_of(scope or {}))
        return (0, 0) if found is None else (int(found[1].sum()), int(found[2].sum()))

    def along(self, *names: str) -> Iterator[dict[str, str]]:
        """Yield the scopes of one set of columns, in the order of their values."""
        for key, _ in _along(self.bins, self._index, names) if names else ():
            yield dict(key)


@dataclass(frozen=True, slots=True)
class Totals:
    """Named totals by cells: the answer to `Sums`."""

    total: Mapping[str, Any]
    cells: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict)
    _index: Index[Mapping[str, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def along(self, *names: str) -> Iterator[tuple[dict[str, str], Mapping[str, Any]]]:
        """Yield the cells of one set of columns, in the order of their values."""
        for key, values in _along(self.cells, self._index, names):
            yield dict(key), values


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a measure: the answer to `Rows`."""

    rows: tuple[Mapping[str, Any], ...]


Answer = Cells | TimeCells | Totals | Sample
