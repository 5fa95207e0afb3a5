"""Opens a CSV file: every cell as text, every record counted, and those that are no rows kept aside."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import Dialect
from rapport.store.connection import literal, one_row, quoted
from rapport.store.folder import SourceFile
from rapport.store.intake import Examined, Text, even_lines
from rapport.store.raw import LINE, RawColumn, RawFile, counted, unique_names

LONGEST = 64 << 20
SHOWN = 10_000
"""So much of a rejected record the engine keeps."""

OPEN_QUOTE = "a quotation mark that does not close"


def open_text(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    examined: Examined,
    dialect: Dialect,
    number: int,
    text: Text,
    temporary: Path,
) -> RawFile:
    """Open a CSV file as the view `raw_<number>`; records with too few or too many cells become `ragged_<number>`."""
    try:
        cells = _header(text.path, dialect)
    except csv.Error as problem:
        todo = "export it again, with quotation marks around texts"
        raise InputError(f"its header cannot be read ({problem})", where=file.name, todo=todo) from problem
    if not cells:
        raise InputError("is empty", where=file.name, todo="leave it out, or export it again")
    cells += [None] * dialect.unnamed
    names, notes = unique_names(cells if dialect.header else [None] * len(cells))
    if not dialect.header:
        notes = ["the first line is no header; the columns are called column_1, column_2, …"]
    try:
        _load(connection, text.path, dialect, names, number)
    except duckdb.InvalidInputException:
        _load(connection, even_lines(text.path, temporary), dialect, names, number)
    ragged = _ragged(connection, file, number)
    first = dialect.skip + (2 if dialect.header else 1)
    shift = _numbered(connection, number, first, ragged > 0)
    connection.execute(f"CREATE TEMP VIEW raw_{number} AS {shift}")
    return RawFile(
        file.name,
        f"raw_{number}",
        tuple(RawColumn(name, "VARCHAR") for name in names),
        counted(connection, f"cells_{number}"),
        examined.sha256,
        dialect,
        f"ragged_{number}" if ragged else None,
        ragged,
        (*text.notes, *notes),
    )


def _options(dialect: Dialect) -> str:
    quote, escape = literal(dialect.quote), literal(dialect.escape or dialect.quote)
    return (
        f"auto_detect=false, delim={literal(dialect.delimiter)}, quote={quote}, escape={escape}, "
        f"skip={dialect.skip}, max_line_size={LONGEST}, buffer_size={LONGEST}"
    )


def _header(path: Path, dialect: Dialect) -> list[str | None]:
    """Return the cells of the first record after the skipped lines."""
    csv.field_size_limit(LONGEST)
    with path.open(encoding="utf-8", newline="") as opened:
        for _ in range(dialect.skip):
            opened.readline(LONGEST)
        lines = (line for line in opened if line.strip())
        reader = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            escapechar=dialect.escape or None,
            doublequote=not dialect.escape,
        )
        return list(next(reader, []))


def _load(connection: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, names: list[str], number: int) -> None:
    """Read all records into `cells_<number>` and what is no row into `ragged_<number>`."""
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    header = "true" if dialect.header else "false"
    blank = "" if len(names) > 1 else f" WHERE {quoted(names[0])} IS NOT NULL"
    connection.execute(
        f"CREATE TEMP TABLE cells_{number} AS SELECT * FROM read_csv({literal(str(path))}, "
        f"columns={{{columns}}}, {_options(dialect)}, header={header}, strict_mode=true, store_rejects=true){blank}"
    )


def _ragged(connection: duckdb.DuckDBPyConnection, file: SourceFile, number: int) -> int:
    """Keep the records that are no rows, each once; return how many there are.

    Lines that a quotation mark has swallowed because it does not close are records again, each of its own.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE broken AS SELECT line, "
        "first(CASE error_type WHEN 'MISSING COLUMNS' THEN 'too few cells' "
        "WHEN 'TOO MANY COLUMNS' THEN 'too many cells' "
        f"WHEN 'UNQUOTED VALUE' THEN {literal(OPEN_QUOTE)} "
        "WHEN 'LINE SIZE OVER MAXIMUM' THEN 'longer than 64 MB' "
        "ELSE lower(error_type) END ORDER BY column_idx) AS reason, "
        "coalesce(first(csv_line ORDER BY column_idx), '') AS raw FROM reject_errors GROUP BY line"
    )
    _refuse_open_quote(connection, file)
    parts = (
        f"CASE WHEN reason = {literal(OPEN_QUOTE)} "
        r"THEN regexp_split_to_array(trim(raw, chr(10) || chr(13)), '[\r\n]+') ELSE [raw] END"
    )
    earlier = "sum(len(parts) - 1) OVER (ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    connection.execute(
        f"CREATE TEMP TABLE ragged_{number} AS SELECT CAST(first + place - 1 AS BIGINT) AS line, reason, "
        "parts[place] AS raw FROM (SELECT *, unnest(range(1, len(parts) + 1)) AS place FROM "
        f"(SELECT *, line + coalesce({earlier}, 0) AS first FROM (SELECT *, {parts} AS parts FROM broken)))"
    )
    connection.execute("DROP TABLE broken")
    return counted(connection, f"ragged_{number}")


def _refuse_open_quote(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> None:
    """Refuse a file of which a quotation mark that never closes has swallowed the rest."""
    (line,) = one_row(
        connection, f"SELECT min(line) FROM broken WHERE reason = {literal(OPEN_QUOTE)} AND strlen(raw) >= {SHOWN}"
    )
    if line is not None:
        todo = "close it, or double the quotation marks inside texts"
        where = f"{file.name}, line {line}"
        raise InputError("has a quotation mark that opens and does not close", where=where, todo=todo)


def _numbered(connection: duckdb.DuckDBPyConnection, number: int, first: int, ragged: bool) -> str:
    """Return the query that gives each row the number of its record, ragged records counted in between."""
    if not ragged:
        return f"SELECT rowid + {first} AS {quoted(LINE)}, * FROM cells_{number}"
    connection.execute(
        f"CREATE TEMP TABLE shift_{number} AS SELECT line - {first} - k + 1 AS before, max(k) AS shift "
        f"FROM (SELECT line, row_number() OVER (ORDER BY line) AS k FROM ragged_{number}) GROUP BY 1"
    )
    return (
        f"SELECT c.rowid + {first} + coalesce(s.shift, 0) AS {quoted(LINE)}, c.* "
        f"FROM cells_{number} c ASOF LEFT JOIN shift_{number} s ON c.rowid >= s.before"
    )
