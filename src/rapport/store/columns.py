"""Numbers the values of a column by which rows are cut, some rows at a time: text is never all in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Codes = NDArray[Any]

SMALL = 1 << 15  # what fits into 16 bits: half to move, and sorted by counting


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which rows are cut: which of its values each row has (-1: unknown), and the values as text.

    `whole` says that every row has a value that is known.
    """

    codes: Codes
    values: list[str]
    whole: bool


def numbered(batches: Iterable[pa.Array]) -> Column:
    """Return a column whose values are numbered as they come."""
    numbers: dict[Any, int] = {}
    whole, parts = True, [np.zeros(0, dtype=np.int32)]
    for batch in batches:
        coded = batch.dictionary_encode(null_encoding="encode")
        found = coded.dictionary.to_pylist()
        whole = whole and None not in found
        known = [-1 if value is None else numbers.setdefault(value, len(numbers)) for value in found]
        here = np.frombuffer(coded.indices.buffers()[1], dtype=np.int32, count=len(coded))
        parts.append(np.array(known, dtype=np.int32)[here])
    kind = np.int16 if len(numbers) < SMALL else np.int32
    return Column(np.concatenate(parts, dtype=kind, casting="same_kind"), [str(v) for v in numbers], whole)
