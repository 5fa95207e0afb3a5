"""Opens a file of any kind as rows and columns: CSV, Excel, Parquet, JSON."""

from __future__ import annotations

from pathlib import Path

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import Dialect, Kind
from rapport.store.connection import first_line
from rapport.store.folder import SourceFile
from rapport.store.intake import Examined, as_utf8
from rapport.store.raw import RawFile
from rapport.store.read_json import open_json
from rapport.store.read_parquet import open_parquet
from rapport.store.read_text import open_text
from rapport.store.read_workbook import open_sheet, sheet_names

__all__ = ["open_raw", "sheet_names"]


def open_raw(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    examined: Examined,
    dialect: Dialect,
    number: int,
    temporary: Path,
) -> RawFile:
    """Open one file (one sheet of a workbook) as the relation `raw_<number>`."""
    try:
        if dialect.kind is Kind.PARQUET:
            return open_parquet(connection, file, examined, dialect, number)
        if dialect.kind is Kind.XLSX:
            return open_sheet(connection, file, examined, dialect, number)
        text = as_utf8(file, examined, dialect.encoding, temporary)
        if dialect.kind is Kind.JSONL:
            return open_json(connection, file, examined, dialect, number, text)
        return open_text(connection, file, examined, dialect, number, text, temporary)
    except duckdb.OutOfMemoryException as problem:
        todo = "free memory, or split the file"
        raise InputError("does not fit into memory", where=file.name, todo=todo) from problem
    except duckdb.Error as problem:
        todo = "open it in the program it came from and export it again"
        raise InputError(f"cannot be read ({first_line(problem)})", where=file.name, todo=todo) from problem
