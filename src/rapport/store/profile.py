"""Counts what every column of a file holds, so that its meaning can be decided without opening it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import ColumnProfile, FileProfile, Probe
from rapport.core.table import Type
from rapport.store.cells import as_text, filled_text
from rapport.store.connection import first_line, one_row, quoted
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


Found = tuple[ColumnProfile, bool]
"""A column's profile and whether its texts can be taken as they are."""


def profile_file(connection: duckdb.DuckDBPyConnection, raw: RawFile, narrow: Narrow, parse: Parse) -> Profiled:
    """Return the profile of a file: every count is of the whole file, none of a sample."""
    try:
        found = _columns(connection, raw, narrow, parse)
    except duckdb.Error as problem:
        todo = "open it in the program it came from and export it again"
        raise InputError(f"cannot be read ({first_line(problem)})", where=raw.name, todo=todo) from problem
    connection.execute("DROP TABLE IF EXISTS profiled")
    columns = tuple(
        replace(c, tidy=tidy, empty=not column.filled) for c, (column, tidy) in zip(raw.columns, found, strict=True)
    )
    profile = FileProfile(raw.name, raw.dialect, raw.rows, tuple(column for column, _ in found))
    return Profiled(profile, replace(raw, columns=columns))


def _columns(connection: duckdb.DuckDBPyConnection, raw: RawFile, narrow: Narrow, parse: Parse) -> list[Found]:
    """Return the profile of every column; columns of the same kind are asked together, in one query."""
    found: dict[int, Found] = {}
    texts: list[int] = []
    natives: list[int] = []
    for place, (column, shape) in enumerate(zip(raw.columns, _shapes(connection, raw), strict=True)):
        if not shape.given:
            found[place] = ColumnProfile(column.name, 0, 0, (), column.native), True
        elif column.native is None and shape.length > WORDY:
            found[place] = _words(connection, raw, column)
        elif raw.rows >= MANY and shape.distinct > CROWDED * raw.rows:
            found[place] = _many(connection, raw, column, narrow, parse)
        else:
            (texts if column.native is None else natives).append(place)
    found |= _natives(connection, raw, natives)
    found |= _texts(connection, raw, texts, narrow, parse)
    return [found[place] for place in range(len(raw.columns))]


