"""Profiles a Parquet file by its footer alone: enough where its names and types leave nothing to decide."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from rapport.core.source import ColumnProfile, FileProfile
from rapport.store.connection import literal, one_row, quoted
from rapport.store.folder import SourceFile
from rapport.store.raw import RawFile
from rapport.store.read_parquet import as_pattern


def profile_footer(connection: duckdb.DuckDBPyConnection, file: SourceFile, raw: RawFile) -> FileProfile:
    """Return how full each column of a Parquet file is; examples, ranges and different values are not looked for."""
    counts = filled_cells(connection, file.path, raw.relation, [c.name for c in raw.columns])
    columns = tuple(ColumnProfile(c.name, counts[c.name], 0, (), c.native) for c in raw.columns)
    return FileProfile(raw.name, raw.dialect, raw.rows, columns)


def filled_cells(
    connection: duckdb.DuckDBPyConnection, file: Path, relation: str, columns: Sequence[str]
) -> dict[str, int]:
    """Return how many cells of each column are not empty; what the footer does not say is counted in `relation`."""
    counts = _counts(connection, file)
    unsaid = [name for name in columns if name not in counts]
    if unsaid:
        asked = ", ".join(f"count({quoted(name)})" for name in unsaid)
        counts |= dict(zip(unsaid, one_row(connection, f"SELECT {asked} FROM {relation}"), strict=True))
    return {name: counts[name] for name in columns}


def _counts(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[str, int]:
    """Return the cells that are not empty, of every flat column of which each row group says so."""
    rows = connection.execute(
        "SELECT path_in_schema, sum(num_values - stats_null_count) "
        f"FROM parquet_metadata({literal(as_pattern(str(file)))}) "
        "GROUP BY path_in_schema HAVING count(*) = count(stats_null_count) AND count(*) = count(DISTINCT row_group_id) "
        "AND bool_and(num_values = row_group_num_rows)"
    ).fetchall()
    return {str(name): int(filled) for name, filled in rows}
