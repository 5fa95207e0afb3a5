"""Writes a query out so that it runs as pasted: the files and every measure it reads as named parts in front."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from rapport.measures.asof import Source, View, view_of
from rapport.measures.query import DIALECT, Measure, Value, in_order, parse, tables_read, tree, with_values
from rapport.record import READABLE


def columns_used(query: exp.Expr) -> frozenset[str]:
    """Return the names of all columns that a query mentions anywhere, predicates and joins too."""
    return frozenset(c.name for c in query.find_all(exp.Column))


def body(measure: Measure, values: Mapping[str, Value], view: View, source: Source) -> exp.Query:
    """Return a measure's query with its values and, in front, one CTE for each table of the record that it reads."""
    query = with_values(tree(measure.sql), values)
    used = columns_used(query)
    star = any(True for _ in query.find_all(exp.Star) if not isinstance(_.parent, exp.Count))
    for name in sorted(measure.reads & READABLE.keys(), reverse=True):
        own = frozenset(c.name for c in READABLE[name].columns) if star else frozenset()
        table = view_of(READABLE[name], view, source, used | own)
        query = query.with_(name, as_=table)
        moved = query.args["with_"].expressions
        moved.insert(0, moved.pop())
    return query


def standalone(
    query: exp.Query, known: Mapping[str, Measure], values: Mapping[str, Value], view: View, source: Source
) -> str:
    """Return the text of `query` with everything it reads in front, readable and ready to run.

    Parameters
    ----------
    query : a query over measures and tables of the record.
    known : the measures, by name.
    values : the values of `$parameters`.
    view : the moment it looks at, and the columns there are.
    source : gives the relation that holds a table's rows.
    """
    wanted = tables_read(query)
    names = in_order(frozenset(wanted & known.keys()), known)
    parts: list[tuple[str, exp.Query]] = []
    used: set[str] = set(columns_used(query))
    read = set(wanted)
    for name in names:
        filled = with_values(tree(known[name].sql), values)
        used |= columns_used(filled)
        read |= known[name].reads
        parts.append((name, filled))
    tables = [(n, view_of(READABLE[n], view, source, used)) for n in sorted(read & READABLE.keys())]
    written = parse(query.sql(dialect=DIALECT))
    own = written.args.pop("with_", None)
    for name, part in [*tables, *parts]:
        written = written.with_(name, as_=part)
    for cte in own.expressions if own else ():
        written = written.with_(cte.alias, as_=cte.this)
    return written.sql(dialect=DIALECT, pretty=True)
