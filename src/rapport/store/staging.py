"""Evaluates one mapping: the rows that one file gives to one table, in the table's types, good and bad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import duckdb

from rapport.core.errors import InputError, MappingError
from rapport.core.source import Kind, TableMapping
from rapport.core.table import Table, Type
from rapport.record import TABLES
from rapport.store.casting import Check, as_map, cast, checks, empty
from rapport.store.connection import first_line, literal, one_row, quoted
from rapport.store.raw import BAD, LINE, RawFile, described
from rapport.store.staged import Staged
from rapport.store.typing import TypedFile, as_sql, used_columns

UNREADABLE = 1
FIRST_CHECK = 2
ID_DIGITS = 16
ATTRIBUTES = "attributes"
"""The column, of every table, of what a file says beyond the record's columns."""


def stage(
    connection: duckdb.DuckDBPyConnection,
    mapping: TableMapping,
    typed: TypedFile,
    attributes: Sequence[str],
    zone: str,
    currency: str,
    number: int,
    *,
    alone: bool = False,
) -> Staged:
    """Evaluate a mapping into the temporary table or view `stage_<number>`.

    Rows of a Parquet file that need no parsing are a view: they stand on the disk already, and a copy of ten million
    costs more than to read them again. Where the mapping is `alone` in using the file and leaves nothing out, they
    are not even counted: next to no such file has a row that must be rejected; writing one fails (see `assured`).
    """
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
    trusted = seen and alone and not mapping.where
    try:
        with _in_order(connection, bool(mapping.group)):
            connection.execute(f"CREATE TEMP {'VIEW' if seen else 'TABLE'} {name} AS {sql}")
            lines, rows, bad = (raw.rows, raw.rows, 0) if trusted else _counted(connection, name)
    except duckdb.OutOfMemoryException as problem:
        raise _too_large(raw) from problem
    except duckdb.Error as problem:
        refuse_unreadable(connection, raw)
        raise _wrong(mapping, "", problem) from problem
    made = table.key[0] not in types and len(table.key) == 1
    columns = frozenset(done)
    one = Staged(mapping, table, typed, name, chosen, mask, columns, tuple(found), made, lines, rows, bad, not trusted)
    return assured(connection, one) if seen and bad else one


def assured(connection: duckdb.DuckDBPyConnection, staged: Staged) -> Staged:
    """Return staged rows that were not counted, or of which some are bad, as a table: each of those is looked up."""
    table = f"{staged.name}_rows"
    try:
        connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {staged.name}")
    except duckdb.OutOfMemoryException as problem:
        raise _too_large(staged.raw) from problem
    except duckdb.Error as problem:
        refuse_unreadable(connection, staged.raw)
        raise _wrong(staged.mapping, "", problem) from problem
    lines, rows, bad = _counted(connection, table)
    return replace(staged, name=table, used_lines=lines, rows=rows, rejected_rows=bad, counted=True)


def _counted(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int, int]:
    """Return how many lines staged rows come from, how many rows there are, and how many are bad."""
    counts = "coalesce(sum(_n) FILTER (_bad = 0), 0), count(*) FILTER (_bad = 0), count(*) FILTER (_bad <> 0)"
    lines, rows, bad = one_row(connection, f"SELECT {counts} FROM {name}")
    return int(lines), int(rows), int(bad)


def _too_large(raw: RawFile) -> InputError:
    return InputError("does not fit into memory", where=raw.name, todo="free memory, or split the file")


def refuse_unreadable(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> None:
    """Raise what is wrong with the file itself, if anything is: then no mapping is to blame."""
    try:
        cells = ", ".join(f"max(hash({quoted(c.name)}))" for c in raw.columns)
        one_row(connection, f"SELECT {cells} FROM {raw.relation}")
    except duckdb.Error as problem:
        todo = "open it in the program it came from and export it again"
        raise InputError(f"cannot be read ({first_line(problem)})", where=raw.name, todo=todo) from problem


@contextmanager
def _in_order(connection: duckdb.DuckDBPyConnection, grouped: bool) -> Iterator[None]:
    """Add up groups with one thread: sums of floating-point numbers depend on their order."""
    (before,) = one_row(connection, "SELECT current_setting('threads')")
    if grouped:
        connection.execute("SET threads = 1")
    try:
        yield
    finally:
        if grouped:
            connection.execute(f"SET threads = {int(before)}")


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
