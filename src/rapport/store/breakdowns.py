"""Adds up breakdowns on arrays: the same two stages as their queries, customer by cell and then cells, in less time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.core.canonical import rounded
from rapport.measures.ask import CUSTOMER, ROW
from rapport.measures.cells import Cells, Key
from rapport.models.before_after import Sides, sides_of
from rapport.models.moments import Moments
from rapport.store.together import begins, together

Ints = NDArray[np.int64]
Codes = NDArray[Any]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WHOSE, MONTH = "_whose", "month"
SUMS = ("s", "nn", "ss", "ns", "nt", "st", "n_st", "s_nt")
DENSE = 1 << 22
"""Cells (also empty ones) up to which they are counted to find those that hold rows."""
SMALL = 1 << 15  # what fits into 16 bits: half to move, and sorted by counting


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which rows are cut: which of its values each row has (-1: unknown), and the values as text.

    `whole` says that every row has a value that is known.
    """

    codes: Codes
    values: list[str]
    whole: bool


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
        self._order, self._customer, nobody = together(self._read(who))
        self._known: Mask = self._customer != nobody
        self._there: Mask = np.zeros(0, dtype=bool)
        self._counting: dict[str, Codes] = {}
        self._cuts: dict[tuple[str, ...], Cut] = {}

    def cells(self, value: str, where: str, by: Sequence[tuple[str, ...]]) -> Cells:
        """Return the answer to a `Breakdown`; `by` are the sets of columns that the data allows."""
        values = self._values(value, where)
        customer = self._of_those_there(self._customer)
        if not values.size:
            return Cells(EMPTY, {}, tuple(by))
        n_all: Floats = np.bincount(customer).astype(np.float64)
        s_all: Floats = np.bincount(customer, weights=values).astype(np.float64, copy=False)
        found: dict[Key, Moments] = {}
        for names in by:
            cut = self._cut(names, customer)
            n: Floats = np.diff(cut.first, append=cut.order.size).astype(np.float64)
            s = np.add.reduceat(values[cut.order], cut.first) if cut.order.size else values[:0]
            of_cells = _moments(cut.begin, n, s, n_all[cut.customer], s_all[cut.customer])
            found |= zip(cut.keys, of_cells, strict=True)
        some = n_all > 0
        n, s = n_all[some], s_all[some]
        (total,) = _moments(np.zeros(1, dtype=np.int64), n, s, n, s)
        return Cells(total, dict(sorted(found.items())), tuple(by))

    def sides(self, value: str, where: str, scope: Mapping[str, str], since: str) -> Sides:
        """Return the sums by customer of a cell and of all other rows, from the month `since` on and before it."""
        values = self._values(value, where)
        month = self._column(MONTH)
        later = np.array([name >= since for name in month.values] + [False])[self._codes(MONTH)]
        known = self._codes(MONTH) >= 0
        inside = np.ones(values.size, dtype=bool)
        for name, wanted in scope.items():
            inside &= self._codes(name) == self._column(name).values.index(wanted)
        customer = self._of_those_there(self._customer)
        return sides_of(values[known], customer[known], inside[known], later[known])

    def _values(self, value: str, where: str) -> Floats:
        """Return the values of the rows that count, and remember which rows these are."""
        counted = f"CASE WHEN {where} THEN CAST(({value}) AS DOUBLE) END" if where else f"CAST(({value}) AS DOUBLE)"
        values = self._ordered(self._read(counted))
        there = self._known & ~np.isnan(values)
        if not np.array_equal(there, self._there):
            self._there, self._counting, self._cuts = there, {}, {}
        return self._of_those_there(values)

    def _of_those_there(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return what the rows that count hold."""
        return rows if self._there.all() else rows[self._there]

    def _cut(self, names: tuple[str, ...], customer: NDArray[np.int32]) -> Cut:
        """Return how the rows that count fall into cells; the same for every value that the same rows have."""
        if names not in self._cuts:
            cell, keys, rows = self._cell(names)
            order = np.argsort(cell, kind="stable")[cell.size - rows.sum() :]  # the unknown, -1, come first
            starts = np.cumsum(rows) - rows
            customer = customer[order]
            first = begins(customer, starts)
            self._cuts[names] = Cut(keys, order, first, customer[first], np.searchsorted(first, starts))
        return self._cuts[names]

    def _cell(self, names: tuple[str, ...]) -> tuple[Codes, list[Key], Ints]:
        """Return the cell of each row that counts (-1: unknown), the cells that hold rows, and how many each holds."""
        columns = [(name, self._column(name)) for name in sorted(names)]
        cell, size, whole = self._codes(columns[0][0]), len(columns[0][1].values), columns[0][1].whole
        for name, column in columns[1:]:
            codes, size = self._codes(name), size * len(column.values)
            joined: Codes = cell.astype(np.int32 if size < 1 << 31 else np.int64) * len(column.values)
            joined += codes
            if not (whole and column.whole):
                joined[(cell < 0) | (codes < 0)] = -1
            cell, whole = joined, whole and column.whole
        known = cell if whole else cell[cell >= 0]
        if size <= DENSE:
            rows: Ints = np.bincount(known, minlength=size)
            used = np.flatnonzero(rows)
            number = np.full(size + 1, -1, dtype=np.int16 if used.size < SMALL else np.int32)
            number[used] = np.arange(used.size)
            rows = rows[used]
            place: Codes = number[cell]  # the last number is that of -1
        else:
            used, inverse, rows = np.unique(known, return_inverse=True, return_counts=True)
            place = np.full(cell.size, -1, dtype=np.int32)
            place[cell >= 0] = inverse
        return place, [_key(columns, int(number)) for number in used], rows

    def _codes(self, name: str) -> Codes:
        """Return the codes of a column for the rows that count."""
        if name not in self._counting:
            self._counting[name] = self._of_those_there(self._column(name).codes)
        return self._counting[name]

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            plain = self._types.get(name) in ("VARCHAR", "DATE")
            text = f'"{name}"' if plain else f'CAST("{name}" AS VARCHAR)'
            found = self._source.column(f"SELECT {text} AS v FROM {self._measure}", self._measure)
            coded = found.dictionary_encode(null_encoding="encode")
            codes: Codes = np.frombuffer(coded.indices.buffers()[1], dtype=np.int32, count=len(coded))
            values = coded.dictionary.to_pylist()
            if len(values) < SMALL:
                codes = codes.astype(np.int16)
            if None in values:
                codes = np.where(codes == values.index(None), codes.dtype.type(-1), codes)
            self._columns[name] = Column(self._ordered(codes), [str(v) for v in values], None not in values)
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


def _moments(begin: Ints, n: Floats, s: Floats, nt: Floats, st: Floats) -> list[Moments]:
    """Return the moments of each cell: `begin` is where it begins in the sums by customer of `n` and `s`."""
    if not n.size:
        return []
    product = np.empty_like(n)
    pairs = ((n, n), (s, s), (n, s), (n, nt), (s, st), (n, st), (s, nt))
    rows = np.add.reduceat(n, begin).tolist()
    sums = [np.add.reduceat(s, begin).tolist()]
    sums += (np.add.reduceat(np.multiply(a, b, out=product), begin).tolist() for a, b in pairs)
    g = np.diff(begin, append=n.size).tolist()
    return [
        Moments(rows[i], g=g[i], **{k: rounded(v[i]) or 0.0 for k, v in zip(SUMS, sums, strict=True)})
        for i in range(len(rows))
    ]
