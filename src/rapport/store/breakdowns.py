"""Adds up breakdowns on arrays: the same two stages as their queries, customer by cell and then cells, in less time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.core.canonical import rounded
from rapport.measures.cells import Cells, Key
from rapport.models.moments import Moments

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SUMS = ("s", "nn", "ss", "ns", "nt", "st", "n_st", "s_nt")
DENSE = 1 << 22
"""Cells (also empty ones) up to which they are counted to find those that hold rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which rows are cut: which of its values each row has (-1: unknown), and the values as text."""

    codes: NDArray[np.int32]
    values: list[str]


class Source(Protocol):
    """What runs queries over computed measures (`store.database`)."""

    def numbers(self, sql: str, what: str) -> NDArray[Any]:
        """Return the one column of a query as numbers, NaN where there is none."""

    def column(self, sql: str, what: str) -> pa.Array:
        """Return the one column of a query as it is."""

    def types(self, name: str) -> dict[str, str]:
        """Return the SQL type of each column of a table."""


class Grains:
    """The rows of one computed measure as numbers: whose they are, and where they lie.

    Parameters
    ----------
    measure : its name.
    who : the expression that says whose a row is.
    source : gives columns of computed measures; rows of the same table always come in the same order.
    """

    def __init__(self, measure: str, who: str, source: Source) -> None:
        self._measure = measure
        self._who = who
        self._source = source
        self._types = source.types(measure)
        self._columns: dict[str, Column] = {}
        hashes = self._numbers(f"hash({who})")
        self._order: Ints = np.argsort(hashes, kind="stable")
        ordered = hashes[self._order]
        self._customer: Ints = np.cumsum(np.append(False, ordered[1:] != ordered[:-1]))[: ordered.size]

    def cells(self, value: str, where: str, by: Sequence[tuple[str, ...]]) -> Cells:
        """Return the answer to a `Breakdown`; `by` are the sets of columns that the data allows."""
        known = f"{self._who} IS NOT NULL{f' AND ({where})' if where else ''}"
        values = self._numbers(f"CASE WHEN {known} THEN CAST(({value}) AS DOUBLE) END", self._order)
        there = ~np.isnan(values)
        customer, values = self._customer[there], values[there]
        n_all: Floats = np.bincount(customer).astype(np.float64)
        s_all: Floats = np.bincount(customer, values).astype(np.float64)
        found: dict[Key, Moments] = {}
        for names in by:
            cell, keys = self._cell(names, there)
            order = np.flatnonzero(cell >= 0)
            order = order[np.argsort(cell[order], kind="stable")]
            found |= zip(keys, _moments(cell[order], customer[order], values[order], n_all, s_all), strict=True)
        total = _moments(np.zeros(customer.size, dtype=np.int16), customer, values, n_all, s_all)
        return Cells(total[0] if total else EMPTY, dict(sorted(found.items())), tuple(by))

    def _cell(self, names: tuple[str, ...], there: Mask) -> tuple[NDArray[Any], list[Key]]:
        """Return the cell of each row that counts (-1: unknown) and the cells that hold rows, by their numbers."""
        columns = [(name, self._column(name)) for name in sorted(names)]
        cell: Ints = np.zeros(int(there.sum()), dtype=np.int64)
        known: Mask = np.ones(cell.size, dtype=bool)
        size = 1
        for _, column in columns:
            codes = column.codes[there]
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
            codes = np.frombuffer(coded.indices.buffers()[1], dtype=np.int32, count=len(coded))[self._order]
            values = coded.dictionary.to_pylist()
            if None in values:
                codes = np.where(codes == values.index(None), np.int32(-1), codes)
            self._columns[name] = Column(codes, [str(v) for v in values])
        return self._columns[name]

    def _numbers(self, expression: str, order: Ints | None = None) -> NDArray[Any]:
        """Return the values of an expression, one for each row; those that are unknown are NaN."""
        array = self._source.numbers(f"SELECT {expression} AS v FROM {self._measure}", self._measure)
        return array if order is None else array[order]


EMPTY = Moments(n=0.0, s=0.0, g=0, nn=0.0, ss=0.0, ns=0.0, nt=0.0, st=0.0, n_st=0.0, s_nt=0.0)


def _key(columns: Sequence[tuple[str, Column]], number: int) -> Key:
    pairs = []
    for name, column in reversed(columns):
        number, code = divmod(number, len(column.values))
        pairs.append((name, column.values[code]))
    return tuple(reversed(pairs))


def _moments(cell: NDArray[Any], customer: Ints, values: Floats, n_all: Floats, s_all: Floats) -> list[Moments]:
    """Return the moments of each cell; rows are in the order of their cells and, within, of their customers."""
    if not cell.size:
        return []
    first = np.flatnonzero(np.append(True, (cell[1:] != cell[:-1]) | (customer[1:] != customer[:-1])))
    n = np.diff(np.append(first, cell.size)).astype(np.float64)
    s = np.add.reduceat(values, first)
    nt, st = n_all[customer[first]], s_all[customer[first]]
    own = cell[first]
    begin = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
    g = np.diff(np.append(begin, own.size))
    parts = (n, s, n * n, s * s, n * s, n * nt, s * st, n * st, s * nt)
    rows, *sums = (np.add.reduceat(part, begin).tolist() for part in parts)
    return [
        Moments(float(rows[i]), g=int(g[i]), **{k: rounded(v[i]) or 0.0 for k, v in zip(SUMS, sums, strict=True)})
        for i in range(len(rows))
    ]
