"""Evaluates one mapping: the rows that one file gives to one table, in the table's types, good and bad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from rapport.core.errors import InputError, MappingError
from rapport.core.source import Kind, TableMapping
from rapport.core.table import Table, Type
from rapport.record import TABLES
from rapport.store.casting import Check, as_map, cast, checks, empty
from rapport.store.connection import first_line, literal, quoted
from rapport.store.raw import BAD, LINE, RawFile, described
from rapport.store.typing import TypedFile, as_sql, used_columns

UNREADABLE = 1
FIRST_CHECK = 2
ID_DIGITS = 16
ATTRIBUTES = "attributes"
"""The column, of every table, of what a file says beyond the record's columns."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What one mapping made of one file: the relation `name` holds its rows, `_bad` says which are rejected and why.

    `columns` are those of the record that it has; all others of the table are empty.
    """

    mapping: TableMapping
    table: Table
    typed: TypedFile
    name: str
    chosen: str
    mask: int
    columns: frozenset[str]
    checks: tuple[Check, ...]
    made_keys: bool
    used_lines: int
    rows: int
    rejected_rows: int

    @property
    def raw(self) -> RawFile:
        """The file."""
        return self.typed.raw

    @property
    def good(self) -> str:
        """The relation of the rows that are not rejected."""
        return f"(SELECT * FROM {self.name} WHERE _bad = 0)" if self.rejected_rows else self.name

    @property
    def groups(self) -> tuple[str, ...]:
        """The SQL of the columns by which the file's rows are grouped."""
        return tuple(as_sql(g, self.raw.columns) for g in self.mapping.group)


def stage(
    connection: duckdb.DuckDBPyConnection,
    mapping: TableMapping,
    typed: TypedFile,
    attributes: Sequence[str],
    zone: str,
    currency: str,
    number: int,
) -> Staged:
    """Evaluate a mapping into the temporary table or view `stage_<number>`."""
    table = TABLES[mapping.table]
    raw = typed.raw
    expressions = {name: as_sql(text, raw.columns) for name, text in mapping.columns.items()}
    mask = typed.mask(used_columns(mapping, raw))
    where = as_sql(mapping.where, raw.columns) if mapping.where else "true"
    where_mask = typed.mask(used_columns(TableMapping(mapping.file, mapping.table, {}, mapping.where), raw))
    chosen = f"coalesce(({where}), ({BAD} & {where_mask}) <> 0)" if mapping.where else "true"
    more = "" if mapping.group else as_map(attributes, raw.columns)
    inner = _inner(mapping, typed, expressions, chosen, mask, more)
    types = _types(connection, inner, mapping, typed, expressions)
    done, found = _columns(table, types, raw, zone, currency)
    if more:
        done[ATTRIBUTES] = ATTRIBUTES
    sql = _rows(table, inner, done, found, mask, len(mapping.group))
    name = f"stage_{number}"
    seen = raw.dialect.kind is Kind.PARQUET and typed.cheap and not mapping.group
    try:
        lines, rows, bad = _evaluated(connection, name, sql, "VIEW" if seen else "TABLE", bool(mapping.group))
        if seen and bad:
            connection.execute(f"DROP VIEW {name}")
            lines, rows, bad = _evaluated(connection, name, sql, "TABLE", False)
    except duckdb.OutOfMemoryException as problem:
        raise InputError("does not fit into memory", where=raw.name, todo="free memory, or split the file") from problem
    except duckdb.Error as problem:
        refuse_unreadable(connection, raw)
        raise _wrong(mapping, "", problem) from problem
    made = table.key[0] not in types and len(table.key) == 1
    columns = frozenset(done)
    return Staged(mapping, table, typed, name, chosen, mask, columns, tuple(found), made, lines, rows, bad)


def _evaluated(
    connection: duckdb.DuckDBPyConnection, name: str, sql: str, kind: str, grouped: bool
) -> tuple[int, int, int]:
    """Make the staged rows; return how many lines they come from, how many there are, and how many are bad.

    Rows of a Parquet file that need no parsing are a view: they stand on the disk already, and a copy of ten million
    costs more than to read them again. Where some are bad, each must be looked up, so that a table is better.
    """
    with _in_order(connection, grouped):
        connection.execute(f"CREATE TEMP {kind} {name} AS {sql}")
        counts = "coalesce(sum(_n) FILTER (_bad = 0), 0), count(*) FILTER (_bad = 0), count(*) FILTER (_bad <> 0)"
        row = connection.execute(f"SELECT {counts} FROM {name}").fetchone() or (0, 0, 0)
    return int(row[0]), int(row[1]), int(row[2])


