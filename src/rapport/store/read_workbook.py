"""Opens one sheet of an Excel workbook with the types of its cells."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
import pyarrow as pa

from rapport.core.errors import InputError
from rapport.core.source import Dialect
from rapport.store.connection import quoted
from rapport.store.folder import SourceFile
from rapport.store.intake import Examined
from rapport.store.raw import LINE, RawColumn, RawFile, counted, described, unique_names

FIRST_SHEET = "read me first"
"""The sheet with which the empty workbook of the record explains itself."""


def sheet_names(file: SourceFile) -> tuple[str, ...]:
    """Return the names of the sheets that hold anything to read, in the workbook's order."""
    book = _book(file)
    told = [name for name in book.sheet_names if name != FIRST_SHEET]
    return tuple(name for name in told if book.load_sheet(name, header_row=None, n_rows=1).width)


def open_sheet(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, examined: Examined, dialect: Dialect, number: int
) -> RawFile:
    """Open a sheet as the view `raw_<number>`: typed where a column's cells agree, text where they do not."""
    batch, notes = _cells(file, dialect)
    names, said = unique_names(_given(batch.schema.names))
    table = pa.Table.from_batches([batch]).rename_columns(names)
    connection.register(f"sheet_{number}", table)
    connection.execute(f"CREATE TEMP TABLE cells_{number} AS SELECT * FROM sheet_{number}")
    connection.unregister(f"sheet_{number}")
    first = 2 if dialect.header else 1
    some = " OR ".join(f"{quoted(n)} IS NOT NULL" for n in names)
    connection.execute(
        f"CREATE TEMP VIEW raw_{number} AS SELECT rowid + {first} AS {quoted(LINE)}, * FROM cells_{number} WHERE {some}"
    )
    columns = tuple(RawColumn(n, t) for n, t in described(connection, f"cells_{number}"))
    rows = counted(connection, f"raw_{number}")
    return RawFile(file.name, f"raw_{number}", columns, rows, examined.sha256, dialect, notes=(*notes, *said))


def _cells(file: SourceFile, dialect: Dialect) -> tuple[pa.RecordBatch, list[str]]:
    """Return a sheet's cells; columns in which some cell is not of the column's type are read again as text."""
    fastexcel = _library()
    book = _book(file)
    header = 0 if dialect.header else None
    sheet: str | int = dialect.sheet if dialect.sheet is not None else 0
    try:
        batch, errors = book.load_sheet(sheet, header_row=header, schema_sample_rows=None).to_arrow_with_errors()
        wrong = sorted({e.position[1] for e in errors.errors}) if errors else []
        notes: list[str] = []
        if wrong:
            text = dict.fromkeys(wrong, "string")
            loaded = book.load_sheet(sheet, header_row=header, schema_sample_rows=None, dtypes=text)
            batch, errors = loaded.to_arrow_with_errors()
            left = len(errors.errors) if errors else 0
            notes = [f"{left:,} cells hold an error of the spreadsheet (#DIV/0!, #N/A …) and are empty"] if left else []
    except fastexcel.FastExcelError as problem:
        raise _broken(file, problem) from problem
    if not batch.num_columns:
        raise InputError("is empty", where=file.name, todo="leave it out, or name another sheet")
    return batch, notes


def _given(names: list[str]) -> list[str | None]:
    """Return the headers as they stand in the sheet: fastexcel numbers repeated and missing ones itself."""
    taken: set[str] = set()
    found: list[str | None] = []
    for name in names:
        stem, _, number = name.rpartition("_")
        repeated = number.isdigit() and stem in taken
        found.append(None if name.startswith("__UNNAMED__") else stem if repeated else name)
        taken.add(name)
    return found


def _book(file: SourceFile) -> Any:
    fastexcel = _library()
    try:
        return fastexcel.read_excel(str(file.path))
    except fastexcel.FastExcelError as problem:
        raise _broken(file, problem) from problem


def _library() -> Any:
    """Return fastexcel, loaded when the first workbook is: most companies export CSV."""
    import fastexcel

    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    return fastexcel


def _broken(file: SourceFile, problem: Exception) -> InputError:
    reason = str(problem).splitlines()[0].removeprefix("calamine error: ")
    todo = "open it in the spreadsheet program and save it again"
    return InputError(f"cannot be read as a workbook ({reason})", where=file.name, todo=todo)
