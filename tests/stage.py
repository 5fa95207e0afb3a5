"""A stage for tests: a small record written inline, looked at as the engine looks at it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from rapport.core.audit import Audit, Definition
from rapport.core.declarations import Declarations, Facts
from rapport.core.inputs import Input
from rapport.core.outcome import Outcome
from rapport.core.table import Type
from rapport.engine.asking import Asker
from rapport.measures.asof import View
from rapport.measures.catalogue import measures
from rapport.measures.parameters import parameters
from rapport.measures.query import Measure
from rapport.record import TABLES
from rapport.store.calendar import calendar_table
from rapport.store.database import Database

ARROW = {
    Type.TEXT: pa.string(),
    Type.TIME: pa.timestamp("us"),
    Type.DAY: pa.date32(),
    Type.MONEY: pa.decimal128(18, 4),
    Type.NUMBER: pa.float64(),
    Type.COUNT: pa.int64(),
    Type.BOOL: pa.bool_(),
}
working_time = cache(calendar_table)
Rows = Sequence[Mapping[str, Any]] | pa.Table


def _listed(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table with every column that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])


def typed(name: str, rows: Rows) -> pa.Table:
    """Return rows as the canonical table, all columns there, missing ones null."""
    table = rows if isinstance(rows, pa.Table) else _listed(rows)
    columns = {}
    for column in TABLES[name].columns:
        if column.name in table.column_names:
            values = table[column.name]
            columns[column.name] = values.cast(ARROW[column.type]) if values.type != ARROW[column.type] else values
        else:
            columns[column.name] = pa.nulls(table.num_rows, ARROW[column.type])
    if "_source" in table.column_names:
        columns["_source"] = table["_source"].cast(pa.string())
    return pa.table(columns)


class Stage:
    """A record with a view of it: `ask` runs an audit, `metric` a definition, `answer` an input, `rows` a measure."""

    def __init__(
        self,
        tables: Mapping[str, Rows],
        *,
        as_of: datetime = datetime(2026, 1, 1),
        start: datetime = datetime(2020, 1, 1),
        declared: Declarations | None = None,
        present: bool = True,
        also: Mapping[str, Measure] | None = None,
    ) -> None:
        known = {**measures(), **(also or {})}
        root = Path(tempfile.mkdtemp(prefix="rapport-stage-"))
        weakref.finalize(self, shutil.rmtree, root, ignore_errors=True)
        files, filled, columns = {}, {}, {}
        for name, rows in tables.items():
            table = typed(name, rows)
            files[name] = root / f"{name}.parquet"
            pq.write_table(table, files[name])
            filled[name] = {c: table.num_rows - table[c].null_count for c in table.column_names}
            columns[name] = frozenset(table.column_names)
        declared = declared or Declarations()
        self.facts = Facts(as_of, start, start, declared, declared.company.currency or "EUR")
        first, last = date(2010, 1, 1), as_of.date() + timedelta(days=1)
        calendar = working_time(declared.calendar, first, last)
        files["calendar"] = root / "calendar.parquet"
        pq.write_table(calendar, files["calendar"])
        columns["calendar"] = frozenset(calendar.column_names)
        self.database = Database(
            duckdb.connect(), files, View(as_of, present, columns), known, parameters(self.facts), root
        )
        self.asker = Asker(self.database, known, filled, self.facts)

    def ask(self, audit: Audit) -> Outcome:
        """Return how an audit ends on this record."""
        answers = self.asker.gather(audit.inputs, audit.needs, audit.optional)
        return audit.run(**answers, facts=self.facts) if isinstance(answers, dict) else answers

    def metric(self, definition: Definition) -> Any:
        """Return a metric's value, or why there is none."""
        answers = self.asker.gather(definition.inputs, definition.needs, definition.optional)
        return definition.compute(**answers, facts=self.facts) if isinstance(answers, dict) else answers

    def answer(self, asked: Input) -> Any:
        """Return the answer to one input."""
        return self.asker.answer(asked)

    def rows(self, measure: str, order: str = "row_id") -> list[dict[str, Any]]:
        """Return all rows of a measure."""
        self.asker._compute(measure)
        return self.database.runner.rows(f'SELECT * FROM "{measure}" ORDER BY {order}', measure)
