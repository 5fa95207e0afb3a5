"""Looks things up in single Parquet files: the rows of one customer, ids, the most frequent value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from rapport.core.errors import InputError
from rapport.store.connection import connected, first_line, quoted

Row = dict[str, Any]


def rows_of(file: Path, where: str, value: str, order: str = "row_id") -> list[Row]:
    """Return the rows of a file in which a column has this value, in order; raises InputError where it is no table."""
    return _asked(file, f"SELECT * FROM read_parquet(?) WHERE {quoted(where)} = ? ORDER BY {quoted(order)}", [value])


def newest(
    file: Path, where: str, value: str, time: str, columns: Sequence[str], until: datetime, most: int
) -> list[Row]:
    """Return the newest rows before a moment in which a column has this value, some columns, the time as `at`."""
    there = {row["column_name"] for row in _asked(file, "DESCRIBE SELECT * FROM read_parquet(?)", [])}
    if not {where, time} <= there:
        return []
    kept = [c for c in columns if c in there]
    names = "".join(f", {quoted(c)}" for c in kept)
    sql = (
        f"SELECT CAST({quoted(time)} AS TIMESTAMP) AS at{names} FROM read_parquet(?) "
        f"WHERE {quoted(where)} = ? AND {quoted(time)} < ? ORDER BY ALL DESC LIMIT {most}"
    )
    return _asked(file, sql, [value, until])


def commonest(file: Path, column: str) -> str | None:
    """Return the most frequent value of a column, None where it is empty; ties by name."""
    name = quoted(column)
    sql = (
        f"SELECT {name} AS v FROM read_parquet(?) WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
    )
    found = _asked(file, sql, [])
    return str(found[0]["v"]) if found else None


def ids_in(file: Path, column: str) -> list[str]:
    """Return the values of a column, in order."""
    return [
        str(row["id"]) for row in _asked(file, f"SELECT {quoted(column)} AS id FROM read_parquet(?) ORDER BY 1", [])
    ]


def _asked(file: Path, sql: str, values: Sequence[Any]) -> list[Row]:
    try:
        with connected(threads=1) as connection:
            done = connection.execute(sql, [str(file), *values])
            names = [d[0] for d in done.description or []]
            return [dict(zip(names, row, strict=True)) for row in done.fetchall()]
    except duckdb.Error as problem:
        raise InputError(f"cannot be read ({first_line(problem)})", where=file.name, todo="audit again") from problem
