"""Gives the cells of a file their types, and remembers which cells could not be read as what their column is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from rapport.core.errors import MappingError
from rapport.core.source import Probe, Reading, TableMapping
from rapport.core.table import Type
from rapport.store.cells import as_text, filled_text
from rapport.store.connection import literal, quoted
from rapport.store.profile import Parse
from rapport.store.raw import BAD, LINE, RawColumn, RawFile

MOST_DOUBTFUL = 120
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
QUOTED_NAME = re.compile(r'"((?:[^"]|"")+)"')


@dataclass(frozen=True, slots=True)
class TypedFile:
    """A file with typed cells: a relation of its line, the columns that mappings use, and `__bad__`.

    Bit i of `__bad__` is set where the cell of `doubtful[i]` holds something that is not of the column's type.
    `cheap` says that no text has to be parsed, so that little is won by keeping the cells.
    """

    raw: RawFile
    relation: str
    columns: tuple[RawColumn, ...]
    doubtful: tuple[RawColumn, ...]
    readings: Mapping[str, Reading]
    cheap: bool = False

    def mask(self, names: Iterable[str]) -> int:
        """Return the bits of the named columns."""
        wanted = set(names)
        return sum(1 << i for i, c in enumerate(self.doubtful) if c.name in wanted)

    def serves(self, names: Iterable[str], readings: Mapping[str, Reading]) -> bool:
        """Whether the named columns are here and were read as `readings` ask."""
        here = {c.name for c in self.columns}
        return all(n in here and _alike(self.readings.get(n), readings.get(n)) for n in names)


def _alike(one: Reading | None, other: Reading | None) -> bool:
    return one is not None and other is not None and (one.type, one.format) == (other.type, other.format)


def used_columns(mapping: TableMapping, raw: RawFile) -> tuple[str, ...]:
    """Return the file's columns that a mapping names anywhere, in the file's order."""
    named: set[str] = set()
    for place, text in [*mapping.columns.items(), ("where", mapping.where), *(("group", g) for g in mapping.group)]:
        if text:
            text = as_sql(text, raw.columns)
            named |= {name.lower() for name in _names(text, f"{mapping.file} → {mapping.table}.{place}")}
    return tuple(c.name for c in raw.columns if c.name.lower() in named)


def as_sql(text: str, columns: Iterable[RawColumn]) -> str:
    """Return an expression as SQL: the bare name of a column, however it is spelt, stands for that column."""
    for column in columns:
        if column.name.lower() == text.strip().lower():
            return quoted(column.name)
    return text


def bare_column(sql: str, columns: Iterable[RawColumn]) -> str | None:
    """Return the column that an expression is, None where it is more than a column."""
    match = QUOTED_NAME.fullmatch(as_sql(sql, columns))
    return match.group(1).replace('""', '"') if match else None


def typed(
    raw: RawFile,
    names: Iterable[str],
    readings: Mapping[str, Reading],
    parse: Parse,
    zone: str,
    attributes: Iterable[str] = (),
) -> TypedFile:
    """Return a file with the named columns typed and `attributes` as text; `zone` is that of times without one."""
    kept = set(attributes)
    wanted = set(names) | kept
    columns = tuple(c for c in raw.columns if c.name in wanted)
    read = {c.name: readings.get(c.name, Reading(c.name, c.native or Type.TEXT)) for c in columns}
    read |= {name: Reading(name, Type.TEXT) for name in kept}
    cells, values, shown = [quoted(LINE)], [quoted(LINE)], [quoted(LINE)]
    doubtful: list[RawColumn] = []
    bad: list[str] = []
    for i, column in enumerate(columns):
        cells.append(f"{_cell(column)} AS r{i}")
        values.append(f"{_value(column, f'r{i}', read[column.name], parse, zone)} AS t{i}")
        shown.append(f"t{i} AS {quoted(column.name)}")
        if not _always_readable(column, read[column.name]):
            values.append(f"r{i} IS NOT NULL AS f{i}")
            bad.append(f"CASE WHEN f{i} AND t{i} IS NULL THEN {1 << len(doubtful)} ELSE 0 END")
            doubtful.append(column)
    if len(doubtful) > MOST_DOUBTFUL:
        bad, doubtful = [], []
    kind = "BIGINT" if len(doubtful) < 63 else "HUGEINT"
    shown.append(f"CAST({' + '.join(bad) or '0'} AS {kind}) AS {BAD}")
    relation = (
        f"(SELECT {', '.join(shown)} FROM (SELECT {', '.join(values)} FROM "
        f"(SELECT {', '.join(cells)} FROM {raw.relation})))"
    )
    cheap = all(_needs_no_parsing(c, read[c.name], zone) for c in columns)
    return TypedFile(raw, relation, columns, tuple(doubtful), read, cheap)


def _names(text: str, place: str) -> set[str]:
    """Return the column names in an expression."""
    if PLAIN_NAME.fullmatch(text):
        return {text}
    if match := QUOTED_NAME.fullmatch(text):
        return {match.group(1).replace('""', '"')}
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as problem:
        reason = str(problem).splitlines()[0]
        raise MappingError(
            f"is no SQL expression ({reason})", where=place, todo="correct it in rapport.toml"
        ) from problem
    return {column.name for column in tree.find_all(exp.Column)}


def _cell(column: RawColumn) -> str:
    """Return SQL for a cell, NULL where it is empty."""
    cell = quoted(column.name)
    if column.sql_type == "VARCHAR":
        return cell if column.tidy else filled_text(cell)
    if column.native is None:
        return filled_text(as_text(cell, column.sql_type))
    if column.sql_type in {"DOUBLE", "FLOAT"}:
        return f"CASE WHEN isnan({cell}) THEN NULL ELSE {cell} END"
    return cell


def _value(column: RawColumn, cell: str, reading: Reading, parse: Parse, zone: str) -> str:
    """Return SQL for the typed value of a cell."""
    if column.native is None:
        text = cell if column.sql_type == "VARCHAR" else f"CAST({cell} AS VARCHAR)"
        return text if reading.type is Type.TEXT else parse(Probe(reading.type, reading.format), text, zone)
    if reading.type is Type.TEXT:
        return as_text(cell, column.sql_type)
    if column.native is Type.TIME:
        moment = _moment(cell, column.sql_type, zone)
        return f"CAST({cell} AS DATE)" if reading.type is Type.DAY else moment
    if column.native is Type.DAY and reading.type is Type.TIME:
        return at_zone(f"CAST({cell} AS TIMESTAMP)", zone)
    if reading.type is column.native or column.native is Type.DAY:
        return cell
    if reading.format is not None or reading.type in {Type.TIME, Type.DAY}:
        return parse(Probe(reading.type, reading.format), as_text(cell, column.sql_type), zone)
    return cell


def _moment(cell: str, sql_type: str, zone: str) -> str:
    """Return SQL for a time in UTC without a zone."""
    if "TIME ZONE" in sql_type.upper():
        return in_utc(cell)
    return at_zone(cell if sql_type == "TIMESTAMP" else f"CAST({cell} AS TIMESTAMP)", zone)


def in_utc(moment: str) -> str:
    """Return SQL for a time with a zone as UTC without one: by its count of microseconds, where it has one.

    The calendar's own conversion takes ten times as long and is kept for what is no count: infinity.
    """
    return f"CASE WHEN isfinite({moment}) THEN make_timestamp(epoch_us({moment})) ELSE timezone('UTC', {moment}) END"


def at_zone(moment: str, zone: str) -> str:
    """Return SQL that moves a time without a zone from `zone` to UTC."""
    if zone.upper() in {"", "UTC"}:
        return moment
    return f"timezone('UTC', timezone({literal(zone)}, {moment}))"


def _needs_no_parsing(column: RawColumn, reading: Reading, zone: str) -> bool:
    """Whether a typed cell is the cell itself, or nearly so."""
    if column.native is None:
        return column.sql_type == "VARCHAR" and reading.type is Type.TEXT
    zoned = "TIME ZONE" in column.sql_type.upper() or zone.upper() in {"", "UTC"}
    return reading.type is column.native and (zoned or column.native is not Type.TIME)


def _always_readable(column: RawColumn, reading: Reading) -> bool:
    return reading.type is Type.TEXT or (column.native is not None and reading.type is column.native)
