"""Counts what became of every line of a file: used by some table, or rejected, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from rapport.core.errors import RapportError
from rapport.store.casting import A_VALUE
from rapport.store.connection import literal, quoted
from rapport.store.raw import BAD, LINE, RawFile, counted
from rapport.store.staged import Staged
from rapport.store.staging import FIRST_CHECK, UNREADABLE

LEFT_OUT = -1
"""The code of a line that the mapping's `where` leaves out."""


NUMBERS = {".": "1,234.56", ",": "1.234,56"}
"""How a person writes what a decimal mark stands for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a file's lines: rows = used + rejected."""

    rows: int
    used: int
    rejected: int


def tally(connection: duckdb.DuckDBPyConnection, raw: RawFile, staged: Sequence[Staged]) -> Tally:
    """Count a file's lines, put those that are rejected into `rejects`, and check that nothing is lost.

    A line is used if at least one table used it; it is rejected if none did. A line that one table rejected and another
    used is in `rejects` as well, marked `used_elsewhere`, and does not count.
    """
    unused = [_unused(connection, s, i) for i, s in enumerate(staged) if s.used_lines != raw.rows]
    lost = 0
    if staged and len(unused) == len(staged):
        lines = " INTERSECT ".join(f"SELECT line FROM {name}" for name in unused)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE lost AS {lines}")
        lost = counted(connection, "lost")
    else:
        connection.execute("CREATE OR REPLACE TEMP TABLE lost (line BIGINT)")
    partial = [s for s in staged if s.used_lines != raw.rows]
    for one, name in zip(partial, unused, strict=True):
        _report(connection, raw, one, name)
    for codes in ("code > 0", f"code = {LEFT_OUT}"):
        for one, name in zip(partial, unused, strict=True):
            _report_lost(connection, raw, one, name, codes)
    _report_ragged(connection, raw)
    for name in unused:
        connection.execute(f"DROP TABLE {name}")
    rejected = lost + raw.ragged_rows
    written = counted(connection, f"(SELECT * FROM rejects WHERE source = {literal(raw.name)} AND NOT used_elsewhere)")
    if written != rejected:
        raise _does_not_add_up(raw, f"{rejected:,} rejected, {written:,} written down")
    return Tally(raw.total, raw.total - rejected, rejected)


def _unused(connection: duckdb.DuckDBPyConnection, staged: Staged, number: int) -> str:
    """Make the table of the lines that a mapping did not use, with the code of the reason."""
    name, line, typed = f"unused_{number}", quoted(LINE), staged.typed.relation
    parts = [f"SELECT {line} AS line, {LEFT_OUT} AS code, NULL AS value FROM {typed} WHERE NOT {staged.chosen}"]
    if staged.mapping.group:
        unreadable = f"{staged.chosen} AND ({BAD} & {staged.mask}) <> 0"
        parts.append(f"SELECT {line}, {UNREADABLE}, NULL FROM {typed} WHERE {unreadable}")
        groups = ", ".join(f"{sql} AS k{i}" for i, sql in enumerate(staged.groups))
        same = " AND ".join(f"t.k{i} IS NOT DISTINCT FROM s._g{i}" for i in range(len(staged.groups)))
        fine = f"{staged.chosen} AND ({BAD} & {staged.mask}) = 0"
        parts.append(
            f"SELECT t.line, s._bad, s._value FROM (SELECT {line} AS line, {groups} FROM {typed} WHERE {fine}) t "
            f"JOIN (SELECT * FROM {staged.name} WHERE _bad <> 0) s ON {same}"
        )
    else:
        parts.append(f"SELECT _line, _bad, _value FROM {staged.name} WHERE _bad <> 0")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {' UNION ALL '.join(parts)}")
    found = counted(connection, name)
    if found + staged.used_lines != staged.raw.rows:
        said = f"{staged.raw.rows:,} rows, {staged.used_lines:,} used, {found:,} not used by {staged.table.name}"
        raise _does_not_add_up(staged.raw, said)
    return name


def _report(connection: duckdb.DuckDBPyConnection, raw: RawFile, staged: Staged, unused: str) -> None:
    """Write down the rows that one table rejected although another used their lines: one entry a row."""
    groups = f"SELECT _line AS line, _bad AS code, _value AS value, _n AS n FROM {staged.name} WHERE _bad <> 0"
    if staged.mapping.group:
        groups += f" UNION ALL SELECT line, code, value, 1 FROM {unused} WHERE code = {UNREADABLE}"
    query = f"SELECT r.* FROM ({groups}) r ANTI JOIN lost USING (line)"
    _write(connection, raw, staged, query, elsewhere=True)


