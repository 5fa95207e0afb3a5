"""Opens a Parquet file with the types that it declares."""

from __future__ import annotations

import duckdb

from rapport.core.source import Dialect
from rapport.store.connection import literal, quoted
from rapport.store.folder import SourceFile
from rapport.store.intake import Examined
from rapport.store.raw import LINE, RawColumn, RawFile, counted, described, renamed, unique_names

COUNTER = "file_row_number"


def open_parquet(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, examined: Examined, dialect: Dialect, number: int
) -> RawFile:
    """Open a Parquet file as the view `raw_<number>`; its cells are read when they are asked for."""
    path = literal(as_pattern(str(file.path)))
    given = described(connection, f"read_parquet({path}, hive_partitioning=false)")
    names, notes = unique_names(name for name, _ in given)
    counter = COUNTER if COUNTER not in {n.lower() for n, _ in given} else None
    chosen = renamed((old, new) for (old, _), new in zip(given, names, strict=True))
    if counter:
        source, line = f"read_parquet({path}, file_row_number=true, hive_partitioning=false)", f"{counter} + 1"
    else:
        source, line = f"read_parquet({path}, hive_partitioning=false)", "row_number() OVER ()"
    connection.execute(f"CREATE TEMP VIEW raw_{number} AS SELECT {line} AS {quoted(LINE)}, {chosen} FROM {source}")
    columns = tuple(RawColumn(new, kind) for new, (_, kind) in zip(names, given, strict=True))
    rows = counted(connection, source)
    return RawFile(file.name, f"raw_{number}", columns, rows, examined.sha256, dialect, notes=tuple(notes))


def as_pattern(path: str) -> str:
    """Return a path in which the characters that DuckDB takes for wildcards stand for themselves."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)
