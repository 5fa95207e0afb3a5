"""Answers questions about a file while it is decided how it feeds the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import Reading
from rapport.store.connection import first_line
from rapport.store.kept import Kept
from rapport.store.raw import RawFile

Ask = Callable[[str, str], list[tuple[Any, ...]]]


def asker(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    readings: Mapping[str, Mapping[str, Reading]],
    kept: Kept,
    zone: str,
) -> Ask:
    """Return a function that runs a SELECT over a typed file: (file, sql) to rows; the table is called `file`."""
    by_name = {raw.name: raw for raw in files}

    def ask(name: str, sql: str) -> list[tuple[Any, ...]]:
        raw = by_name[name]
        try:
            named = [c.name for c in raw.columns if c.name.lower() in sql.lower()]
            cells = kept.cells(raw, named, readings[name], zone, again=False)
            return connection.execute(f"WITH file AS (SELECT * FROM {cells.relation}) {sql}").fetchall()
        except duckdb.Error as problem:
            raise InputError(f"a question about it failed ({first_line(problem)})", where=name) from problem

    return ask
