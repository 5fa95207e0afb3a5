"""Adds up breakdowns on arrays: the same two stages as their queries, customer by cell and then cells, in less time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.core.canonical import rounded
from rapport.measures.ask import CUSTOMER, ROW
from rapport.measures.cells import Cells, Key
from rapport.models.moments import Moments

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WHOSE = "_whose"
SUMS = ("s", "nn", "ss", "ns", "nt", "st", "n_st", "s_nt")
DENSE = 1 << 22
"""Cells (also empty ones) up to which they are counted to find those that hold rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which rows are cut: which of its values each row has (-1: unknown), and the values as text."""

    codes: NDArray[np.int32]
    values: list[str]


@dataclass(frozen=True, slots=True)
class Cut:
    """How rows fall into cells: their order by cell and, within, customer, and where each of both begins.

    `keys` names the cells; `first` is the first row of each customer in a cell, `customer` which one that is, `begin`
    the first of these in each cell.
    """

    keys: list[Key]
    order: Ints
    first: Ints
    customer: NDArray[np.int32]
    begin: Ints


class Source(Protocol):
    """What runs queries over computed measures (`store.database`)."""

    def numbers(self, sql: str, what: str) -> NDArray[Any]:
        """Return the one column of a query as numbers, NaN where there is none."""

    def column(self, sql: str, what: str) -> pa.Array:
        """Return the one column of a query as it is."""

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
        whose_rows = self._read(who)
        self._order, self._customer = _together(whose_rows)
        self._known: Mask = self._ordered(whose_rows) != 0
        self._there: Mask = np.zeros(0, dtype=bool)
        self._cuts: dict[tuple[str, ...], Cut] = {}

    def cells(self, value: str, where: str, by: Sequence[tuple[str, ...]]) -> Cells:
        """Return the answer to a `Breakdown`; `by` are the sets of columns that the data allows."""
        counted = f"CASE WHEN {where} THEN CAST(({value}) AS DOUBLE) END" if where else f"CAST(({value}) AS DOUBLE)"
        values = self._ordered(self._read(counted))
        there = self._known & ~np.isnan(values)
        if not np.array_equal(there, self._there):
            self._there, self._cuts = there, {}
        customer, values = self._customer[there], values[there]
        n_all: Floats = np.bincount(customer).astype(np.float64)
        s_all: Floats = np.bincount(customer, values).astype(np.float64)
        found: dict[Key, Moments] = {}
        for names in by:
            cut = self._cut(names, customer)
            found |= zip(cut.keys, _moments(cut, values, n_all, s_all), strict=True)
        total = _moments(self._cut((), customer), values, n_all, s_all)
        return Cells(total[0] if total else EMPTY, dict(sorted(found.items())), tuple(by))

    def _cut(self, names: tuple[str, ...], customer: NDArray[np.int32]) -> Cut:
        """Return how the rows that count fall into cells; the same for every value that the same rows have."""
        if names not in self._cuts:
            cell, keys = self._cell(names)
            order = np.flatnonzero(cell >= 0)
            order = order[np.argsort(cell[order], kind="stable")]
            cell, customer = cell[order], customer[order]
            first = _begins(cell, customer)
            self._cuts[names] = Cut(keys, order, first, customer[first], _begins(cell[first]))
        return self._cuts[names]

    def _cell(self, names: tuple[str, ...]) -> tuple[NDArray[Any], list[Key]]:
        """Return the cell of each row that counts (-1: unknown) and the cells that hold rows, by their numbers."""
        columns = [(name, self._column(name)) for name in sorted(names)]
        rows = int(self._there.sum())
        if not columns:
            return np.zeros(rows, dtype=np.int16), [()] if rows else []
        cell: Ints = np.zeros(rows, dtype=np.int64)
        known: Mask = np.ones(rows, dtype=bool)
        size = 1
        for _, column in columns:
            codes = column.codes[self._there]
            known &= codes >= 0
            cell = cell * len(column.values) + codes
            size *= len(column.values)
        if size <= DENSE:
            used = np.flatnonzero(np.bincount(cell[known], minlength=1))
            number = np.zeros(size, dtype=np.int16 if used.size < 1 << 15 else np.int32)
            number[used] = np.arange(used.size)
            place = number[np.where(known, cell, 0)]
        else:
            used, inverse = np.unique(cell[known], return_inverse=True)
            place = np.zeros(cell.size, dtype=np.int32)
            place[known] = inverse
        place[~known] = -1
        return place, [_key(columns, int(number)) for number in used]

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            plain = self._types.get(name) in ("VARCHAR", "DATE")
            text = f'"{name}"' if plain else f'CAST("{name}" AS VARCHAR)'
            found = self._source.column(f"SELECT {text} AS v FROM {self._measure}", self._measure)
            coded = found.dictionary_encode(null_encoding="encode")
            codes = np.frombuffer(coded.indices.buffers()[1], dtype=np.int32, count=len(coded))
            values = coded.dictionary.to_pylist()
            if None in values:
                codes = np.where(codes == values.index(None), np.int32(-1), codes)
            self._columns[name] = Column(self._ordered(codes), [str(v) for v in values])
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


def _together(whose_rows: NDArray[np.uint64]) -> tuple[Ints | None, NDArray[np.int32]]:
    """Return the order in which rows of one customer stand together (None: as they are), and a number for each."""
    buffers = [None, pa.py_buffer(whose_rows)]  # pa.array would load pandas
    coded = pa.Array.from_buffers(pa.uint64(), whose_rows.size, buffers).dictionary_encode()
    number = np.frombuffer(coded.indices.buffers()[1], dtype=np.int32, count=len(coded))
    if _begins(number).size <= len(coded.dictionary):
        return None, number
    # Numbers of 16 bits are sorted by counting: twice that is a third of the time.
    order: Ints = np.argsort((number & 0xFFFF).astype(np.uint16), kind="stable")
    order = order[np.argsort((number >> 16).astype(np.uint16)[order], kind="stable")]
    return order, number[order]


def _begins(*columns: NDArray[Any]) -> Ints:
    """Return the places at which a run of rows that are alike in all columns begins."""
    if not columns[0].size:
        return np.zeros(0, dtype=np.int64)
    other = np.zeros(columns[0].size, dtype=bool)
    other[0] = True
    for column in columns:
        other[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(other)


def _moments(cut: Cut, values: Floats, n_all: Floats, s_all: Floats) -> list[Moments]:
    """Return the moments of each cell."""
    if not cut.order.size:
        return []
    n = np.diff(np.append(cut.first, cut.order.size)).astype(np.float64)
    s = np.add.reduceat(values[cut.order], cut.first)
    nt, st = n_all[cut.customer], s_all[cut.customer]
    g = np.diff(np.append(cut.begin, cut.first.size))
    parts = (n, s, n * n, s * s, n * s, n * nt, s * st, n * st, s * nt)
    rows, *sums = (np.add.reduceat(part, cut.begin).tolist() for part in parts)
    return [
        Moments(float(rows[i]), g=int(g[i]), **{k: rounded(v[i]) or 0.0 for k, v in zip(SUMS, sums, strict=True)})
        for i in range(len(rows))
    ]