def _shapes(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> list[Shape]:
    """Return the shape of every column, in one pass; only of long files are the different values estimated."""
    parts: list[str] = []
    for column in raw.columns:
        cell = quoted(column.name)
        parts.append(f"count({cell})")
        parts.append(f"avg(strlen({cell}))" if column.sql_type == "VARCHAR" else "0")
        parts.append(f"approx_count_distinct({cell})" if raw.rows >= MANY else "0")
    row = one_row(connection, f"SELECT {', '.join(parts)} FROM {raw.relation}")
    return [Shape(int(row[i]), float(row[i + 1] or 0), int(row[i + 2])) for i in range(0, len(row), 3)]


def _most_frequent(shown: str) -> str:
    """Return SQL for the list of the most frequent values, written as `shown`; of equally frequent ones the least."""
    return f"list_transform(arg_min(v, row(-n, v), {LOOKED_AT}) FILTER (v IS NOT NULL), lambda v: {shown})"


def _natives(connection: duckdb.DuckDBPyConnection, raw: RawFile, places: Sequence[int]) -> dict[int, Found]:
    """Profile columns of which the file itself declares the type."""
    parts = []
    for place in places:
        kind, cell = raw.columns[place].sql_type, quoted(raw.columns[place].name)
        low, high = (as_text(f"{side}(v)", kind) for side in ("min", "max"))
        parts.append(
            f"SELECT {place}, coalesce(sum(n) FILTER (v IS NOT NULL), 0), count(v), {low}, {high}, "
            f"{_most_frequent(as_text('v', kind))} "
            f"FROM (SELECT {cell} AS v, count(*) AS n FROM {raw.relation} GROUP BY 1)"
        )
    found: dict[int, Found] = {}
    for place, filled, distinct, low, high, examples in _together(connection, parts):
        column = raw.columns[place]
        shown = tuple((examples or [])[:EXAMPLES])
        found[place] = ColumnProfile(column.name, int(filled), distinct, shown, column.native, {}, low, high), True
    return found


def _texts(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, places: Sequence[int], narrow: Narrow, parse: Parse
) -> dict[int, Found]:
    """Profile columns of text: their different values are counted once, and each of these is read in every way."""
    if not places:
        return {}
    value = filled_text("v")
    parts = (
        f"SELECT {place} AS c, {value} AS v, sum(n)::BIGINT AS n, bool_and({value} IS NOT DISTINCT FROM v) AS tidy "
        f"FROM (SELECT {_text(raw.columns[place])} AS v, count(*) AS n FROM {raw.relation} GROUP BY 1) GROUP BY 2"
        for place in places
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE profiled AS {' UNION ALL '.join(parts)}")
    rows = connection.execute(
        "SELECT c, coalesce(sum(n) FILTER (v IS NOT NULL), 0), bool_and(tidy), count(v), min(v), max(v), "
        f"{_most_frequent('v')} FROM profiled GROUP BY c"
    ).fetchall()
    parsed = _parsed(connection, {row[0]: list(narrow(row[6] or [])) for row in rows}, parse)
    found: dict[int, Found] = {}
    for place, filled, tidy, distinct, low, high, examples in rows:
        column = raw.columns[place]
        counts = {probe: count for probe, (count, _, _) in parsed[place].items()}
        best = max(counts, key=lambda p: (counts[p], p.type in {Type.NUMBER, Type.COUNT}), default=None)
        if best is not None and best.type not in {Type.BOOL, Type.TEXT} and counts[best] >= MOSTLY * filled:
            _, low, high = parsed[place][best]
        shown = tuple((examples or [])[:EXAMPLES])
        profile = ColumnProfile(column.name, int(filled), distinct, shown, None, counts, low, high)
        found[place] = profile, bool(tidy)
    return found


Read = tuple[int, str | None, str | None]
"""How many cells a probe can read, and the least and the greatest value."""


def _parsed(
    connection: duckdb.DuckDBPyConnection, probes: Mapping[int, Sequence[Probe]], parse: Parse
) -> dict[int, dict[Probe, Read]]:
    """Return what each probe reads that reads at least one of a column's most frequent values."""
    parts = []
    for place, tried in probes.items():
        if not tried:
            continue
        values = ", ".join(f"{parse(probe, 'v', 'UTC')} AS p{i}" for i, probe in enumerate(tried))
        counts = ", ".join(f"coalesce(sum(n) FILTER (p{i} IS NOT NULL), 0)" for i in range(len(tried)))
        ends = (
            ", ".join(as_text(f"{side}(p{i})", _sql_type(probe)) for i, probe in enumerate(tried))
            for side in ("min", "max")
        )
        lows, highs = (f"[{end}]" for end in ends)
        parts.append(
            f"SELECT {place}, [{counts}], {lows}, {highs} "
            f"FROM (SELECT n, {values} FROM profiled WHERE c = {place} AND v IS NOT NULL)"
        )
    found: dict[int, dict[Probe, Read]] = {place: {} for place in probes}
    for place, counts, lows, highs in _together(connection, parts):
        read = zip(probes[place], counts, lows, highs, strict=True)
        found[place] = {probe: (int(count), low, high) for probe, count, low, high in read}
    return found


def _sql_type(probe: Probe) -> str:
    known = {Type.TIME: "TIMESTAMP", Type.DAY: "DATE", Type.COUNT: "BIGINT", Type.NUMBER: "DOUBLE"}
    return known.get(probe.type, "ANY")


def _many(
    connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn, narrow: Narrow, parse: Parse
) -> Found:
    """Profile a column of very many different values in one pass; examples come from the first rows."""
    cell, text = quoted(column.name), _text(column)
    value = filled_text(text) if column.native is None else cell
    shown_as = as_text("v", column.sql_type) if column.native else "v"
    sample = f"SELECT {value} AS v FROM {raw.relation} LIMIT {SAMPLE}"
    rows = connection.execute(
        f"SELECT {shown_as} FROM ({sample}) WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {LOOKED_AT}"
    ).fetchall()
    shown = [str(row[0]) for row in rows]
    probes = [] if column.native else list(narrow(shown))
    counts = "".join(f", count({parse(probe, 'v', 'UTC')})" for probe in probes)
    low, high = (as_text(f"{side}(v)", column.sql_type if column.native else "VARCHAR") for side in ("min", "max"))
    row = one_row(
        connection,
        f"SELECT count(v), count(DISTINCT hash(v)), coalesce(bool_and(tidy), true), {low}, {high}{counts} "
        f"FROM (SELECT {value} AS v, {value} IS NOT DISTINCT FROM {cell if column.native else text} AS tidy "
        f"FROM {raw.relation})",
    )
    parsed = {probe: int(count) for probe, count in zip(probes, row[5:], strict=True)}
    examples = tuple(shown[:EXAMPLES])
    return ColumnProfile(column.name, row[0], row[1], examples, column.native, parsed, row[3], row[4]), bool(row[2])


def _words(connection: duckdb.DuckDBPyConnection, raw: RawFile, column: RawColumn) -> Found:
    """Profile a column of sentences: nobody writes a date or an id that long."""
    text = _text(column)
    value = filled_text(text)
    filled, distinct, tidy = one_row(
        connection,
        f"SELECT count({value}), count(DISTINCT hash({value})), bool_and({value} IS NOT DISTINCT FROM {text}) "
        f"FROM {raw.relation}",
    )
    source = f"(SELECT {value} AS v FROM {raw.relation} LIMIT 10000)"
    rows = connection.execute(f"SELECT left(v, 300) FROM {source} WHERE v IS NOT NULL LIMIT {EXAMPLES}").fetchall()
    return ColumnProfile(column.name, int(filled), int(distinct), tuple(row[0] for row in rows)), bool(tidy)


def _text(column: RawColumn) -> str:
    cell = quoted(column.name)
    return cell if column.sql_type == "VARCHAR" else as_text(cell, column.sql_type)


def _together(connection: duckdb.DuckDBPyConnection, parts: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows of several questions asked at once: a question of its own for each column costs far more."""
    return connection.execute(" UNION ALL ".join(parts)).fetchall() if parts else []
