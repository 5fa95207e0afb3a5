"""Runs measures and questions on a record: each measure once, each answer with a total order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from sqlglot import exp

from rapport.core.canonical import canonical
from rapport.core.errors import QueryError
from rapport.core.inputs import Breakdown, Input, Sums, Times
from rapport.measures.ask import CUSTOMER, ROW, dimensions, narrowed, query_for, text_for
from rapport.measures.asof import View
from rapport.measures.cells import Answer, Key, Sample, TimeCells, Totals
from rapport.measures.compose import Part, Views, alone, part_of, standalone
from rapport.measures.estimate import Estimate, Whole
from rapport.measures.query import DIALECT, Measure, Value
from rapport.store.breakdowns import Grains
from rapport.store.estimates import keep, settled
from rapport.store.parquet_out import write_parquet

Row = dict[str, Any]
MANY = 1_000_000
"""Rows of a measure from which on the numbers of one measure at a time are kept."""


class Database:
    """A record opened for reading: computes measures once and answers declared inputs.

    Parameters
    ----------
    connection : an open DuckDB connection.
    files : the Parquet file of each table that has rows.
    view : the moment to look from.
    measures : the measures, by name.
    values : the values of the measures' `$parameters`.
    root : the folder that paths in printed queries are relative to.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        files: Mapping[str, Path],
        view: View,
        measures: Mapping[str, Measure],
        values: Mapping[str, Value],
        root: Path,
    ) -> None:
        self._connection = connection
        self._files = files
        self._measures = measures
        self._pasteable = {n: m.kept() if isinstance(m, Estimate) else m for n, m in measures.items()}
        self._values = values
        self._root = root
        self.view = view
        self._filled: dict[str, dict[str, int]] = {}
        self._grains: dict[str, Grains] = {}
        self._past = False
        self._stored = Views(view, lambda table: _parquet(str(files[table])) if table in files else None)
        self._pasted = Views(
            view, lambda table: _parquet(str(files[table].relative_to(root))) if table in files else None
        )
        connection.execute(f"SET file_search_path = {exp.Literal.string(str(root)).sql(dialect=DIALECT)}")

    def compute(self, name: str, inside: Sequence[str] = ()) -> None:
        """Compute a measure and keep its rows; what it reads must have been computed before, or be named in `inside`.

        inside : measures whose rows nobody else needs, each after what it reads: the engine takes of them what it must.
        """
        parts = [self._part(one) for one in (*inside, name)]
        self._run(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {alone(parts, self._stored)}', name)

    def keep(self, name: str, made: pa.Table) -> None:
        """Keep the table of an estimate; as of the audit also as a file, which printed queries read."""
        keep(self._connection, name, made, None if self._past else self._root)

    def export(self, name: str, file: str) -> None:
        """Write the rows of a computed measure, in the order of their ids, into a file of the audit's folder."""
        write_parquet(self._connection, f'SELECT * FROM "{name}" ORDER BY row_id', self._root / file)

    def whole(self, asked: Whole) -> pa.Table:
        """Return whole columns of a computed measure, for a model, with numbers rounded as they leave the store."""
        return settled(self._run(asked.text(), asked.measure).arrow().read_all())

    def forget(self, names: Iterable[str]) -> None:
        """Drop computed measures to give back their room."""
        for name in sorted(names):
            self._run(f'DROP TABLE IF EXISTS "{name}"', name)
            self._filled.pop(name, None)
            self._grains.pop(name, None)

    def at(self, moment: datetime) -> Database:
        """Return the same record as it was known at an earlier moment, with nothing computed yet."""
        view = replace(self.view, as_of=moment, present=False)
        values = {**self._values, "as_of": moment}
        past = Database(self._connection.cursor(), self._files, view, self._measures, values, self._root)
        past._past = True
        past._stored, past._pasted = self._stored.at(view), self._pasted.at(view)
        return past

    def filled(self, name: str) -> Mapping[str, int]:
        """Return, for each column of a computed measure, how many rows hold a value; `*` is the number of rows."""
        if name not in self._filled:
            described = self._run(f'SELECT * FROM "{name}" LIMIT 0', name).description or []
            columns = [d[0] for d in described]
            counts = ", ".join(["COUNT(*)", *(f'COUNT("{c}")' for c in columns)])
            found = self._run(f'SELECT {counts} FROM "{name}"', name).fetchone() or ()
            self._filled[name] = dict(zip(["*", *columns], found, strict=True))
        return self._filled[name]

    def types(self, name: str) -> dict[str, str]:
        """Return the SQL type of each column of a computed measure."""
        return {row["column_name"]: row["column_type"] for row in self._rows(f'DESCRIBE "{name}"', name)}

    def answer(self, asked: Input) -> Answer:
        """Return what was asked of a computed measure; breakdowns by empty columns are left out."""
        filled = self.filled(asked.measure)
        by = self.allowed(asked)
        if isinstance(asked, Breakdown):
            return self._grains_of(asked.measure).cells(asked.value, asked.where, by)
        found = self._table(text_for(asked, by, CUSTOMER in filled), asked.measure)
        if isinstance(asked, Times):
            return _time_cells(found, dimensions(asked), by)
        if isinstance(asked, Sums):
            return _totals(found, dimensions(asked), [n for n, _ in asked.values])
        return Sample(tuple(found.by_name()))

    def _grains_of(self, measure: str) -> Grains:
        """Return the rows of a computed measure as numbers; many rows are not kept for long."""
        if measure not in self._grains:
            filled = self.filled(measure)
            if filled["*"] > MANY:
                self._grains.clear()
            who = f"COALESCE({CUSTOMER}, {ROW})" if CUSTOMER in filled else ROW
            self._grains[measure] = Grains(measure, who, self)
        return self._grains[measure]

    def numbers(self, sql: str, what: str) -> np.ndarray[Any, Any]:
        """Return the one column of a query as numbers, NaN where there is none."""
        found = next(iter(self._run(sql, what).fetchnumpy().values()))
        return np.ma.filled(found, np.nan) if isinstance(found, np.ma.MaskedArray) else found

    def column(self, sql: str, what: str) -> pa.Array:
        """Return the one column of a query as it is."""
        return self._run(sql, what).arrow().read_all().column(0).combine_chunks()

    def allowed(self, asked: Input) -> tuple[tuple[str, ...], ...]:
        """Return the sets of columns by which the data can be cut."""
        return narrowed(asked, {c for c, n in self.filled(asked.measure).items() if n})

    def printed(self, query: exp.Query) -> str:
        """Return the text of a query over measures that runs as pasted from the folder of the audit."""
        return standalone(query, self._pasteable, self._part, self._pasted)

    def _part(self, name: str) -> Part:
        return part_of(self._pasteable[name], self._values)

    def run(self, query: exp.Query) -> tuple[list[Row], str]:
        """Run a query over computed measures and return its rows and their SHA-256."""
        return self.run_text(query.sql(dialect=DIALECT))

    def run_text(self, sql: str) -> tuple[list[Row], str]:
        """Run a query as printed (paths in it are relative to the folder of the audit); see `run`."""
        rows = self._rows(sql, "evidence")
        return rows, hashlib.sha256(canonical(rows).encode()).hexdigest()

    def query(self, asked: Input) -> exp.Query:
        """Return the query that answers an input, for printing."""
        return query_for(asked, self.allowed(asked), clustered=CUSTOMER in self.filled(asked.measure))

    def version(self) -> str:
        """Return the version of the engine."""
        return duckdb.__version__

    def single(self, file: Path, column: str) -> str | None:
        """Return the most frequent value of a column of a file, None where it is empty; ties by name."""
        relation = _parquet(str(file)).sql(dialect=DIALECT)
        name = exp.column(column, quoted=True).sql(dialect=DIALECT)
        found = self._table(
            f"SELECT {name} AS v FROM {relation} WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1",
            "currency",
        )
        return str(found.rows[0][0]) if found.rows else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run(self, sql: str, what: str) -> duckdb.DuckDBPyConnection:
        """Run a query. The engine makes a RuntimeError of Ctrl-C, which nobody may take for a mistake in the query."""
        try:
            return self._connection.execute(sql)
        except duckdb.Error as problem:
            raise QueryError(str(problem).splitlines()[0], where=f"measure {what}", todo="see the query") from problem
        except RuntimeError as problem:
            if isinstance(problem.__cause__, KeyboardInterrupt):
                self._connection.interrupt()
                raise KeyboardInterrupt from problem
            raise

    def _rows(self, sql: str, what: str) -> list[Row]:
        return self._table(sql, what).by_name()

    def _table(self, sql: str, what: str) -> _Table:
        done = self._run(sql, what)
        return _Table([d[0] for d in done.description or []], done.fetchall())


@dataclass(frozen=True, slots=True)
class _Table:
    """What a query gave: the names of the columns, and the rows."""

    names: list[str]
    rows: list[tuple[Any, ...]]

    def by_name(self) -> list[Row]:
        """Return the rows, each by the names of its columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def at(self, *names: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
        """Return what takes these columns, two or more, out of a row."""
        return itemgetter(*(self.names.index(name) for name in names))

    def by_cell(self, dims: tuple[str, ...]) -> Iterator[tuple[Key, tuple[Any, ...]]]:
        """Yield the rows with the cells they belong to, without those of which one of its own dimensions is unknown."""
        at = {name: i for i, name in enumerate(self.names)}
        places = [(d, at[d], at[f"g_{d}"]) for d in sorted(dims) if f"g_{d}" in at]
        for row in self.rows:
            key = tuple([(d, row[i]) for d, i, g in places if row[g] == 0])
            if all(value is not None for _, value in key):
                yield key, row


def _parquet(path: str) -> exp.Expr:
    return exp.func("read_parquet", exp.Literal.string(path))


def _time_cells(table: _Table, dims: tuple[str, ...], by: tuple[tuple[str, ...], ...]) -> TimeCells:
    found: dict[Key, list[tuple[int, int, int]]] = {}
    take = table.at("bin", "events", "censored")
    for key, row in table.by_cell(dims):
        found.setdefault(key, []).append(take(row))
    bins = {}
    for key in sorted(found):
        array = np.array(sorted(found[key]))
        bins[key] = (array[:, 0], array[:, 1], array[:, 2])
    return TimeCells(bins, by)


def _totals(table: _Table, dims: tuple[str, ...], names: list[str]) -> Totals:
    places = [table.names.index(name) for name in names]
    found = {key: dict(zip(names, [row[i] for i in places], strict=True)) for key, row in table.by_cell(dims)}
    total = found.pop((), dict.fromkeys(names))
    return Totals(total, dict(sorted(found.items())))
