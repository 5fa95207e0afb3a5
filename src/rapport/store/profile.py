"""Counts what every column of a file holds, so that its meaning can be decided without opening it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from rapport.core.source import ColumnProfile, FileProfile, Probe
from rapport.core.table import Type
from rapport.store.cells import as_text, filled_text
from rapport.store.connection import quoted
from rapport.store.raw import RawColumn, RawFile

EXAMPLES = 12
LOOKED_AT = 100
WORDY = 48
MOSTLY = 0.9

Parse = Callable[[Probe, str, str], str]
"""Returns SQL that reads a text as a probe says: (probe, SQL of the text, time zone)."""

Narrow = Callable[[Iterable[str]], Sequence[Probe]]
"""Returns the probes that can read at least one of the examples."""


@dataclass(frozen=True, slots=True)
class Width:
    """How many cells of a column are filled, and how long they are on average."""

    filled: int
    average: float


def profile_file(connection: duckdb.DuckDBPyConnection, raw: RawFile, narrow: Narrow, parse: Parse) -> FileProfile:
    """Return the profile of a file: every count is of the whole file, none of a sample."""
    widths = _widths(connection, raw)
    columns = tuple(_column(connection, raw, c, w, narrow, parse) for c, w in zip(raw.columns, widths, strict=True))
    connection.execute("DROP TABLE IF EXISTS profiled")
    return FileProfile(raw.name, raw.dialect, raw.rows, columns)


def _widths(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> list[Width]:
    """Return the filled cells and the average length of every column, in one pass."""
    parts = []
    for column in raw.columns:
        cell = quoted(column.name)
        if column.sql_type == "VARCHAR":
            parts.append(f"count({filled_text(cell)}), coalesce(avg(strlen({cell})), 0)")
        else:
            parts.append(f"count({cell}), 0")
    row = connection.execute(f"SELECT {', '.join(parts)} FROM {raw.relation}").fetchone() or ()
    return [Width(int(row[i]), float(row[i + 1])) for i in range(0, len(row), 2)]


def _column(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn, width: Width, narrow: Narrow, parse: Parse
) -> ColumnProfile:
    if not width.filled:
        return ColumnProfile(column.name, 0, 0, (), column.native)
    cell = quoted(column.name)
    value = filled_text(cell) if column.sql_type == "VARCHAR" else cell
    if column.native is None and column.sql_type != "VARCHAR":
        value = as_text(cell, column.sql_type)
    if column.native is None and width.average > WORDY:
        return _words(connection, raw, column, value, width.filled)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE profiled AS SELECT v, count(*) AS n FROM "
        f"(SELECT {value} AS v FROM {raw.relation}) WHERE v IS NOT NULL GROUP BY v"
    )
    text = as_text("v", column.sql_type) if column.native else "v"
    shown = _texts(connection, f"SELECT {text} FROM profiled ORDER BY n DESC, v LIMIT {LOOKED_AT}")
    parsed = {} if column.native else _parsed(connection, shown, narrow, parse)
    distinct, low, high = _range(connection, column, width.filled, parsed, parse)
    examples = tuple(shown[:EXAMPLES])
    return ColumnProfile(column.name, width.filled, distinct, examples, column.native, parsed, low, high)


def _words(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn, value: str, filled: int
) -> ColumnProfile:
    """Profile a column of sentences: nobody writes a date or an id that long."""
    row = connection.execute(f"SELECT count(DISTINCT hash({value})) FROM {raw.relation}").fetchone() or (0,)
    source = f"(SELECT {value} AS v FROM {raw.relation} LIMIT 10000)"
    shown = _texts(connection, f"SELECT left(v, 300) FROM {source} WHERE v IS NOT NULL LIMIT {EXAMPLES}")
    return ColumnProfile(column.name, filled, int(row[0]), tuple(shown))


def _parsed(
    connection: duckdb.DuckDBPyConnection, shown: Sequence[str], narrow: Narrow, parse: Parse
) -> dict[Probe, int]:
    """Return how many cells each probe reads that reads at least one of the most frequent ones."""
    probes = list(narrow(shown))
    if not probes:
        return {}
    sums = ", ".join(f"sum(CASE WHEN ({parse(p, 'v', 'UTC')}) IS NOT NULL THEN n ELSE 0 END)" for p in probes)
    row = connection.execute(f"SELECT {sums} FROM profiled").fetchone() or ()
    return {probe: int(count) for probe, count in zip(probes, row, strict=True)}


def _range(
    connection: duckdb.DuckDBPyConnection, column: RawColumn, filled: int, parsed: dict[Probe, int], parse: Parse
) -> tuple[int, str | None, str | None]:
    """Return the number of distinct values, the least and the greatest, as numbers or times where most cells are."""
    value, kind = "v", column.sql_type
    best = max(parsed, key=lambda p: (parsed[p], p.type in {Type.NUMBER, Type.COUNT}), default=None)
    if best is not None and best.type not in {Type.BOOL, Type.TEXT} and parsed[best] >= MOSTLY * filled:
        value = parse(best, "v", "UTC")
        kind = {Type.TIME: "TIMESTAMP", Type.DAY: "DATE", Type.COUNT: "BIGINT"}.get(best.type, "DOUBLE")
    low, high = (as_text(f"{side}({value})", kind) for side in ("min", "max"))
    row = connection.execute(f"SELECT count(*), {low}, {high} FROM profiled").fetchone() or (0, None, None)
    return int(row[0]), _text(row[1]), _text(row[2])


def _texts(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query).fetchall()]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
