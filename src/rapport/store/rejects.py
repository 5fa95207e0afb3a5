"""Writes the rejected lines, each with its reason and what stood in it, so that somebody can mend the source."""

from __future__ import annotations

import secrets
from pathlib import Path

import duckdb

from rapport.core.errors import InputError, OutputError
from rapport.store.connection import connected, literal
from rapport.store.parquet_out import sync, write_parquet

REJECTS = "rejects.parquet"
MOST_REASONS = 3


def create_rejects(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table in which every rejected line is kept with its reason and its text."""
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE rejects (source VARCHAR, line BIGINT, "table" VARCHAR, "column" VARCHAR, '
        "reason VARCHAR, value VARCHAR, lines BIGINT, used_elsewhere BOOLEAN, raw VARCHAR)"
    )


def why_rejected(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return, for each file with rejected lines, the most frequent reasons, each with the first line that it hit."""
    rows = connection.execute(
        "SELECT source, reason, count(*) AS n, min(line) FROM rejects WHERE NOT used_elsewhere "
        "GROUP BY source, reason ORDER BY source, n DESC, reason"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for source, reason, count, line in rows:
        found.setdefault(source, []).append(f"{reason} ({count:,}, the first in line {line:,})")
    totals = dict(
        connection.execute("SELECT source, count(*) FROM rejects WHERE NOT used_elsewhere GROUP BY 1").fetchall()
    )
    return {source: f"{totals[source]:,} rejected: {_first(reasons)}" for source, reasons in found.items()}


def _first(reasons: list[str]) -> str:
    more = len(reasons) - MOST_REASONS
    shown = "; ".join(reasons if more <= 1 else reasons[:MOST_REASONS])
    return shown if more <= 1 else f"{shown}; {more} more reasons are in {REJECTS}"


def write_rejects(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Write `rejects.parquet` into the output folder, in the order of source and line."""
    temporary = out / f".{REJECTS}-{secrets.token_hex(8)}"
    order = 'source, line, "table", "column", reason, lines, used_elsewhere, raw'
    try:
        write_parquet(connection, f"SELECT * FROM rejects ORDER BY {order}", temporary)
        sync(temporary)
        temporary.rename(out / REJECTS)
    except OSError as problem:
        raise OutputError(f"cannot be written: {problem.strerror}", where=str(out / REJECTS)) from problem
    finally:
        temporary.unlink(missing_ok=True)


def rejected_lines(file: Path) -> dict[str, int]:
    """Return how many lines of each source a `rejects.parquet` holds that no table used.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    query = f"SELECT source, count(*) FROM read_parquet({literal(str(file))}) WHERE NOT used_elsewhere GROUP BY 1"
    try:
        with connected() as connection:
            return dict(connection.execute(query).fetchall())
    except duckdb.Error as problem:
        raise InputError("is damaged", where=file.name, todo="audit the source again") from problem
