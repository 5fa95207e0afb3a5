"""Turns the value of a mapping's expression into the exact type of a record's column, or says why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapport.core.table import Column, Role, Type
from rapport.store.cells import BLANKS, as_text, without_zeros
from rapport.store.connection import literal, quoted
from rapport.store.raw import RawColumn
from rapport.store.typing import at_zone, in_utc

EARLIEST = "1970-01-01"
LATEST = "2101-01-01"

SQL_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.TIME: "TIMESTAMP",
    Type.DAY: "DATE",
    Type.MONEY: "DECIMAL(18,4)",
    Type.NUMBER: "DOUBLE",
    Type.COUNT: "BIGINT",
    Type.BOOL: "BOOLEAN",
    Type.MAP: "MAP(VARCHAR, VARCHAR)",
}
"""What each type of the record is in the engine and in the files; times are UTC without a zone."""

A_VALUE = {
    Type.TEXT: "text",
    Type.TIME: "a time",
    Type.DAY: "a day",
    Type.MONEY: "an amount of money",
    Type.NUMBER: "a number",
    Type.COUNT: "a whole number",
    Type.BOOL: "yes or no",
    Type.MAP: "a map",
}

ISO_OFFSET = r":[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
YES = "('true', 't', 'yes', 'y', '1')"
NO = "('false', 'f', 'no', 'n', '0')"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition under which a row is rejected, with the reason; `value` is SQL for what stood there."""

    when: str
    column: str
    reason: str
    value: str = "NULL"


def cast(column: Column, value: str, sql_type: str, zone: str) -> str:
    """Return SQL that turns `value`, of type `sql_type`, into the type of a record's column; NULL where it cannot."""
    kind = sql_type.upper()
    text = kind == "VARCHAR"
    match column.type:
        case Type.TEXT:
            return _text(column, value, kind)
        case Type.TIME:
            return _time(value, kind, zone)
        case Type.DAY:
            return f"TRY_CAST({value} AS DATE)" if kind in {"DATE", "VARCHAR"} else _day(value, kind, zone)
        case Type.COUNT:
            whole = f"TRY_CAST({value} AS DOUBLE)" if text else value
            return (
                value
                if kind == "BIGINT"
                else f"CASE WHEN {whole} = trunc({whole}) THEN TRY_CAST({whole} AS BIGINT) END"
            )
        case Type.BOOL:
            return value if kind == "BOOLEAN" else _bool(as_text(value, kind))
        case Type.NUMBER:
            number = f"TRY_CAST({value} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
    return f"TRY_CAST({value} AS {SQL_TYPES[column.type]})"


def empty(kind: Type) -> str:
    """Return SQL for a cell of which nothing is known."""
    return f"CAST(NULL AS {SQL_TYPES[kind]})"


def as_map(attributes: Sequence[str], columns: Iterable[RawColumn]) -> str:
    """Return SQL for the map of the columns that no table knows, without the empty ones; none where there is none."""
    kept = {c.name for c in columns if c.name == "attributes" and c.sql_type.upper().startswith("MAP")}
    before = f"CAST(CAST(attributes AS JSON) AS {SQL_TYPES[Type.MAP]})" if kept & set(attributes) else ""
    attributes = [name for name in attributes if name not in kept]
    if not attributes:
        return before
    pairs = ", ".join(f"{{'k': {literal(name)}, 'v': {quoted(name)}}}" for name in attributes)
    entries = f"map_from_entries(list_filter([{pairs}], lambda x: x.v IS NOT NULL))"
    some = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in attributes)
    made = f"CASE WHEN {some} THEN {entries} ELSE {empty(Type.MAP)} END"
    return f"map_concat({before}, {made})" if before else made


def checks(column: Column, value: str, done: str, *, mapped: bool) -> list[Check]:
    """Return why a row may be rejected for one column: `value` is what was given, `done` what became of it."""
    found: list[Check] = []
    if mapped:
        given = f"left(CAST({value} AS VARCHAR), 200)"
        allowed = f"is not one of {', '.join(column.choices)}" if column.choices else f"is not {A_VALUE[column.type]}"
        if column.choices or column.type not in {Type.TEXT, Type.MAP}:
            found.append(Check(f"{value} IS NOT NULL AND {done} IS NULL", column.name, allowed, given))
        if column.type in {Type.TIME, Type.DAY}:
            outside = f"{done} < TIMESTAMP '{EARLIEST}' OR {done} >= TIMESTAMP '{LATEST}'"
            found.append(Check(outside, column.name, "is outside 1970–2100", given))
    if column.required:
        found.append(Check(f"{done} IS NULL", column.name, "is missing"))
    return found


def _text(column: Column, value: str, kind: str) -> str:
    text = value if kind == "VARCHAR" else as_text(value, kind)
    if column.role is Role.KEY and kind == "VARCHAR":
        text = without_zeros(text)
    if column.choices:
        listed = " ".join(f"WHEN {literal(c)} THEN {literal(c)}" for c in column.choices)
        return f"CASE lower(trim({text}, {literal(BLANKS)})) {listed} END"
    return f"nullif({text}, '')" if kind == "VARCHAR" else text


def _time(value: str, kind: str, zone: str) -> str:
    if kind == "TIMESTAMP":
        return value
    if "TIME ZONE" in kind:
        return in_utc(value)
    if kind == "DATE":
        return at_zone(f"CAST({value} AS TIMESTAMP)", zone)
    if kind == "VARCHAR":
        naive = at_zone(f"TRY_CAST({value} AS TIMESTAMP)", zone)
        zoned = f"timezone('UTC', TRY_CAST({value} AS TIMESTAMPTZ))"
        return f"CASE WHEN regexp_matches({value}, {literal(ISO_OFFSET)}) THEN {zoned} ELSE {naive} END"
    return f"TRY_CAST({value} AS TIMESTAMP)" if kind.startswith("TIMESTAMP") else "CAST(NULL AS TIMESTAMP)"


def _day(value: str, kind: str, zone: str) -> str:
    """Return SQL for the day of a moment: the day that it was in the source's zone."""
    if not kind.startswith("TIMESTAMP"):
        return "CAST(NULL AS DATE)"
    moment = value if "TIME ZONE" in kind else f"timezone('UTC', CAST({value} AS TIMESTAMP))"
    return f"CAST(timezone({literal(zone or 'UTC')}, {moment}) AS DATE)"


def _bool(text: str) -> str:
    return f"CASE WHEN lower({text}) IN {YES} THEN true WHEN lower({text}) IN {NO} THEN false END"
