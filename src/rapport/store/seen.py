"""Gives the tables of the record, read from their files, as they are seen from a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlglot import exp

from rapport.measures.asof import View
from rapport.measures.compose import Part, Views
from rapport.measures.query import DIALECT

LINES = "order_lines"


def parquet(path: str) -> exp.Expr:
    """Return the relation that is a Parquet file."""
    return exp.func("read_parquet", exp.Literal.string(path))


def views_of(files: Mapping[str, Path], view: View) -> Views:
    """Return the tables as seen, over the file of each."""
    return Views(view, lambda table: parquet(str(files[table])) if table in files else None)


class Seen:
    """The tables as seen, for computing: that every line is of a seen order is found out once, and then not again.

    Parameters
    ----------
    files : the Parquet file of each table that has rows.
    view : the moment to look from.
    ask : runs a query and returns its rows.
    """

    def __init__(self, files: Mapping[str, Path], view: View, ask: Callable[[str], Sequence[Any]]) -> None:
        self._files = files
        self._view = view
        self._ask = ask
        self._views = views_of(files, view)
        self._looked = LINES not in files or not view.present  # later orders have lines as well: some are not seen

    def views(self, parts: Sequence[Part]) -> Views:
        """Return the tables for queries that are about to be run."""
        if not self._looked and any(LINES in part.reads for part in parts):
            self._looked = True
            seen, there = self._views.text(LINES, frozenset()), parquet(str(self._files[LINES])).sql(dialect=DIALECT)
            rows = (f"(SELECT COUNT(*) FROM ({seen}))", f"(SELECT COUNT(*) FROM {there})")
            if self._ask(f"SELECT {' = '.join(rows)} AS whole")[0][0]:
                self._views = self._views.at(replace(self._view, whole=frozenset({LINES})))
        return self._views

    def at(self, view: View) -> Seen:
        """Return the same tables as of another moment."""
        there = Seen(self._files, view, self._ask)
        there._views = self._views.at(view)
        return there
