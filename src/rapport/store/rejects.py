"""Writes the rejected lines, each with its reason and what stood in it, so that somebody can mend the source."""

from __future__ import annotations

import secrets
from pathlib import Path

import duckdb

from rapport.core.errors import OutputError
from rapport.store.parquet_out import sync, write_parquet

REJECTS = "rejects.parquet"


def create_rejects(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table in which every rejected line is kept with its reason and its text."""
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE rejects (source VARCHAR, line BIGINT, "table" VARCHAR, "column" VARCHAR, '
        "reason VARCHAR, value VARCHAR, lines BIGINT, used_elsewhere BOOLEAN, raw VARCHAR)"
    )


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
