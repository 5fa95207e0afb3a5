"""Reads the rows that a query gave as the answer to an input: cells with their histograms or totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from rapport.measures.cells import Key, TimeCells, Totals

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """What a query gave: the names of the columns, and the rows."""

    names: list[str]
    rows: list[tuple[Any, ...]]

    def by_name(self) -> list[Row]:
        """Return the rows, each by the names of its columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def at(self, *names: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
        """Return what takes these columns, two or more, out of a row."""
        return itemgetter(*(self.names.index(name) for name in names))

    def by_cell(self, dims: tuple[str, ...]) -> Iterator[tuple[Key, tuple[Any, ...]]]:
        """Yield the rows with the cells they belong to, without those of which one of its own dimensions is unknown."""
        at = {name: i for i, name in enumerate(self.names)}
        places = [(d, at[d], at[f"g_{d}"]) for d in sorted(dims) if f"g_{d}" in at]
        for row in self.rows:
            key = tuple([(d, row[i]) for d, i, g in places if row[g] == 0])
            if all(value is not None for _, value in key):
                yield key, row


def time_cells(table: Table, dims: tuple[str, ...], by: tuple[tuple[str, ...], ...]) -> TimeCells:
    """Return the histograms of durations in a table of cells and bins."""
    found: dict[Key, list[tuple[int, int, int]]] = {}
    take = table.at("bin", "events", "censored")
    for key, row in table.by_cell(dims):
        found.setdefault(key, []).append(take(row))
    bins = {}
    for key in sorted(found):
        array = np.array(sorted(found[key]))
        bins[key] = (array[:, 0], array[:, 1], array[:, 2])
    return TimeCells(bins, by)


def totals(table: Table, dims: tuple[str, ...], names: list[str]) -> Totals:
    """Return the named totals in a table of cells."""
    places = [table.names.index(name) for name in names]
    found = {key: dict(zip(names, [row[i] for i in places], strict=True)) for key, row in table.by_cell(dims)}
    total = found.pop((), dict.fromkeys(names))
    return Totals(total, dict(sorted(found.items())))