def refuse_unreadable(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> None:
    """Raise what is wrong with the file itself, if anything is: then no mapping is to blame."""
    try:
        cells = ", ".join(f"max(hash({quoted(c.name)}))" for c in raw.columns)
        connection.execute(f"SELECT {cells} FROM {raw.relation}")
    except duckdb.Error as problem:
        todo = "open it in the program it came from and export it again"
        raise InputError(f"cannot be read ({first_line(problem)})", where=raw.name, todo=todo) from problem


@contextmanager
def _in_order(connection: duckdb.DuckDBPyConnection, grouped: bool) -> Iterator[None]:
    """Add up groups with one thread: sums of floating-point numbers depend on their order."""
    before = connection.execute("SELECT current_setting('threads')").fetchone()
    if grouped:
        connection.execute("SET threads = 1")
    try:
        yield
    finally:
        if grouped and before is not None:
            connection.execute(f"SET threads = {int(before[0])}")


def _inner(
    mapping: TableMapping,
    typed: TypedFile,
    expressions: dict[str, str],
    chosen: str,
    mask: int,
    more: str,
) -> str:
    """Return the query that evaluates the expressions over the typed file, as `v_<column>`; `more` the attributes."""
    values = [f"({sql}) AS {quoted('v_' + name)}" for name, sql in expressions.items()]
    if not mapping.group:
        head = [quoted(LINE), BAD, "1 AS _n", *([f"{more} AS {ATTRIBUTES}"] if more else [])]
        return f"SELECT {', '.join([*head, *values])} FROM {typed.relation} WHERE {chosen}"
    groups = [as_sql(g, typed.raw.columns) for g in mapping.group]
    keys = [f"{g} AS _g{i}" for i, g in enumerate(groups)]
    head = [f"min({quoted(LINE)}) AS {quoted(LINE)}", f"0 AS {BAD}", "count(*) AS _n"]
    return (
        f"SELECT {', '.join([*head, *keys, *values])} FROM {typed.relation} "
        f"WHERE {chosen} AND ({BAD} & {mask}) = 0 GROUP BY {', '.join(groups)}"
    )


def _types(
    connection: duckdb.DuckDBPyConnection,
    inner: str,
    mapping: TableMapping,
    typed: TypedFile,
    expressions: dict[str, str],
) -> dict[str, str]:
    """Return the engine's type of every expression; an expression that does not work is named."""
    try:
        return {name[2:]: kind for name, kind in described(connection, f"({inner})") if name.startswith("v_")}
    except duckdb.Error as problem:
        for name, sql in expressions.items():
            try:
                described(connection, f"(SELECT {sql} FROM {typed.relation} {_grouping(mapping, typed)})")
            except duckdb.Error as alone:
                raise _wrong(mapping, name, alone) from alone
        raise _wrong(mapping, "", problem) from problem


def _grouping(mapping: TableMapping, typed: TypedFile) -> str:
    groups = ", ".join(as_sql(g, typed.raw.columns) for g in mapping.group)
    return f"GROUP BY {groups}" if groups else ""


def _columns(
    table: Table, types: dict[str, str], raw: RawFile, zone: str, currency: str
) -> tuple[dict[str, str], list[Check]]:
    """Return the SQL of each column that is not empty over `v_<column>`, and the checks over `c_<column>`."""
    done: dict[str, str] = {}
    found: list[Check] = []
    for column in table.columns:
        name, mapped = column.name, column.name in types
        value, made = quoted("v_" + name), quoted("c_" + name)
        done[name] = cast(column, value, types[name], zone) if mapped else empty(column.type)
        given = checks(column, value, made, mapped=mapped)
        if table.key == (name,) and (not mapped or not column.required):
            done[name] = _made(done[name], raw, mapped)
            given = []
        found += given
    if "currency" in done:
        done["currency"] = _currency(done["currency"], table, types, currency)
    asked = {c.column for c in found}
    return {n: sql for n, sql in done.items() if n in asked or sql != empty(table.column(n).type)}, found


def _made(value: str, raw: RawFile, mapped: bool) -> str:
    """Return SQL for an id, made of the file's content and the line where the file has none."""
    made = f"format('{raw.sha256[:ID_DIGITS]}-{{:010d}}', CAST({quoted(LINE)} AS BIGINT))"
    return f"coalesce({value}, {made})" if mapped else made


def _currency(value: str, table: Table, types: dict[str, str], company: str) -> str:
    """Return SQL for the currency in capitals; the company's where an amount has none."""
    code = f"upper({value})" if "currency" in types else value
    amounts = [c.name for c in table.columns if c.type is Type.MONEY and c.name in types]
    if not company or not amounts:
        return code
    some = " OR ".join(f"{quoted('v_' + a)} IS NOT NULL" for a in amounts)
    return f"coalesce({code}, CASE WHEN {some} THEN {literal(company.upper())} END)"


def _rows(table: Table, inner: str, done: dict[str, str], found: list[Check], mask: int, groups: int) -> str:
    """Return the query of the staged table: the record's columns, the line, how many lines, and what is wrong."""
    keys = "".join(f", _g{i}" for i in range(groups))
    casts = ", ".join(f"{sql} AS {quoted('c_' + name)}" for name, sql in done.items())
    names = ", ".join(f"{quoted('c_' + name)} AS {quoted(name)}" for name in done)
    codes = "".join(f" WHEN {c.when} THEN {i}" for i, c in enumerate(found, start=FIRST_CHECK))
    values = "".join(f" WHEN {i} THEN {c.value}" for i, c in enumerate(found, start=FIRST_CHECK) if c.value != "NULL")
    value = f"CASE _bad{values} END" if values else "CAST(NULL AS VARCHAR)"
    return (
        f"SELECT {names}, {quoted(LINE)} AS _line, _n, _bad, {value} AS _value{keys} FROM "
        f"(SELECT *, CASE WHEN ({BAD} & {mask}) <> 0 THEN {UNREADABLE}{codes} ELSE 0 END AS _bad FROM "
        f"(SELECT *, {casts} FROM ({inner})))"
    )


def _wrong(mapping: TableMapping, column: str, problem: duckdb.Error) -> MappingError:
    place = f"mapping of {mapping.file} to {mapping.table}" + (f", {column}" if column else "")
    todo = "correct the expression in rapport.toml"
    return MappingError(f"does not work ({first_line(problem)})", where=place, todo=todo)
