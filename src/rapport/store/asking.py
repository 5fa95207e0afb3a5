"""Answers questions about a file while it is decided how it feeds the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import Reading
from rapport.store.connection import first_line
from rapport.store.profile import Parse
from rapport.store.raw import RawFile
from rapport.store.typing import typed

Ask = Callable[[str, str], list[tuple[Any, ...]]]


def asker(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    readings: Mapping[str, Mapping[str, Reading]],
    parse: Parse,
    zone: str,
) -> Ask:
    """Return a function that runs a SELECT over a typed file: (file, sql) to rows; the table is called `file`."""
    by_name = {raw.name: raw for raw in files}

    def ask(name: str, sql: str) -> list[tuple[Any, ...]]:
        raw = by_name[name]
        view = typed(raw, [c.name for c in raw.columns], readings[name], parse, zone)
        try:
            return connection.execute(f"WITH file AS (SELECT * FROM {view.relation}) {sql}").fetchall()
        except duckdb.Error as problem:
            raise InputError(f"a question about it failed ({first_line(problem)})", where=name) from problem

    return ask
