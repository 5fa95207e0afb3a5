"""Writes down where a finding comes from: the query, its result, a sample of the rows, the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp, maybe_parse

from rapport.core.canonical import plain
from rapport.core.finding import Evidence, Remedy
from rapport.core.inputs import Breakdown, Input, Times
from rapport.core.outcome import Chart, Test
from rapport.core.words import opening, place
from rapport.measures.ask import CUSTOMER, ROW
from rapport.measures.query import DIALECT
from rapport.store.database import Database

SAMPLE = 8


def evidence_for(test: Test, asked: Input, database: Database, remedy: Remedy | None = None) -> tuple[Evidence, ...]:
    """Return the evidence of one test.

    What is printed is the query with everything it reads in front, over the snapshot's files; what is run is the same
    query over the measures already computed, so that nothing is computed twice (`verify` runs the printed text).

    Parameters
    ----------
    test : what was found.
    asked : the input it was found in.
    database : the record, with the input's measure computed.
    remedy : the advice, which says what is measured; the picture's title begins with it.
    """
    database.complete(asked.measure)
    columns = database.filled(asked.measure)
    here = _scope(test.scope, columns)
    result = _shown(database, asked.measure, _summary(test, asked, here, columns), "query")
    sample = _shown(database, asked.measure, _rows(test, asked, database), "rows")
    count = next((int(r.get("n") or 0) for r in result.sample if r.get("place") == "here"), test.n)
    found = [result, replace(sample, count=count)]
    if test.chart is not None:
        chart = _titled(test.chart, test.scope, remedy)
        found.append(Evidence("chart", asked.measure, "", "", len(chart.bars), (), plain(chart)))
    return tuple(found)


def _titled(chart: Chart, scope: Mapping[str, str], remedy: Remedy | None) -> Chart:
    """Return a chart whose title says what is drawn, not only by what it is cut."""
    if remedy is None or not chart.title.startswith(("By ", "Month by month")):
        return chart
    measured = opening(remedy.measure.format(place=place(scope)))
    return replace(chart, title=f"{measured}, {chart.title[0].lower()}{chart.title[1:]}")


def _shown(database: Database, measure: str, query: exp.Query, kind: str) -> Evidence:
    rows, digest = database.run(query)
    return Evidence(kind, measure, database.printed(query), digest, len(rows), tuple(plain(r) for r in rows))


def _scope(scope: Mapping[str, str], columns: Mapping[str, int]) -> exp.Expr:
    """Return the condition that a row lies in the scope; names that are no columns of the measure are left out."""
    conditions = [
        exp.EQ(this=exp.cast(exp.column(k, quoted=True), "text"), expression=exp.Literal.string(v))
        for k, v in scope.items()
        if k in columns
    ]
    return exp.and_(*conditions) if conditions else exp.true()


def _condition(asked: Input) -> list[exp.Expr]:
    return [maybe_parse(asked.where, dialect=DIALECT)] if asked.where else []


def _value(asked: Input) -> exp.Expr | None:
    if isinstance(asked, Breakdown):
        return maybe_parse(asked.value, dialect=DIALECT)
    if isinstance(asked, Times):
        return maybe_parse(asked.ended, dialect=DIALECT)
    return None


def _summary(test: Test, asked: Input, here: exp.Expr, columns: Mapping[str, int]) -> exp.Query:
    """Return the query behind the condition: the same number here and elsewhere, or before and since."""
    value = _value(asked)
    where = _condition(asked)
    if value is not None:
        where.append(exp.not_(exp.Is(this=exp.paren(value.copy()), expression=exp.Null())))
    place = exp.Case(ifs=[exp.If(this=here, true=exp.Literal.string("here"))], default=exp.Literal.string("elsewhere"))
    if test.onset and "month" in columns:
        place = exp.Case(
            ifs=[exp.If(this=_since(test.onset), true=exp.Literal.string("here"))], default=exp.Literal.string("before")
        )
        where.append(here)
    select = exp.select(place.as_("place"), exp.Count(this=exp.Star()).as_("n"))
    if CUSTOMER in columns:
        select = select.select(exp.Count(this=exp.Distinct(expressions=[exp.column(CUSTOMER)])).as_("customers"))
    if value is not None:
        select = select.select(exp.Avg(this=exp.cast(exp.paren(value.copy()), "double")).as_("value"))
    select = select.from_(exp.to_table(asked.measure)).group_by("1").order_by("1")
    return select.where(*where) if where else select


def rows_meant(test: Test, asked: Input, database: Database) -> exp.Select:
    """Return the query for the rows a test is about, without columns."""
    columns = database.filled(asked.measure)
    where = [_scope(test.scope, columns), *_condition(asked)]
    if test.onset and "month" in columns:
        where.append(_since(test.onset))
    return exp.Select().from_(exp.to_table(asked.measure)).where(*where)


def _since(onset: str) -> exp.Expr:
    return exp.GTE(this=exp.column("month"), expression=exp.cast(exp.Literal.string(onset[:10]), "date"))


def _rows(test: Test, asked: Input, database: Database) -> exp.Query:
    """Return the query for a few of the rows meant, the filled columns only."""
    columns = database.filled(asked.measure)
    shown = [c for c, n in columns.items() if c != "*" and n]
    order = [c for c in (ROW, *shown) if c in columns]
    return (
        rows_meant(test, asked, database)
        .select(*(exp.column(c, quoted=True) for c in shown))
        .order_by(*(exp.column(c, quoted=True) for c in dict.fromkeys(order)))
        .limit(SAMPLE)
    )