def _report_lost(connection: duckdb.DuckDBPyConnection, raw: RawFile, staged: Staged, unused: str, codes: str) -> None:
    """Write down every line that no table used, once: with a table's reason rather than that `where` leaves it out."""
    done = f"SELECT line FROM rejects WHERE source = {literal(raw.name)} AND NOT used_elsewhere"
    query = (
        f"SELECT u.line, u.code, u.value, 1 AS n FROM {unused} u SEMI JOIN lost USING (line) "
        f"ANTI JOIN ({done}) d ON d.line = u.line WHERE {codes}"
    )
    _write(connection, raw, staged, query, elsewhere=False)


def _write(connection: duckdb.DuckDBPyConnection, raw: RawFile, staged: Staged, query: str, *, elsewhere: bool) -> None:
    if not counted(connection, f"({query})"):
        return
    reasons = ", ".join(f"({code}, {literal(column)}, {literal(reason)})" for code, column, reason in _reasons(staged))
    connection.execute(
        f"INSERT INTO rejects SELECT {literal(raw.name)}, r.line, {literal(staged.table.name)}, "
        f"coalesce(why.name, {_unreadable_column(staged)}), coalesce(why.reason, {_unreadable_reason(staged)}), "
        f"coalesce(r.value, left({_unreadable_value(staged)}, 200)), "
        f"r.n, {elsewhere}, raw.json "
        f"FROM ({query}) r JOIN ({_as_json(raw)}) raw ON raw.line = r.line "
        f"LEFT JOIN (SELECT {quoted(LINE)} AS line, {BAD} & {staged.mask} AS bits FROM {staged.typed.relation} "
        f"WHERE ({BAD} & {staged.mask}) <> 0) t ON t.line = r.line "
        f"LEFT JOIN (VALUES {reasons}) why(code, name, reason) ON why.code = r.code"
    )


def _as_json(raw: RawFile) -> str:
    """Return the query of every line as the JSON of what stood in it."""
    cells = ", ".join(f"{literal(c.name)}: {quoted(c.name)}" for c in raw.columns)
    return f"SELECT {quoted(LINE)} AS line, CAST(to_json({{{cells}}}) AS VARCHAR) AS json FROM {raw.relation}"


def _reasons(staged: Staged) -> list[tuple[int, str, str]]:
    found = [(LEFT_OUT, "", "left out by the mapping's where")]
    return found + [(i, c.column, f"{c.column} {c.reason}") for i, c in enumerate(staged.checks, start=FIRST_CHECK)]


def _unreadable_column(staged: Staged) -> str:
    parts = [f"WHEN (t.bits & {1 << i}) <> 0 THEN {literal(c.name)}" for i, c in enumerate(staged.typed.doubtful)]
    return f"CASE {' '.join(parts)} END" if parts else "''"


def _unreadable_reason(staged: Staged) -> str:
    parts = []
    for i, column in enumerate(staged.typed.doubtful):
        reading = staged.typed.readings.get(column.name)
        said = A_VALUE[reading.type] if reading else "readable"
        form = f" ({NUMBERS.get(reading.format, reading.format)})" if reading and reading.format else ""
        parts.append(f"WHEN (t.bits & {1 << i}) <> 0 THEN {literal(f'{column.name} is not {said}{form}')}")
    return f"CASE {' '.join(parts)} END" if parts else "''"


def _unreadable_value(staged: Staged) -> str:
    """Return SQL for what stood in the first cell that could not be read."""
    parts = []
    for i, column in enumerate(staged.typed.doubtful):
        pointer = "/" + column.name.replace("~", "~0").replace("/", "~1")
        value = f"json_extract_string(raw.json, {literal(pointer)})"
        parts.append(f"WHEN (t.bits & {1 << i}) <> 0 THEN {value}")
    return f"CASE {' '.join(parts)} END" if parts else "NULL"


def _report_ragged(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> None:
    if raw.ragged:
        connection.execute(
            f"INSERT INTO rejects SELECT {literal(raw.name)}, line, '', '', reason, NULL, 1, false, raw "
            f"FROM {raw.ragged}"
        )


def _does_not_add_up(raw: RawFile, said: str) -> RapportError:
    todo = "this is a defect in Rapport; please report it"
    return RapportError(f"the rows do not add up ({said})", where=raw.name, todo=todo)
