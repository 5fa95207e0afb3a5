"""Looks whether the lists of customers beside an audit are those that are derived, and names what differs first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rapport.app.verifying.differences import NOTHING, Difference
from rapport.engine.relationships import LISTS
from rapport.measures.estimate import FOLDER

KEY = "row_id"


def lists_in(folder: Path) -> list[Path]:
    """Return the lists that an audit wrote, relative to its folder: of customers, and what models computed."""
    found = (*(folder / name for name in LISTS.values()), *(folder / FOLDER).glob("*.parquet"))
    return sorted(file.relative_to(folder) for file in found if file.is_file())


def differing(file: Path, again: Path, name: str) -> Iterator[Difference]:
    """Yield where a list is not the derived one: its columns, its rows, or else the first value in the order of rows.

    file, again : as it stands and as it is derived. name : how it is called.
    """
    if file.read_bytes() == again.read_bytes():
        return
    try:
        there, derived = pq.read_table(file), pq.read_table(again)
    except (pa.ArrowException, OSError) as problem:
        yield Difference(name, "a table", str(problem).splitlines()[0], file=True)
        return
    if there.schema != derived.schema:
        yield Difference(f"{name}, its columns", ", ".join(there.column_names), ", ".join(derived.column_names))
    elif there.num_rows != derived.num_rows:
        yield Difference(f"{name}, its rows", str(there.num_rows), str(derived.num_rows))
    else:
        yield _first(there, derived, name)


def _first(there: pa.Table, derived: pa.Table, name: str) -> Difference:
    found: tuple[int, str] | None = None
    for column in there.column_names:
        one, other = there[column].to_pylist(), derived[column].to_pylist()
        row = next((i for i, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]), None)
        if row is not None and (found is None or row < found[0]):
            found = (row, column)
    if found is None:
        return Difference(name, "other bytes", "the same values, written otherwise", file=True)
    row, column = found
    place = f"{name}, {derived[KEY][row].as_py()}, {column}"
    return Difference(place, _said(there, column, row), _said(derived, column, row))


def _said(table: pa.Table, column: str, row: int) -> str:
    value = table[column][row].as_py()
    return NOTHING if value is None else str(value)
