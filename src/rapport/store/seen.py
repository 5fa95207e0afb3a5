"""Gives the tables of the record, read from their files, as they are seen from a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from rapport.measures.asof import View
from rapport.measures.compose import Views
from rapport.measures.query import DIALECT
from rapport.record import READABLE

LINES, ORDERS = "order_lines", "orders"


def parquet(path: str) -> exp.Expr:
    """Return the relation that is a Parquet file."""
    return exp.func("read_parquet", exp.Literal.string(path))


class Seen:
    """The tables as seen, for computing, of all customers or of a part; `views` are their texts.

    Parameters
    ----------
    relations : what holds the rows of each table that has any.
    view : the moment to look from.
    run : runs a statement.
    """

    def __init__(self, relations: Mapping[str, exp.Expr], view: View, run: Callable[[str], object]) -> None:
        self._relations = relations
        self._view = view
        self._run = run
        self.views = Views(view, relations.get)
        self._parts: dict[str, Seen] = {}

    def at(self, view: View) -> Seen:
        """Return the same tables as of another moment."""
        there = Seen(self._relations, view, self._run)
        there.views = self.views.at(view)
        return there

    def part(self, below: str) -> Seen:
        """Return the same tables with the rows of a part of the customers alone, cut out once and kept in memory.

        below : hexadecimal digits below which the MD5 of a customer's id lies.
        """
        if below not in self._parts:
            cut: dict[str, exp.Expr] = {}
            for table in sorted(self._relations, key=lambda name: name == LINES):  # lines after the orders they are of
                if who := READABLE[table].customer:
                    condition = f"SUBSTRING(MD5({who}), 1, {len(below)}) < '{below}'"
                elif table == LINES and ORDERS in cut:
                    condition = f"order_id IN (SELECT order_id FROM {cut[ORDERS].sql(dialect=DIALECT)})"
                else:
                    continue
                cut[table] = exp.to_table(f"{table}_below_{below}", quoted=True)
                name = cut[table].sql(dialect=DIALECT)
                self._run(f"CREATE TABLE {name} AS SELECT * FROM {self._text(table)} WHERE {condition}")
            self._parts[below] = Seen({**self._relations, **cut}, self._view, self._run)
        return self._parts[below]

    def _text(self, table: str) -> str:
        return self._relations[table].sql(dialect=DIALECT)
