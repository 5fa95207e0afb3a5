"""Reads a measure's SQL as a tree: what it is called, what it says of itself, and what it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlglot
from sqlglot import exp

from rapport.core.errors import QueryError

DIALECT = "duckdb"
Value = str | float | int | bool | datetime | date | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One query in a file: its name, its head comment as its page, its text, and the floor-mates it reads."""

    name: str
    sql: str
    page: str
    folder: str
    reads: frozenset[str]
    needs: frozenset[str]
    parameters: frozenset[str]


def parse(sql: str, where: str = "query") -> exp.Query:
    """Return the tree of one SELECT in DuckDB's dialect; raises QueryError with the place where it does not parse."""
    try:
        trees = [t for t in sqlglot.parse(sql, read=DIALECT) if t is not None]
    except sqlglot.errors.ParseError as problem:
        first = problem.errors[0] if problem.errors else {}
        raise QueryError(
            str(first.get("description") or problem),
            where=f"{where}, line {first.get('line', '?')}",
            todo="mend the SQL",
        ) from problem
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise QueryError("it must be exactly one SELECT", where=where, todo="leave one query in the file")
    return trees[0]


KINDS = (exp.CTE, exp.Column, exp.Placeholder, exp.Star, exp.Table)
Nodes = Mapping[type[exp.Expr], list[exp.Expr]]

_trees: dict[str, exp.Query] = {}
_nodes: dict[int, Nodes] = {}


def tree(sql: str, where: str = "query") -> exp.Query:
    """Return the parsed tree of `sql`, parsed once; callers copy before they change it."""
    if sql not in _trees:
        _trees[sql] = parse(sql, where)
        _nodes[id(_trees[sql])] = _walked(_trees[sql])  # it is kept for good, so that its number stays its own
    return _trees[sql]


def nodes(query: exp.Expr, kind: type[exp.Expr]) -> Sequence[exp.Expr]:
    """Return all nodes of one of `KINDS` in a tree, in no order."""
    return (_nodes.get(id(query)) or _walked(query))[kind]


def _walked(query: exp.Expr) -> Nodes:
    """Return the nodes of a tree by their kind (sqlglot's own walk takes five times as long)."""
    found: dict[type[exp.Expr], list[exp.Expr]] = {kind: [] for kind in KINDS}
    stack = [query]
    while stack:
        node = stack.pop()
        if type(node) in found:
            found[type(node)].append(node)
        for value in node.args.values():
            if isinstance(value, list):
                stack += [one for one in value if isinstance(one, exp.Expr)]
            elif isinstance(value, exp.Expr):
                stack.append(value)
    return found


def tables_read(query: exp.Expr) -> frozenset[str]:
    """Return the names a query reads from, without the names of its own CTEs."""
    own = {cte.alias for cte in nodes(query, exp.CTE)}
    return frozenset(table.name for table in nodes(query, exp.Table)) - own


def tables_needed(query: exp.Expr) -> frozenset[str]:
    """Return the names without whose rows the query has none: those in FROM and inner joins, also inside CTEs.

    What is only left-joined, or is one of several branches of a UNION, may be missing.
    """
    own = {cte.alias for cte in nodes(query, exp.CTE)}
    places = [_place(table) for table in nodes(query, exp.Table)]
    reached = {""}
    while new := {name for name, inside, must in places if must and name in own and inside in reached} - reached:
        reached |= new
    return frozenset(name for name, inside, must in places if must and name not in own and inside in reached)


def _place(table: exp.Expr) -> tuple[str, str, bool]:
    """Return what is read, in which CTE (none: empty), and whether rows there depend on it."""
    join = table.find_ancestor(exp.Join, exp.Subquery, exp.Select)
    beside = isinstance(join, exp.Join) and (join.side in ("LEFT", "FULL") or join.kind in ("SEMI", "ANTI"))
    in_where = table.find_ancestor(exp.Where, exp.In, exp.Exists) is not None
    united = table.find_ancestor(exp.SetOperation) is not None
    cte = table.find_ancestor(exp.CTE)
    return table.name, cte.alias if cte is not None else "", not (beside or in_where or united)


def with_values(query: exp.Query, values: Mapping[str, Value]) -> exp.Query:
    """Return a copy of the tree in which every `$name` is the literal for its value.

    Literals are built as syntax-tree nodes, so that no text is ever pasted into SQL. Raises QueryError for a parameter
    without a value.
    """

    filled = query.copy()
    for place in nodes(filled, exp.Placeholder):
        if place.name not in values:
            raise QueryError(f"the parameter ${place.name} has no value", todo="declare it in measures/parameters.py")
        place.replace(literal(values[place.name]))
    return filled


def literal(value: Value) -> exp.Expr:
    """Return the syntax-tree literal of a Python value."""
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, datetime):
        return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), "timestamp")
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    if isinstance(value, (int, float)):
        return exp.convert(value)
    return exp.Literal.string(value)


def _head(sql: str) -> str:
    """Return the comment lines at the head of a query file."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return "\n".join(lines).strip()


def read(name: str, sql: str, folder: str = "") -> Measure:
    """Return the measure in a text of SQL; its head comment must say what a row is."""
    query = tree(sql, f"{folder}/{name}.sql")
    page = _head(sql)
    if not page:
        raise QueryError("it has no comment at its head", where=f"{name}.sql", todo="say what one row is")
    return Measure(
        name=name,
        sql=sql,
        page=page,
        folder=folder,
        reads=tables_read(query),
        needs=tables_needed(query),
        parameters=frozenset(p.name for p in nodes(query, exp.Placeholder)),
    )


def in_order(wanted: frozenset[str], known: Mapping[str, Measure]) -> tuple[str, ...]:
    """Return `wanted` and all they depend on, each after what it reads; raises QueryError for a cycle."""
    done: list[str] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in done or name not in known:
            return
        if name in path:
            raise QueryError(f"measures read each other in a circle: {' → '.join([*path, name])}", todo="break it")
        path.append(name)
        for other in sorted(known[name].reads):
            visit(other)
        path.pop()
        done.append(name)

    for name in sorted(wanted):
        visit(name)
    return tuple(done)
