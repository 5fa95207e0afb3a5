"""The SQL that reads one column of text as a date, a number or a yes, and as nothing where it is none."""

from __future__ import annotations

import re
from typing import Final

from rapport.core.errors import ConfigError
from rapport.core.source import Probe
from rapport.core.table import Type
from rapport.sources.probes import (
    CURRENCIES,
    EPOCH_MILLIS,
    EPOCH_SECONDS,
    ISO_DAY,
    ISO_TIME,
    ISO_ZONE,
    NO,
    YES,
    pattern,
    time_formats,
)

SQL_TYPES: Final = {
    Type.TEXT: "VARCHAR",
    Type.TIME: "TIMESTAMP",
    Type.DAY: "DATE",
    Type.MONEY: "DECIMAL(18,4)",
    Type.NUMBER: "DOUBLE",
    Type.COUNT: "BIGINT",
    Type.BOOL: "BOOLEAN",
    Type.MAP: "MAP(VARCHAR, VARCHAR)",
}
"""What each type of the record is in DuckDB; times are in UTC, without a zone."""

ZONE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+\-/]*")


def sql_for(probe: Probe, column_sql: str, timezone: str = "") -> str:
    """Return a DuckDB expression that turns trimmed text into the typed value, or NULL where it cannot be read.

    The expression never raises. Times come out as TIMESTAMP in UTC: those with an offset are moved, those without are
    taken to be in `timezone` (an IANA name; empty: already UTC).
    """
    column = f"({column_sql})"
    if probe.type is Type.TEXT:
        return _when(probe, column, column) if probe.format else column
    if probe.type is Type.BOOL:
        yes, no = (f"regexp_full_match({column}, '(?i:{'|'.join(words)})')" for words in (YES, NO))
        return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END"
    if probe.type in (Type.NUMBER, Type.MONEY, Type.COUNT):
        return _number(probe, column)
    value = _epoch(probe, column) if probe.format in (EPOCH_SECONDS, EPOCH_MILLIS) else _time(probe, column, timezone)
    return f"CAST({value} AS DATE)" if probe.type is Type.DAY else value


def literal(text: str) -> str:
    """Return the text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _when(probe: Probe, column: str, value: str) -> str:
    """Return `value` where the column looks as the probe wants, else NULL."""
    return f"CASE WHEN regexp_full_match({column}, {literal(pattern(probe))}) THEN {value} END"


def _number(probe: Probe, column: str) -> str:
    """Read a number: drop currency and thousands, mind brackets and a trailing minus, divide percents by 100."""
    if probe.type is Type.COUNT and probe.format is None:
        return _when(probe, column, f"TRY_CAST(regexp_replace({column}, '\\.0+$', '') AS BIGINT)")
    drop = f"{CURRENCIES}|[€$£¥%() '’\u00a0\u202f" + ("," if (probe.format or ".") == "." else ".") + "]"
    bare = f"regexp_replace(replace({column}, '−', '-'), {literal(drop)}, '', 'g')"
    if probe.format == ",":
        bare = f"replace({bare}, ',', '.')"
    negative = f"starts_with({column}, '(') OR ends_with({column}, '-')"
    bare = f"CASE WHEN {negative} THEN '-' || rtrim({bare}, '-') ELSE {bare} END"
    number = f"TRY_CAST({bare} AS {SQL_TYPES[probe.type]})"
    finite = f"CASE WHEN ends_with({column}, '%') THEN {number} / 100 ELSE {number} END"
    return _when(probe, column, f"CAST({finite} AS {SQL_TYPES[probe.type]})")


def _epoch(probe: Probe, column: str) -> str:
    """Read seconds or milliseconds since 1970."""
    scale = 1_000_000 if probe.format == EPOCH_SECONDS else 1_000
    return _when(probe, column, f"make_timestamp(CAST(TRY_CAST({column} AS DECIMAL(20,6)) * {scale} AS BIGINT))")


def _time(probe: Probe, column: str, timezone: str) -> str:
    """Read a day or a time, with its offset where it has one."""
    if probe.format is None:
        return _iso(probe, column, timezone)
    forms = time_formats(probe.type, probe.format)
    if "%z" in probe.format:
        value = f"timezone('UTC', try_strptime({column}, {literal(forms[0])}))"
        return _when(probe, column, value)
    listed = ", ".join(literal(form) for form in forms)
    value = f"try_strptime(upper({column}), [{listed}])"
    return _when(probe, column, _to_utc(value, probe, timezone))


def _iso(probe: Probe, column: str, timezone: str) -> str:
    """Read ISO 8601: with an offset, without one, or the day alone."""
    if probe.type is Type.DAY:
        return f"CASE WHEN regexp_full_match({column}, {literal(ISO_DAY)}) THEN TRY_CAST({column} AS DATE) END"
    dotted = f"replace({column}, ',', '.')"
    offset = f"regexp_replace({dotted}, ' ?(Z|UTC|GMT)$', '+00')"
    zoned = f"regexp_replace({offset}, ' ([+-][0-9:]+)$', '\\1')"
    naive = _to_utc(f"TRY_CAST({dotted} AS TIMESTAMP)", probe, timezone)
    return (
        f"CASE WHEN NOT regexp_full_match({column}, {literal(ISO_TIME)}) THEN NULL "
        f"WHEN regexp_matches({column}, {literal(f':[0-9.,]+ ?({ISO_ZONE})$')}) "
        f"THEN timezone('UTC', TRY_CAST({zoned} AS TIMESTAMPTZ)) ELSE {naive} END"
    )


def _to_utc(value: str, probe: Probe, timezone: str) -> str:
    """Move a time from its zone to UTC; days have no zone."""
    if not timezone or timezone.upper() == "UTC" or probe.type is Type.DAY:
        return value
    if ZONE_NAME.fullmatch(timezone) is None:
        raise ConfigError(f"{timezone!r} is no time zone", where="timezone", todo="write a name such as Europe/Berlin")
    return f"timezone('UTC', timezone({literal(timezone)}, {value}))"
