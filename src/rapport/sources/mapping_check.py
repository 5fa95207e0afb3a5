"""Whether the expressions of a mapping only compute: no other table, no file, nothing that is not on the list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from rapport.core.errors import MappingError
from rapport.core.source import TableMapping

FUNCTIONS: Final = frozenset(
    """
    abs arg_max arg_min avg bool_and bool_or cast ceil ceiling coalesce concat concat_ws contains count count_if
    date_part date_trunc day dayofweek ends_with epoch epoch_ms extract floor greatest hour if ifnull ilike least left
    length lower lpad ltrim make_date make_timestamp max max_by md5 median min min_by minute mod mode month nullif
    quarter regexp_extract regexp_full_match regexp_matches regexp_replace replace reverse right round row rpad rtrim
    second sign split_part starts_with strftime strip_accents substr substring suffix sum timezone to_timestamp trim
    trunc try_cast try_strptime upper week year json_extract_string prefix
    """.split()  # noqa: SIM905 — a paragraph of names reads better than a column of them
)
"""The functions that a mapping may call."""

NODES: Final[tuple[type[exp.Expr], ...]] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple, exp.Neg, exp.Not, exp.And,
    exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike,
    exp.Escape, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe, exp.Case, exp.If, exp.Cast,
    exp.TryCast, exp.DataType, exp.Filter, exp.Where, exp.Distinct, exp.Interval, exp.Var, exp.AtTimeZone, exp.Alias,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.DataTypeParam, exp.JSONExtractScalar, exp.JSONPath, exp.JSONPathRoot,
    exp.JSONPathKey,
)  # fmt: skip
"""What else an expression may be made of."""


def check_expressions(mapping: TableMapping, columns: Collection[str], where: str) -> None:
    """Raise `MappingError` unless every expression of the mapping is safe and uses only `columns` of its file.

    `where` says where the mapping is written, for the message. An aggregate is only allowed with `group`, and then a
    column outside an aggregate must be one of the group's.
    """
    place = f"{where}, {mapping.file} → {mapping.table}" if where else f"{mapping.file} → {mapping.table}"
    groups = [_parse(sql, f"{place}, group") for sql in mapping.group]
    for tree in groups:
        _check(tree, columns, f"{place}, group", aggregates=False)
    if mapping.where:
        _check(_parse(mapping.where, f"{place}, where"), columns, f"{place}, where", aggregates=False)
    for name, sql in mapping.columns.items():
        here = f"{place}, column {name}"
        tree = _parse(sql, here)
        _check(tree, columns, here, aggregates=bool(mapping.group))
        if mapping.group:
            _check_grouped(tree, groups, here)


def columns_of(mapping: TableMapping) -> tuple[str, ...]:
    """Return the columns of its file that a mapping uses, each once."""
    texts = [sql for sql in (*mapping.columns.values(), mapping.where, *mapping.group) if sql]
    trees = [_parse(sql, f"{mapping.file} → {mapping.table}") for sql in texts]
    return tuple(dict.fromkeys(column.name for tree in trees for column in tree.find_all(exp.Column)))


def _parse(sql: str, place: str) -> exp.Expr:
    """Parse one expression; comments and a second statement are refused."""
    try:
        trees = sqlglot.parse(f"SELECT {sql}", dialect="duckdb")
    except RecursionError as error:
        raise MappingError("is nested too deeply", where=place, todo="write it more simply") from error
    except SqlglotError as error:
        problem = str(error).splitlines()[0].split(". Line")[0]
        raise MappingError(f"{sql!r} is no SQL expression ({problem})", where=place, todo="correct it") from error
    tree = trees[0] if len(trees) == 1 else None
    if (
        not isinstance(tree, exp.Select)
        or len(tree.expressions) != 1
        or any(value for name, value in tree.args.items() if name not in ("expressions", "kind"))
    ):
        raise MappingError(f"{sql!r} is more than one expression", where=place, todo="write one expression")
    if any(node.comments for node in tree.walk()):
        raise MappingError(f"{sql!r} holds a comment", where=place, todo="leave it out; TOML has comments of its own")
    found = tree.expressions[0]
    assert isinstance(found, exp.Expr)
    if isinstance(found, exp.Alias):
        raise MappingError(f"{sql!r} names its result", where=place, todo="leave out what follows AS")
    return found


def _check(tree: exp.Expr, columns: Collection[str], place: str, *, aggregates: bool) -> None:
    """Refuse everything that is not on the lists."""
    known = {column.lower() for column in columns}
    for node in tree.walk():
        if isinstance(node, exp.Column):
            _check_column(node, columns, known, place)
        elif isinstance(node, exp.AggFunc) and not aggregates:
            todo = "aggregates need `group` in the mapping" if "column" in place else "compare single rows"
            raise MappingError(f"{node.sql('duckdb')} sums up rows", where=place, todo=todo)
        counted = isinstance(node, exp.Star) and isinstance(node.parent, exp.Count)
        if (
            not counted
            and not isinstance(node, NODES)
            and not (isinstance(node, exp.Func) and _names(node) & FUNCTIONS)
        ):
            raise MappingError(
                f"{node.sql('duckdb')} is not allowed in a mapping",
                where=place,
                todo="use columns of this file, operators and plain functions such as sum, min, coalesce, lower",
            )


def _check_column(node: exp.Column, columns: Collection[str], known: set[str], place: str) -> None:
    """Refuse a column that the file does not have, naming those that sound like it."""
    if not node.table and node.name.lower() in known:
        return
    name = node.name if not node.table else node.sql("duckdb")
    by_low = {column.lower(): column for column in columns}
    near = [by_low[low] for low in get_close_matches(name.lower(), list(by_low), n=3, cutoff=0.5)]
    todo = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(sorted(columns)[:8])}"
    raise MappingError(f"the file has no column {name!r}", where=place, todo=todo)


def _names(node: exp.Func) -> set[str]:
    """Return the names under which a function is known."""
    if isinstance(node, exp.Anonymous):
        return {node.name.lower()}
    return {name.lower() for name in node.sql_names()} | {node.sql("duckdb").split("(")[0].lower()}


def _check_grouped(tree: exp.Expr, groups: list[exp.Expr], place: str) -> None:
    """Refuse a column that is neither in an aggregate nor in the group: it would have many values."""
    for column in _outside_aggregates(tree, {_same(group) for group in groups}):
        raise MappingError(
            f"{column.name!r} has many values in a group",
            where=place,
            todo=f"write min({column.name}) or add it to group",
        )


def _same(node: exp.Expr) -> str:
    """Return the text of an expression, the same whether its names are quoted or not."""
    return node.sql("duckdb", identify=True).lower()


def _outside_aggregates(node: exp.Expr, groups: set[str]) -> Iterator[exp.Column]:
    """Yield the columns that stand outside every aggregate and every expression of the group."""
    if _same(node) in groups or isinstance(node, exp.AggFunc):
        return
    if isinstance(node, exp.Anonymous) and node.name.lower() in ("arg_max", "arg_min"):
        return
    if isinstance(node, exp.Filter):
        return
    if isinstance(node, exp.Column):
        yield node
        return
    for child in node.iter_expressions():
        yield from _outside_aggregates(child, groups)
