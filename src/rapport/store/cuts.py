"""Puts rows into cells, block by block, and adds up what a mean clustered by customer needs of each cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.store.columns import SMALL, Codes
from rapport.store.together import begins

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SUMS = ("s", "nn", "ss", "ns", "nt", "st", "n_st", "s_nt")
SUMMED = 2 + len(SUMS)
DENSE = 1 << 22
"""Cells (also empty ones) up to which they are marked to find those that hold rows."""
BLOCK = 1 << 17
"""Rows that are added up at a time, about."""
WHOLE: Ints = np.zeros(1, dtype=np.int64)
"""Where the one cell begins that holds everything."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some of the rows that count, all of those of some customers: so few that what is made of them stays in the cache.

    `rows` are their places, `first` where each customer begins, counted from the block's first row, `n` how many rows
    each has, `customer` which of them each row is of, counted from 0.
    """

    rows: slice
    first: Ints
    n: Floats
    customer: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Cut:
    """How the rows of a block fall into cells: their order by cell and, within, customer, and where each begins.

    `first` is the first row of each customer in a cell, `n` how many these are, `customer` whose, counted in the block;
    `begin` is the first of these in each cell, `cell` which cell that is.
    """

    order: Ints
    first: Ints
    n: Floats
    customer: NDArray[np.int32]
    begin: Ints
    cell: Codes


def narrowest(size: int) -> type[np.signedinteger[Any]]:
    """Return the narrowest kind of number, of those that are sorted and multiplied fast, that counts up to a size."""
    return np.int16 if size < SMALL else np.int32 if size < 1 << 31 else np.int64


def in_use(cell: Codes, size: int) -> tuple[Ints, Codes]:
    """Return the cells, of `size`, that hold rows, and for each row which of these it is in (-1: unknown)."""
    if size > DENSE:
        used, inverse = np.unique(cell[cell >= 0], return_inverse=True)
        place = np.full(cell.size, -1, dtype=np.int32)
        place[cell >= 0] = inverse
        return used, place
    holds = np.zeros(size + 1, dtype=bool)
    holds[cell] = True  # the last stands for -1
    used = np.flatnonzero(holds[:-1])
    if used.size == size:
        return used, cell
    number = np.full(size + 1, -1, dtype=narrowest(used.size))
    number[used] = np.arange(used.size)
    return used, number[cell]


def blocks(customers: NDArray[np.int32]) -> Iterator[Block]:
    """Yield the blocks of rows; those of one customer stand together."""
    first = begins(customers)
    ends = np.searchsorted(first, np.arange(BLOCK, customers.size + BLOCK, BLOCK))
    begin = 0
    for end in dict.fromkeys(ends.tolist()):
        to = int(first[end]) if end < first.size else customers.size
        if end > begin:
            at = int(first[begin])
            rows = np.diff(first[begin:end], append=to)
            number = np.repeat(np.arange(rows.size, dtype=np.int32), rows)
            yield Block(slice(at, to), first[begin:end] - at, rows.astype(np.float64), number)
            begin = end


def cut_up(cell: Codes, block: Block) -> Cut:
    """Return how the rows of a block fall into cells; `cell` is that of each row (-1: unknown)."""
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    known = int(np.searchsorted(ordered, 0))  # the unknown come first
    order, ordered = order[known:], ordered[known:]
    customer = block.customer[order]
    of_cell = begins(ordered)
    first = begins(customer, of_cell)
    n = np.diff(first, append=order.size).astype(np.float64)
    return Cut(order, first, n, customer[first], np.searchsorted(first, of_cell), ordered[of_cell])


def summed(n: Floats, s: Floats, nt: Floats, st: Floats, begin: Ints) -> Floats:
    """Return for each cell its rows, its customers and `SUMS`; `begin` is where it begins in the sums by customer."""
    found = np.empty((begin.size, SUMMED))
    found[:, 0] = np.add.reduceat(n, begin)
    found[:, 1] = np.diff(begin, append=n.size)
    found[:, 2] = np.add.reduceat(s, begin)
    product = np.empty_like(n)
    for place, (a, b) in enumerate(((n, n), (s, s), (n, s), (n, nt), (s, st), (n, st), (s, nt)), start=3):
        found[:, place] = np.add.reduceat(np.multiply(a, b, out=product), begin)
    return found
