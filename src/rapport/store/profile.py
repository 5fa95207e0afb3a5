"""Counts what every column of a file holds, so that its meaning can be decided without opening it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import ColumnProfile, FileProfile, Probe
from rapport.core.table import Type
from rapport.store.cells import as_text, filled_text
from rapport.store.connection import first_line, quoted
from rapport.store.raw import RawColumn, RawFile

EXAMPLES = 12
LOOKED_AT = 100
WORDY = 48
MOSTLY = 0.9
MANY = 1_000_000
CROWDED = 0.3
SAMPLE = 100_000

Parse = Callable[[Probe, str, str], str]
"""Returns SQL that reads a text as a probe says: (probe, SQL of the text, time zone)."""

Narrow = Callable[[Iterable[str]], Sequence[Probe]]
"""Returns the probes that can read at least one of the examples."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many cells of a column are there, how long its texts are on average, and about how many differ."""

    given: int
    length: float
    distinct: int


@dataclass(frozen=True, slots=True)
class Profiled:
    """A file's profile, and the file with what was learnt about its columns."""

    profile: FileProfile
    raw: RawFile


def profile_file(connection: duckdb.DuckDBPyConnection, raw: RawFile, narrow: Narrow, parse: Parse) -> Profiled:
    """Return the profile of a file: every count is of the whole file, none of a sample."""
    try:
        shapes = _shapes(connection, raw)
        found = [_column(connection, raw, c, n, narrow, parse) for c, n in zip(raw.columns, shapes, strict=True)]
    except duckdb.Error as problem:
        todo = "open it in the program it came from and export it again"
        raise InputError(f"cannot be read ({first_line(problem)})", where=raw.name, todo=todo) from problem
    connection.execute("DROP TABLE IF EXISTS profiled")
    columns = tuple(
        replace(c, tidy=tidy, empty=not column.filled) for c, (column, tidy) in zip(raw.columns, found, strict=True)
    )
    profile = FileProfile(raw.name, raw.dialect, raw.rows, tuple(column for column, _ in found))
    return Profiled(profile, replace(raw, columns=columns))


def _shapes(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> list[Shape]:
    """Return the shape of every column, in one pass; only of long files are the different values estimated."""
    parts: list[str] = []
    for column in raw.columns:
        cell = quoted(column.name)
        parts.append(f"count({cell})")
        parts.append(f"avg(strlen({cell}))" if column.sql_type == "VARCHAR" else "0")
        parts.append(f"approx_count_distinct({cell})" if raw.rows >= MANY else "0")
    row = connection.execute(f"SELECT {', '.join(parts)} FROM {raw.relation}").fetchone() or ()
    return [Shape(int(row[i]), float(row[i + 1] or 0), int(row[i + 2])) for i in range(0, len(row), 3)]


def _column(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn, shape: Shape, narrow: Narrow, parse: Parse
) -> tuple[ColumnProfile, bool]:
    """Return a column's profile and whether its texts can be taken as they are."""
    if not shape.given:
        return ColumnProfile(column.name, 0, 0, (), column.native), True
    cell = quoted(column.name)
    text = cell if column.sql_type == "VARCHAR" else as_text(cell, column.sql_type)
    if column.native is None and shape.length > WORDY:
        return _words(connection, raw, column, filled_text(text), text)
    if raw.rows >= MANY and shape.distinct > CROWDED * raw.rows:
        return _many(connection, raw, column, narrow, parse)
    value, given = (filled_text("v"), text) if column.native is None else ("v", cell)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE profiled AS SELECT {value} AS v, sum(n)::BIGINT AS n, "
        f"bool_and({value} IS NOT DISTINCT FROM v) AS tidy "
        f"FROM (SELECT {given} AS v, count(*) AS n FROM {raw.relation} GROUP BY 1) GROUP BY 1"
    )
    filled, tidy = connection.execute(
        "SELECT coalesce(sum(n) FILTER (v IS NOT NULL), 0), coalesce(bool_and(tidy), true) FROM profiled"
    ).fetchone() or (0, True)
    if not filled:
        return ColumnProfile(column.name, 0, 0, (), column.native), bool(tidy)
    connection.execute("DELETE FROM profiled WHERE v IS NULL")
    shown_as = as_text("v", column.sql_type) if column.native else "v"
    shown = _texts(connection, f"SELECT {shown_as} FROM profiled ORDER BY n DESC, v LIMIT {LOOKED_AT}")
    parsed = {} if column.native else _parsed(connection, shown, narrow, parse)
    distinct, low, high = _range(connection, column, int(filled), parsed, parse)
    examples = tuple(shown[:EXAMPLES])
    profile = ColumnProfile(column.name, int(filled), distinct, examples, column.native, parsed, low, high)
    return profile, bool(tidy)


def _many(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn, narrow: Narrow, parse: Parse
) -> tuple[ColumnProfile, bool]:
    """Profile a column of very many different values in one pass; examples come from the first rows."""
    cell = quoted(column.name)
    text = cell if column.sql_type == "VARCHAR" else as_text(cell, column.sql_type)
    value = filled_text(text) if column.native is None else cell
    shown_as = as_text("v", column.sql_type) if column.native else "v"
    sample = f"SELECT {value} AS v FROM {raw.relation} LIMIT {SAMPLE}"
    shown = _texts(
        connection,
        f"SELECT {shown_as} FROM ({sample}) WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {LOOKED_AT}",
    )
    probes = [] if column.native else list(narrow(shown))
    counts = "".join(f", count({parse(probe, 'v', 'UTC')})" for probe in probes)
    low, high = (as_text(f"{side}(v)", column.sql_type if column.native else "VARCHAR") for side in ("min", "max"))
    row = connection.execute(
        f"SELECT count(v), count(DISTINCT hash(v)), coalesce(bool_and(tidy), true), {low}, {high}{counts} "
        f"FROM (SELECT {value} AS v, {value} IS NOT DISTINCT FROM {cell if column.native else text} AS tidy "
        f"FROM {raw.relation})"
    ).fetchone() or (0, 0, True, None, None)
    parsed = {probe: int(count) for probe, count in zip(probes, row[5:], strict=True)}
    examples = tuple(shown[:EXAMPLES])
    profile = ColumnProfile(
        column.name, int(row[0]), int(row[1]), examples, column.native, parsed, _text(row[3]), _text(row[4])
    )
    return profile, bool(row[2])


def _words(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn, value: str, text: str
) -> tuple[ColumnProfile, bool]:
    """Profile a column of sentences: nobody writes a date or an id that long."""
    filled, distinct, tidy = connection.execute(
        f"SELECT count({value}), count(DISTINCT hash({value})), bool_and({value} IS NOT DISTINCT FROM {text}) "
        f"FROM {raw.relation}"
    ).fetchone() or (0, 0, True)
    source = f"(SELECT {value} AS v FROM {raw.relation} LIMIT 10000)"
    shown = _texts(connection, f"SELECT left(v, 300) FROM {source} WHERE v IS NOT NULL LIMIT {EXAMPLES}")
    return ColumnProfile(column.name, int(filled), int(distinct), tuple(shown)), bool(tidy)


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
