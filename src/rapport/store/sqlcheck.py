"""Checks every query before it is run: it parses, has types, runs on an empty record, other engines can say it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from sqlglot import exp

from rapport.core.declarations import Facts
from rapport.core.errors import QueryError
from rapport.core.inputs import Input
from rapport.measures.ask import query_for
from rapport.measures.asof import View
from rapport.measures.catalogue import measures
from rapport.measures.estimate import Estimate
from rapport.measures.parameters import parameters
from rapport.measures.query import Measure, in_order, parse
from rapport.store.database import Database
from rapport.store.dialects import OTHERS, in_dialect

EMPTY = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)

# What is spelled alike and means something else elsewhere, or exists only here.
FORBIDDEN: Mapping[type[exp.Expr], str] = {
    exp.DateDiff: "date_diff counts boundaries here and elapsed units on Spark: subtract EPOCH()",
    exp.DayOfWeekIso: "isodow: count days since 1970 modulo 7",
    exp.Lambda: "lambdas over lists",
    exp.Bracket: "list and map elements",
    exp.Array: "lists",
    exp.IntDiv: "// rounds differently: use FLOOR(a / b)",
    exp.ArrayAgg: "lists",
    exp.Unnest: "lists",
}
FORBIDDEN_NAMES = {"list", "strftime", "epoch_ms", "date_part", "datepart", "any_value", "hash"}
WHOLE = (
    exp.Floor,
    exp.Ceil,
    exp.Round,
    exp.Count,
    exp.RowNumber,
    exp.Case,
    exp.Literal,
    exp.Null,
    exp.Column,
    exp.Boolean,
)
INTEGERS = (exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT)


def outside(query: exp.Expr) -> Iterator[str]:
    """Yield what in a query is outside the portable subset, in words."""
    for node in query.walk():
        for kind, why in FORBIDDEN.items():
            if isinstance(node, kind):
                yield why
        if isinstance(node, exp.Anonymous) and node.name.lower() in FORBIDDEN_NAMES:
            yield f"the function {node.name}"
        if isinstance(node, exp.Star) and (node.args.get("replace") or node.args.get("except_")):
            yield "a star with replacements or exceptions: name the columns"
        if isinstance(node, exp.Group) and node.args.get("all"):
            yield "GROUP BY ALL"
        if isinstance(node, exp.Join) and (node.kind == "ASOF" or node.method == "ASOF"):
            yield "as-of joins"
        if isinstance(node, exp.Cast) and node.to.this in INTEGERS and _may_round(node.this):
            yield f"a cast that rounds here and cuts elsewhere ({node.sql()}): FLOOR or ROUND it first"


def _may_round(inner: exp.Expr) -> bool:
    inner = inner.unnest()
    if isinstance(inner, exp.Binary) and not isinstance(inner, (exp.Div, exp.Predicate)):
        return _may_round(inner.left) or _may_round(inner.right)
    return isinstance(inner, exp.Div) or not isinstance(inner, (*WHOLE, exp.Predicate, exp.AggFunc, exp.Func))


def empty_database(known: Mapping[str, Measure]) -> Database:
    """Return a database over a record in which every table is there and empty, those of estimates too."""
    facts, none = Facts(EMPTY, EMPTY, EMPTY), frozenset[str]()
    plain = {
        n: Measure(n, m.sql, m.page, m.folder, none, none, none) if isinstance(m, Estimate) else m
        for n, m in known.items()
    }
    return Database(duckdb.connect(), {}, View(EMPTY, True, {}), plain, parameters(facts), Path())


def check_measures(known: Mapping[str, Measure]) -> dict[str, dict[str, str]]:
    """Check all measures in dependency order; return each column's type. Raises QueryError for the first fault."""
    database = empty_database(known)
    types = {}
    for name in in_order(frozenset(known), known):
        where = f"{known[name].folder}/{name}.sql"
        query = parse(known[name].sql, where)
        for why in outside(query):
            raise QueryError(
                f"outside the portable subset: {why}", where=where, todo="see docs/how-to/write-a-measure.md"
            )
        for dialect in OTHERS:
            in_dialect(query, dialect)
        database.compute(name)
        types[name] = database.runner.types(name)
    return types


def check_input(asked: Input, database: Database, where: str) -> None:
    """Check that a declared input can be asked of its measure, here and on other engines."""
    filled = database.filled(asked.measure)
    query = query_for(asked, () if not hasattr(asked, "by") else asked.by, clustered="customer_id" in filled)
    for why in outside(query):
        raise QueryError(f"outside the portable subset: {why}", where=where, todo="ask in another way")
    for dialect in OTHERS:
        in_dialect(query, dialect)
    try:
        database.run_text(query.sql(dialect="duckdb"))
    except QueryError as problem:
        raise QueryError(problem.what, where=where, todo="ask for columns the measure has") from problem


def main() -> int:
    """Check the package's queries and say how many there are."""
    try:
        types = check_measures(measures())
    except QueryError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    others = " and ".join(OTHERS)
    sys.stdout.write(f"{len(types)} queries parse, have types, run on an empty record and can be said in {others}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
