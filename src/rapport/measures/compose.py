"""Writes a query out so that it runs as pasted: the files and every measure it reads as named parts in front."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from textwrap import indent

from sqlglot import exp

from rapport.measures.asof import ORIGIN, Source, View, view_of
from rapport.measures.query import DIALECT, Measure, Value, in_order, nodes, tables_read, tree, with_values
from rapport.record import READABLE


def columns_used(query: exp.Expr) -> frozenset[str]:
    """Return the names of all columns that a query mentions anywhere, predicates and joins too."""
    return frozenset(c.name for c in nodes(query, exp.Column))


def body(measure: Measure, values: Mapping[str, Value], view: View, source: Source) -> exp.Query:
    """Return a measure's query with its values and, in front, one CTE for each table of the record that it reads."""
    query = with_values(tree(measure.sql), values)
    used, star = columns_used(query), _has_star(query)
    tables = []
    for name in sorted(measure.reads & READABLE.keys()):
        seen = view_of(READABLE[name], view, source, _wanted(name, used, star))
        tables.append(exp.CTE(this=seen, alias=exp.TableAlias(this=exp.to_identifier(name))))
    inner = query.args.get("with_")
    query.set("with_", exp.With(expressions=[*tables, *(inner.expressions if inner else ())]))
    return query


def _has_star(query: exp.Expr) -> bool:
    return any(not isinstance(star.parent, exp.Count) for star in nodes(query, exp.Star))


def _wanted(table: str, used: frozenset[str], whole: bool) -> frozenset[str]:
    """Return the columns of a table that a query may need: those it uses or, for a star, all; where from if it asks."""
    own = frozenset(c.name for c in READABLE[table].columns)
    return (own if whole else used & own) | (used & {ORIGIN.name})


@dataclass(frozen=True, slots=True)
class Part:
    """A measure written out with its values: its text, its columns, the columns it mentions and what it reads."""

    name: str
    text: str
    columns: tuple[str, ...]
    used: frozenset[str]
    reads: frozenset[str]


def part_of(measure: Measure, values: Mapping[str, Value]) -> Part:
    """Return a measure as a named part of a longer query; the text is the same in every query that reads it."""
    moment = values.get(AS_OF)
    known = {**values, AS_OF: SOME_MOMENT} if isinstance(moment, datetime) else values
    part = _part(measure, tuple((name, known[name]) for name in sorted(measure.parameters) if name in known))
    return replace(part, text=_as_of(part.text, moment)) if isinstance(moment, datetime) else part


AS_OF = "as_of"
SOME_MOMENT = datetime(1, 1, 1, 1, 1, 1)
"""Stands for any moment in texts that are written once and read as of many; no record holds it."""


def _as_of(text: str, moment: datetime) -> str:
    """Return a text that was written for no moment in particular as of one."""
    return text.replace(SOME_MOMENT.isoformat(sep=" "), moment.isoformat(sep=" "))


@lru_cache(maxsize=512)
def _part(measure: Measure, values: tuple[tuple[str, Value], ...]) -> Part:
    filled = with_values(tree(measure.sql), dict(values))
    used, columns = columns_used(filled), tuple(filled.named_selects)
    return Part(measure.name, _written(filled), columns, used, measure.reads)


def _written(query: exp.Expr) -> str:
    """Return the readable text of a tree that is not needed any more."""
    return query.sql(dialect=DIALECT, pretty=True, copy=False)


class Views:
    """The tables of the record as of a moment, each written out once for the same columns.

    Parameters
    ----------
    view : the moment, and the columns there are.
    source : gives the relation that holds a table's rows.
    """

    def __init__(self, view: View, source: Source) -> None:
        self._view = view
        self._source = source
        self._texts: dict[tuple[str, frozenset[str], bool, bool], str] = {}

    def at(self, view: View) -> Views:
        """Return the same tables as of another moment; what is written out for one is not written again."""
        there = Views(view, self._source)
        there._texts = self._texts
        return there

    def text(self, table: str, used: frozenset[str], whole: bool = False) -> str:
        """Return the SELECT that stands for a table, with those of its columns that are used, or the whole of it."""
        key = (table, _wanted(table, used, whole), self._view.present, table in self._view.whole)
        if key not in self._texts:
            some = replace(self._view, as_of=SOME_MOMENT)
            self._texts[key] = _written(view_of(READABLE[table], some, self._source, key[1]))
        return _as_of(self._texts[key], self._view.as_of)


def alone(parts: Sequence[Part], views: Views, select: str = "*") -> str:
    """Return the text of the last of `parts`, the ones before it inside; other measures it reads are tables by now.

    select : what is taken of its rows.

    A table that comes from its file alone is read anew in each place that mentions it, by what is asked there: to keep
    its rows for a second reading takes longer.
    """
    used = frozenset[str]().union(*(p.used for p in parts))
    read = frozenset[str]().union(*(p.reads for p in parts))
    texts = {n: views.text(n, used, whole=True) for n in sorted(read & READABLE.keys())}
    anew = {n for n, text in texts.items() if text.count("SELECT") == 1}
    return f"{_front({**texts, **{p.name: p.text for p in parts}}, anew)}\nSELECT {select} FROM {parts[-1].name}"


def standalone(query: exp.Query, known: Mapping[str, Measure], part: Callable[[str], Part], views: Views) -> str:
    """Return the text of `query` with everything it reads in front, readable and ready to run.

    Parameters
    ----------
    query : a query over measures and tables of the record.
    known : the measures, by name.
    part : gives a measure written out (see `part_of`).
    views : the tables of the record as they are seen.
    """
    wanted = tables_read(query)
    parts = {name: part(name) for name in in_order(frozenset(wanted & known.keys()), known)}
    used = columns_used(query).union(*(p.used for p in parts.values()))
    read = wanted.union(*(p.reads for p in parts.values()))
    texts = {n: views.text(n, used) for n in sorted(read & READABLE.keys())}
    texts |= {name: p.text for name, p in parts.items()}
    main = query.copy()
    own = main.args.get("with_")
    main.set("with_", None)
    texts |= {cte.alias: _written(cte.this) for cte in (own.expressions if own else ())}
    return f"{_front(texts)}\n{_written(main)}"


def _front(texts: Mapping[str, str], anew: Collection[str] = ()) -> str:
    begins = {name: f"{name} AS {'NOT MATERIALIZED ' if name in anew else ''}(" for name in texts}
    parts = ",\n".join(f"{begins[name]}\n{indent(text, '  ')}\n)" for name, text in texts.items())
    return f"WITH {parts}"
