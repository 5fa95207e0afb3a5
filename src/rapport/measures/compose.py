"""Writes a query out so that it runs as pasted: the files and every measure it reads as named parts in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import indent

from sqlglot import exp

from rapport.measures.asof import Source, View, view_of
from rapport.measures.query import DIALECT, Measure, Value, in_order, tables_read, tree, with_values
from rapport.record import READABLE


def columns_used(query: exp.Expr) -> frozenset[str]:
    """Return the names of all columns that a query mentions anywhere, predicates and joins too."""
    return frozenset(c.name for c in query.find_all(exp.Column))


def body(measure: Measure, values: Mapping[str, Value], view: View, source: Source) -> exp.Query:
    """Return a measure's query with its values and, in front, one CTE for each table of the record that it reads."""
    query = with_values(tree(measure.sql), values)
    used = columns_used(query)
    star = any(True for _ in query.find_all(exp.Star) if not isinstance(_.parent, exp.Count))
    tables = []
    for name in sorted(measure.reads & READABLE.keys()):
        own = frozenset(c.name for c in READABLE[name].columns) if star else frozenset()
        tables.append(_named(name, view_of(READABLE[name], view, source, used | own)))
    inner = query.args.get("with_")
    query.set("with_", exp.With(expressions=[*tables, *(inner.expressions if inner else ())]))
    return query


def _named(name: str, query: exp.Query) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


@dataclass(frozen=True, slots=True)
class Part:
    """A measure written out with its values: its text, the columns it mentions and what it reads."""

    text: str
    used: frozenset[str]
    reads: frozenset[str]


def part_of(measure: Measure, values: Mapping[str, Value]) -> Part:
    """Return a measure as a named part of a longer query; the text is the same in every query that reads it."""
    filled = with_values(tree(measure.sql), values)
    return Part(filled.sql(dialect=DIALECT, pretty=True), columns_used(filled), measure.reads)


def standalone(
    query: exp.Query, known: Mapping[str, Measure], part: Callable[[str], Part], view: View, source: Source
) -> str:
    """Return the text of `query` with everything it reads in front, readable and ready to run.

    Parameters
    ----------
    query : a query over measures and tables of the record.
    known : the measures, by name.
    part : gives a measure written out (see `part_of`), so that each is written once.
    view : the moment it looks at, and the columns there are.
    source : gives the relation that holds a table's rows.
    """
    wanted = tables_read(query)
    parts = {name: part(name) for name in in_order(frozenset(wanted & known.keys()), known)}
    used = columns_used(query).union(*(p.used for p in parts.values()))
    read = wanted.union(*(p.reads for p in parts.values()))
    texts = {
        n: view_of(READABLE[n], view, source, used).sql(dialect=DIALECT, pretty=True)
        for n in sorted(read & READABLE.keys())
    }
    texts |= {name: p.text for name, p in parts.items()}
    main = query.copy()
    own = main.args.get("with_")
    main.set("with_", None)
    texts |= {cte.alias: cte.this.sql(dialect=DIALECT, pretty=True) for cte in (own.expressions if own else ())}
    front = ",\n".join(f"{name} AS (\n{indent(text, '  ')}\n)" for name, text in texts.items())
    return f"WITH {front}\n{main.sql(dialect=DIALECT, pretty=True)}"
