"""Says which columns of each measure anybody asks for: what nobody wants need not be computed, nor kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlglot import exp

from rapport.core.inputs import Breakdown, Input, Rows
from rapport.measures.ask import columns_of, dimensions, query_for
from rapport.measures.compose import columns_used
from rapport.measures.estimate import Estimate
from rapport.measures.query import Measure, in_order, nodes, tables_read, tree


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a measure.

    `columns` are those that are asked for or read (None: all), `grouped` says whether rows are put together by whose
    they are, `asked` whether somebody asks for it beside the queries that read it.
    """

    columns: frozenset[str] | None
    grouped: bool
    asked: bool


def wanted(measures: Mapping[str, Measure], inputs: Iterable[Input]) -> Mapping[str, Wanted]:
    """Return what is wanted of each measure by the inputs and by the queries that read it.

    A measure that is not in it is wanted by nobody who is known here.
    """
    columns: dict[str, frozenset[str]] = defaultdict(frozenset)
    grouped, whole, direct = set(), set(), set()
    for asked in inputs:
        direct.add(asked.measure)
        columns[asked.measure] |= needed(asked)
        if isinstance(asked, Breakdown):
            grouped.add(asked.measure)
        elif isinstance(asked, Rows) and not asked.columns:
            whole.add(asked.measure)
    for query in (query for one in measures.values() for query in _queries(one)):
        mentions = _mentions(query)
        for name in mentions.read & measures.keys():
            columns[name] |= mentions.columns
        whole |= mentions.starred
    return {
        name: Wanted(None if name in whole else found, name in grouped, name in direct)
        for name, found in columns.items()
    }


def by_models(measures: Mapping[str, Measure]) -> tuple[Mapping[str, Measure], Mapping[str, Wanted]]:
    """Return the measures from which models learn, and what is wanted of each where nobody else asks."""
    asked = frozenset[str]().union(*(one.reads for one in measures.values() if isinstance(one, Estimate)))
    below = {name: measures[name] for name in in_order(asked, measures)}
    return below, wanted(below, ())


@cache
def needed(asked: Input) -> frozenset[str]:
    """Return the names of columns that an input mentions; one that names none needs all."""
    mentioned = columns_of(asked).union(dimensions(asked))
    return mentioned | columns_used(query_for(asked, ())) if isinstance(asked, Rows) else mentioned


def _queries(measure: Measure) -> Collection[str]:
    """Return the queries through which a measure reads others."""
    return [asked.text() for asked in measure.asks.values()] if isinstance(measure, Estimate) else [measure.sql]


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a query mentions: columns, what it reads, and what it reads with all columns."""

    columns: frozenset[str]
    read: frozenset[str]
    starred: frozenset[str]


@cache
def _mentions(sql: str) -> Mentions:
    query = tree(sql)
    return Mentions(columns_used(query), tables_read(query), _starred(query))


def _starred(query: exp.Expr) -> frozenset[str]:
    """Return the names that a query reads with all their columns, its own named parts among them."""
    found: set[str] = set()
    for star in nodes(query, exp.Star):
        select = star.find_ancestor(exp.Select)
        if isinstance(star.parent, exp.Count) or select is None:
            continue
        alias = star.parent.table if isinstance(star.parent, exp.Column) else ""
        sources = [select.args.get("from_"), *(select.args.get("joins") or ())]
        tables = [source.this for source in sources if source is not None]
        found |= {t.name for t in tables if isinstance(t, exp.Table) and alias in ("", t.alias_or_name)}
    return frozenset(found)
