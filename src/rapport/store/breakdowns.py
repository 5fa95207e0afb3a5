"""Adds up breakdowns on arrays: the same two stages as their queries, customer by cell and then cells, in less time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.core.canonical import rounded
from rapport.measures.ask import CUSTOMER, ROW
from rapport.measures.cells import Cells, Key
from rapport.models.before_after import Sides, sides_of
from rapport.models.moments import Moments
from rapport.store.columns import Codes, Column, numbered
from rapport.store.cuts import SUMMED, SUMS, WHOLE, Block, Cut, blocks, cut_up, in_use, narrowest, summed
from rapport.store.together import together

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WHOSE, MONTH = "_whose", "month"
MANY = 1_000_000
"""Rows of a measure from which on the numbers of one measure at a time are kept, and of them the newest few cuts."""
FEW = 2


class Source(Protocol):
    """What runs queries over computed measures (`store.database`)."""

    def numbers(self, sql: str, what: str) -> NDArray[Any]:
        """Return the one column of a query as numbers, NaN where there is none."""

    def batches(self, sql: str, what: str) -> Iterator[pa.Array]:
        """Yield the one column of a query as it is, some rows at a time."""

    def types(self, name: str) -> dict[str, str]:
        """Return the SQL type of each column of a table."""


def whose(columns: Collection[str]) -> str:
    """Return the expression that says whose a row is, as a whole number, 0 where nobody knows."""
    who = f"COALESCE({CUSTOMER}, {ROW})" if CUSTOMER in columns else ROW
    return f"CASE WHEN {who} IS NULL THEN 0 ELSE hash({who}) END"


class Grains:
    """The rows of one computed measure as numbers: whose they are, and where they lie.

    Parameters
    ----------
    measure : its name.
    who : the expression that says whose a row is (see `whose`), or the column that holds it.
    source : gives columns of computed measures; rows of the same table always come in the same order.
    """

    def __init__(self, measure: str, who: str, source: Source) -> None:
        self._measure = measure
        self._source = source
        self._types = source.types(measure)
        self._columns: dict[str, Column] = {}
        self._order, self._customer, nobody = together(self._read(who))
        self._known: Mask = self._customer != nobody
        self._there: Mask = np.zeros(0, dtype=bool)
        self._whose = self._customer[:0]
        self._blocks: list[Block] = []
        self._counting: dict[str, Codes] = {}
        self._cuts: dict[tuple[str, ...], tuple[list[Key], list[Cut]]] = {}

    def cells(self, value: str, where: str, by: Sequence[tuple[str, ...]]) -> Cells:
        """Return the answer to a `Breakdown`; `by` are the sets of columns that the data allows."""
        values = self._values(value, where)
        if not values.size:
            return Cells(EMPTY, {}, tuple(by))
        sums = [np.add.reduceat(values[block.rows], block.first) for block in self._blocks]
        whole = np.zeros((1, SUMMED))
        for block, s in zip(self._blocks, sums, strict=True):
            whole += summed(block.n, s, block.n, s, WHOLE)
        found: dict[Key, Moments] = {}
        for names in by:
            keys, cuts = self._cut(names)
            cells = np.zeros((len(keys), SUMMED))
            for block, s, cut in zip(self._blocks, sums, cuts, strict=True):
                if cut.begin.size:
                    own = np.add.reduceat(values[block.rows][cut.order], cut.first)
                    cells[cut.cell] += summed(cut.n, own, block.n[cut.customer], s[cut.customer], cut.begin)
            found |= zip(keys, map(_moments, cells), strict=True)
        return Cells(_moments(whole[0]), dict(sorted(found.items())), tuple(by))

    def sides(self, value: str, where: str, scope: Mapping[str, str], since: str) -> Sides:
        """Return the sums by customer of a cell and of all other rows, from the month `since` on and before it."""
        values = self._values(value, where)
        month = self._column(MONTH)
        later = np.array([name >= since for name in month.values] + [False])[self._codes(MONTH)]
        known = self._codes(MONTH) >= 0
        inside = np.ones(values.size, dtype=bool)
        for name, wanted in scope.items():
            inside &= self._codes(name) == self._column(name).values.index(wanted)
        return sides_of(values[known], self._whose[known], inside[known], later[known])

    def _values(self, value: str, where: str) -> Floats:
        """Return the values of the rows that count, and remember which rows these are."""
        counted = f"CASE WHEN {where} THEN CAST(({value}) AS DOUBLE) END" if where else f"CAST(({value}) AS DOUBLE)"
        values = self._ordered(self._read(counted))
        there = self._known & ~np.isnan(values)
        if not np.array_equal(there, self._there):
            self._there, self._counting, self._cuts = there, {}, {}
            self._whose = self._of_those_there(self._customer)
            self._blocks = list(blocks(self._whose))
        return self._of_those_there(values)

    def _of_those_there(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return what the rows that count hold."""
        return rows if self._there.all() else rows[self._there]

    def _cut(self, names: tuple[str, ...]) -> tuple[list[Key], list[Cut]]:
        """Return the cells and how the rows that count fall into them; the same for every value these rows have."""
        if names not in self._cuts:
            while len(self._cuts) >= FEW and self._whose.size > MANY:
                del self._cuts[next(iter(self._cuts))]
            cell, keys = self._cell(names)
            self._cuts[names] = keys, [cut_up(cell[block.rows], block) for block in self._blocks]
        return self._cuts[names]

    def _cell(self, names: tuple[str, ...]) -> tuple[Codes, list[Key]]:
        """Return the cell of each row that counts (-1: unknown), and the cells that hold rows."""
        columns = [(name, self._column(name)) for name in sorted(names)]
        cell, size, whole = self._codes(columns[0][0]), len(columns[0][1].values), columns[0][1].whole
        for name, column in columns[1:]:
            codes, size = self._codes(name), size * len(column.values)
            joined: Codes = cell.astype(narrowest(size)) * len(column.values)
            joined += codes
            if not (whole and column.whole):
                joined[(cell < 0) | (codes < 0)] = -1
            cell, whole = joined, whole and column.whole
        used, place = in_use(cell, size)
        return place, [_key(columns, int(number)) for number in used]

    def _codes(self, name: str) -> Codes:
        """Return the codes of a column for the rows that count."""
        if name not in self._counting:
            self._counting[name] = self._of_those_there(self._column(name).codes)
        return self._counting[name]

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            plain = self._types.get(name) in ("VARCHAR", "DATE")
            text = f'"{name}"' if plain else f'CAST("{name}" AS VARCHAR)'
            some = self._source.batches(f"SELECT {text} AS v FROM {self._measure}", self._measure)
            column = numbered(some)
            self._columns[name] = replace(column, codes=self._ordered(column.codes))
        return self._columns[name]

    def _read(self, expression: str) -> NDArray[Any]:
        """Return the values of an expression, one for each row; those that are unknown are NaN."""
        return self._source.numbers(f"SELECT {expression} AS v FROM {self._measure}", self._measure)

    def _ordered(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what the rows hold in the order in which those of one customer stand together."""
        return values if self._order is None else values[self._order]


EMPTY = Moments(n=0.0, s=0.0, g=0, nn=0.0, ss=0.0, ns=0.0, nt=0.0, st=0.0, n_st=0.0, s_nt=0.0)


def _key(columns: Sequence[tuple[str, Column]], number: int) -> Key:
    pairs = []
    for name, column in reversed(columns):
        number, code = divmod(number, len(column.values))
        pairs.append((name, column.values[code]))
    return tuple(reversed(pairs))


def _moments(found: Floats) -> Moments:
    rows, customers, *sums = found.tolist()
    return Moments(rows, g=int(customers), **{k: rounded(v) or 0.0 for k, v in zip(SUMS, sums, strict=True)})
