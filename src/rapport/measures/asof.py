"""Looks at the record as it was at a moment: nothing later exists, and what later became known is unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from rapport.core.table import Column, Role, Table, Type, fixed
from rapport.record import TABLES

SQL_TYPES: Mapping[Type, str] = {
    Type.TEXT: "VARCHAR",
    Type.TIME: "TIMESTAMP",
    Type.DAY: "DATE",
    Type.MONEY: "DECIMAL(18, 4)",
    Type.NUMBER: "DOUBLE",
    Type.COUNT: "BIGINT",
    Type.BOOL: "BOOLEAN",
}

# Where a row's own event time is empty, this plan or outcome tells when it came to be.
FALLBACK = {"feedback": "answered_at", "payments": "due_at"}

# Which file or connector a row came from: the store writes it into every table; only measures that name it see it.
ORIGIN = fixed("_source", Type.TEXT, "the file or connector that the row came from")

Source = Callable[[str], exp.Expr | None]


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a record.

    `as_of` is exclusive (a row is seen if and only if its event is before it); `present` says that nothing in the
    record is later, so that states without a date may be seen. `columns` holds the columns each table really has,
    `whole` names tables of which everything is known to be seen, every row and every outcome, so that no time need be
    looked at, `dated` those in which every row says when it came to be, so that none need be looked for elsewhere.
    """

    as_of: datetime
    present: bool
    columns: Mapping[str, frozenset[str]]
    whole: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()


def view_of(table: Table, view: View, source: Source, used: Collection[str] | None = None) -> exp.Select:
    """Return the SELECT that stands for `table` as of `view`; a missing table is an empty one of typed nulls.

    Parameters
    ----------
    table : the canonical table.
    view : the moment and what is there.
    source : gives the relation that holds a table's rows (a name, or `read_parquet` of its file), or None.
    used : the columns wanted, `_source` among them where it is; the table's own where None.
    """
    relation = source(table.name)
    there = view.columns.get(table.name, frozenset()) if relation is not None else frozenset()
    wanted = [c for c in table.columns if used is None or c.name in used] or list(table.columns[:1])
    if used is not None and ORIGIN.name in used:
        wanted.append(ORIGIN)
    whole = table.name in view.whole
    select = exp.select(*(_column(c, view, there, whole).as_(c.name) for c in wanted))
    if relation is None:
        return select.where(exp.false())
    select = select.from_(relation)
    condition = None if whole else _exists(table, view, there, source)
    return select.where(condition) if condition is not None else select


def _null(column: Column) -> exp.Expr:
    return exp.cast(exp.Null(), SQL_TYPES[column.type])


def _before(name: str, view: View) -> exp.Expr:
    return exp.LT(this=exp.column(name), expression=_moment(view))


def _moment(view: View) -> exp.Expr:
    return exp.cast(exp.Literal.string(view.as_of.isoformat(sep=" ")), "timestamp")


def _column(column: Column, view: View, there: Collection[str], whole: bool) -> exp.Expr:
    """Return what may be seen of a column; `whole`: all of it."""
    if column.name not in there:
        return _null(column)
    itself: exp.Expr = exp.column(column.name)
    if whole:
        return itself
    if column.role is Role.STATE:
        return itself if view.present else _null(column)
    if column.role is not Role.OUTCOME:
        return itself
    dated_by = column.of or column.name
    if dated_by not in there:
        return itself if view.present else _null(column)
    known: exp.Expr = _before(dated_by, view)
    if column.of and view.present:
        known = exp.or_(known, exp.column(dated_by).is_(exp.Null()))
    return exp.Case(ifs=[exp.If(this=known, true=itself)])


def _exists(table: Table, view: View, there: Collection[str], source: Source) -> exp.Expr | None:
    """Return the condition under which a row exists by then."""
    if table.name == "order_lines":
        return _of_seen_orders(view, source)
    time = table.event
    if time is None or time not in there:
        time = FALLBACK.get(table.name)
        if time is None or time not in there:
            return None if view.present or table.name != "customers" else _seen_elsewhere(view, source)
    elif table.name in FALLBACK and FALLBACK[table.name] in there and table.name not in view.dated:
        either = exp.func("coalesce", exp.column(time), exp.column(FALLBACK[table.name]))
        return exp.or_(exp.LT(this=either, expression=_moment(view)), either.copy().is_(exp.Null()))
    seen: exp.Expr = _before(time, view)
    if table.column(time).required or table.name in view.dated:
        return seen
    undated: exp.Expr = exp.column(time).is_(exp.Null())
    if table.name == "customers" and not view.present:
        undated = exp.and_(undated, _seen_elsewhere(view, source))
    return exp.or_(seen, undated)


def _of_seen_orders(view: View, source: Source) -> exp.Expr | None:
    orders = source("orders")
    if orders is None:
        return None
    seen = exp.select("order_id").from_(orders).where(_before("ordered_at", view))
    return exp.In(this=exp.column("order_id"), query=exp.Subquery(this=seen))


def _seen_elsewhere(view: View, source: Source) -> exp.Expr:
    """Return the condition that a customer without a date of their own has left some other trace before then."""
    traces: list[exp.Query] = []
    for name, table in TABLES.items():
        relation = source(name)
        time = table.event
        has = view.columns.get(name, frozenset())
        if name == "customers" or relation is None or time is None or not {"customer_id", time} <= has:
            continue
        traces.append(exp.select("customer_id").from_(relation).where(_before(time, view)))
    if not traces:
        return exp.false()
    united: exp.Query = traces[0]
    for trace in traces[1:]:
        united = exp.union(united, trace, distinct=True)
    return exp.In(this=exp.column("customer_id"), query=exp.Subquery(this=united))
