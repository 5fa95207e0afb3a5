"""What one mapping makes of one file: rows in a table's types, and which of them must be rejected."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.core.source import TableMapping
from rapport.core.table import Table
from rapport.store.casting import Check
from rapport.store.raw import RawFile
from rapport.store.typing import TypedFile, as_sql


class NotCountedError(Exception):
    """A table cannot be made of rows that nobody has counted: some may have to be rejected."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What one mapping made of one file: the relation `name` holds its rows, `_bad` says which are rejected and why.

    `columns` are those of the record that it has; all others of the table are empty. `counted` says that its rows were:
    else all are taken for good until they are written, which fails where one is not (`assured`).
    """

    mapping: TableMapping
    table: Table
    typed: TypedFile
    name: str
    chosen: str
    mask: int
    columns: frozenset[str]
    checks: tuple[Check, ...]
    made_keys: bool
    used_lines: int
    rows: int
    rejected_rows: int
    counted: bool

    @property
    def raw(self) -> RawFile:
        """The file."""
        return self.typed.raw

    @property
    def good(self) -> str:
        """The relation of the rows that are not rejected."""
        return f"(SELECT * FROM {self.name} WHERE _bad = 0)" if self.rejected_rows else self.name

    @property
    def line(self) -> str:
        """The SQL of a row's line; where the rows were not counted, a bad one stops the query."""
        stop = "error('a row that must be rejected')"
        return "_line" if self.counted else f"CASE WHEN _bad = 0 THEN _line ELSE {stop} END"

    @property
    def groups(self) -> tuple[str, ...]:
        """The SQL of the columns by which the file's rows are grouped."""
        return tuple(as_sql(g, self.raw.columns) for g in self.mapping.group)
