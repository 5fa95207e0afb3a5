"""A file as it was opened: its rows and columns before anybody decided what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from rapport.core.source import Dialect
from rapport.core.table import Type
from rapport.store.connection import one_row, quoted

LINE = "__line__"
BAD = "__bad__"
OWN_NAMES = frozenset({LINE, BAD})
"""The columns that Rapport adds to every file."""


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column of a file with the engine's type of it; `native` is None where the file holds text.

    `tidy` says that no cell has blanks around it or a usual word for nothing, so that the text can be taken as it is;
    `empty` that no cell says anything.
    """

    name: str
    sql_type: str
    tidy: bool = False
    empty: bool = False

    @property
    def native(self) -> Type | None:
        """The type the file itself declares, None for text."""
        return _native(self.sql_type)


@dataclass(frozen=True, slots=True)
class RawFile:
    """An opened file.

    `relation` can stand in a FROM clause and has, beside the file's columns, `__line__`: the number of the record in
    the file, header included. `ragged` is a table (line, reason, raw) of records that are no rows, if there are any.
    """

    name: str
    relation: str
    columns: tuple[RawColumn, ...]
    rows: int
    sha256: str
    dialect: Dialect
    ragged: str | None = None
    ragged_rows: int = 0
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All records of the file: rows and what cannot be one."""
        return self.rows + self.ragged_rows


def unique_names(names: Iterable[str | None]) -> tuple[list[str], list[str]]:
    """Return column names without repetition (in any case of letters) and what had to be changed for it."""
    found: list[str] = []
    notes: list[str] = []
    taken: set[str] = set()
    for position, given in enumerate(names, start=1):
        wanted = (given or "").strip().replace("\0", "\ufffd")
        name = wanted or f"column_{position}"
        number = 2
        while name.lower() in taken or name.lower() in OWN_NAMES:
            name, number = f"{wanted or 'column'}_{number}", number + 1
        if not wanted:
            notes.append(f"column {position} has no name and is called {name}")
        elif name != wanted:
            second = "" if wanted.lower() in OWN_NAMES else "second "
            notes.append(f"a {second}column {wanted} is called {name}")
        taken.add(name.lower())
        found.append(name)
    return found, notes


def described(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """Return the names and types of a relation's columns."""
    return [(str(n), str(t)) for n, t, *_ in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def counted(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return the number of rows of a relation."""
    return int(one_row(connection, f"SELECT count(*) FROM {relation}")[0])


def renamed(columns: Iterable[tuple[str, str]]) -> str:
    """Return a select list that gives columns new names."""
    return ", ".join(f"{quoted(old)} AS {quoted(new)}" for old, new in columns)


def _native(sql_type: str) -> Type | None:
    name = sql_type.upper()
    if name in {"VARCHAR", '"NULL"', "NULL"} or name.startswith("ENUM"):
        return None
    if name.startswith("TIMESTAMP"):
        return Type.TIME
    if name == "DATE":
        return Type.DAY
    if name == "BOOLEAN":
        return Type.BOOL
    if name in {"FLOAT", "DOUBLE", "REAL"}:
        return Type.NUMBER
    if name.startswith("DECIMAL"):
        return Type.MONEY
    if name in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"} or name.startswith(
        ("UTINY", "USMALL", "UINT", "UBIG", "UHUGE")
    ):
        return Type.COUNT
    return None
