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
from rapport.store.raw import LINE, RawColumn, RawFile

BAD = "__bad__"
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
QUOTED_NAME = re.compile(r'"((?:[^"]|"")+)"')


@dataclass(frozen=True, slots=True)
class TypedFile:
    """A file with typed cells: a relation of its line, the columns that mappings use, and `__bad__`.

    Bit i of `__bad__` is set where the cell of `columns[i]` holds something that is not of the column's type.
    """

    raw: RawFile
    relation: str
    columns: tuple[RawColumn, ...]
    readings: Mapping[str, Reading]

    def mask(self, names: Iterable[str]) -> int:
        """Return the bits of the named columns."""
        wanted = set(names)
        return sum(1 << i for i, c in enumerate(self.columns) if c.name in wanted)


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
    readings = {**readings, **{name: Reading(name, Type.TEXT) for name in kept}}
    columns = tuple(c for c in raw.columns if c.name in wanted)
    cells, values, bad, shown = [quoted(LINE)], [quoted(LINE)], [], [quoted(LINE)]
    for i, column in enumerate(columns):
        reading = readings.get(column.name, Reading(column.name, column.native or Type.TEXT))
        cells.append(f"{_cell(column)} AS r{i}")
        values.append(f"{_value(column, f'r{i}', reading, parse, zone)} AS t{i}")
        shown.append(f"t{i} AS {quoted(column.name)}")
        if not _always_readable(column, reading):
            values.append(f"r{i} IS NOT NULL AS f{i}")
            kind = "BIGINT" if len(columns) < 63 else "HUGEINT"
            bad.append(f"CASE WHEN f{i} AND t{i} IS NULL THEN {1 << i}::{kind} ELSE 0 END")
    shown.append(f"{' + '.join(bad) or '0::BIGINT'} AS {BAD}")
    relation = (
        f"(SELECT {', '.join(shown)} FROM (SELECT {', '.join(values)} FROM "
        f"(SELECT {', '.join(cells)} FROM {raw.relation})))"
    )
    return TypedFile(raw, relation, columns, readings)


def _names(text: str, place: str) -> set[str]:
    """Return the column names in an expression."""
    if PLAIN_NAME.fullmatch(text):
        return {text}
    if match := QUOTED_NAME.fullmatch(text):
        return {match.group(1).replace('""', '"')}
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as problem:
        reason = str(problem).splitlines()[0]
        raise MappingError(
            f"is no SQL expression ({reason})", where=place, todo="correct it in rapport.toml"
        ) from problem
    return {column.name for column in tree.find_all(exp.Column)}


def _cell(column: RawColumn) -> str:
    """Return SQL for a cell, NULL where it is empty."""
    cell = quoted(column.name)
    if column.sql_type == "VARCHAR":
        return filled_text(cell)
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
        return f"timezone('UTC', {cell})"
    return at_zone(cell if sql_type == "TIMESTAMP" else f"CAST({cell} AS TIMESTAMP)", zone)


def at_zone(moment: str, zone: str) -> str:
    """Return SQL that moves a time without a zone from `zone` to UTC."""
    if zone.upper() in {"", "UTC"}:
        return moment
    return f"timezone('UTC', timezone({literal(zone)}, {moment}))"


def _always_readable(column: RawColumn, reading: Reading) -> bool:
    return reading.type is Type.TEXT or (column.native is not None and reading.type is column.native)
