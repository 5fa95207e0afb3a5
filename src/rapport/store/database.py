"""Runs measures and questions on a record: each measure once, each answer with a total order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from rapport.core.canonical import canonical
from rapport.core.inputs import Breakdown, Input, Sums, Times
from rapport.measures.ask import CUSTOMER, ROW, dimensions, narrowed, query_for, text_for
from rapport.measures.asof import View
from rapport.measures.cells import Answer, Sample
from rapport.measures.compose import Part, Views, alone, columns_used, part_of, standalone
from rapport.measures.estimate import Estimate, Whole
from rapport.measures.query import DIALECT, Measure, Value, tables_read
from rapport.measures.wanted import Wanted, needed
from rapport.models.before_after import Sides
from rapport.store.answers import Row, time_cells, totals
from rapport.store.breakdowns import MANY, WHOSE, Grains, whose
from rapport.store.estimates import keep, settled
from rapport.store.parquet_out import write_parquet
from rapport.store.runner import Runner
from rapport.store.seen import Seen, parquet


@dataclass(frozen=True, slots=True)
class Made:
    """How a measure was computed: what with it, whether without columns that nobody wants, whether it was dropped."""

    inside: tuple[str, ...]
    narrow: bool
    released: bool = False


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
        self.runner = Runner(connection)
        self._files = files
        self._measures = measures
        self._pasteable = {n: m.kept() if isinstance(m, Estimate) else m for n, m in measures.items()}
        self._values = values
        self._root = root
        self.view = view
        self._filled: dict[str, dict[str, int]] = {}
        self._grains: dict[str, Grains] = {}
        self._made: dict[str, Made] = {}
        self._past = False
        relations = {table: parquet(str(file)) for table, file in files.items()}
        self._stored = Seen(relations, view, lambda sql: self.runner.table(sql, "the record").rows)
        plain = replace(view, whole=frozenset(), dated=frozenset())  # what is printed says it all
        self._pasted = Views(plain, {t: parquet(str(file.relative_to(root))) for t, file in files.items()}.get)
        connection.execute(f"SET file_search_path = {exp.Literal.string(str(root)).sql(dialect=DIALECT)}")

    def compute(self, name: str, inside: Sequence[str] = (), wanted: Wanted | None = None) -> None:
        """Compute a measure and keep its rows; what it reads must have been computed before, or be named in `inside`.

        inside : measures whose rows nobody else needs, each after what it reads: the engine takes of them what it must.
        wanted : what is kept of it (see `complete`); None: all.
        """
        parts = [self._part(one) for one in (*inside, name)]
        for read in sorted({read for part in parts for read in part.reads}):
            self._restore(read)
        columns = parts[-1].columns
        if wanted is None or wanted.columns is None or "*" in columns:
            narrow, select = False, "*"
        else:
            kept = [f'"{c}"' for c in columns if c in wanted.columns] or [f'"{columns[0]}"']
            narrow, select = True, ", ".join([*kept, f"{whose(columns)} AS {WHOSE}"] if wanted.grouped else kept)
        self.runner.do(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {alone(parts, self._stored.views, select)}', name)
        self._made[name] = Made(tuple(inside), narrow)

    def complete(self, name: str) -> None:
        """Compute a measure again with all its columns, where not all were kept."""
        made = self._made.get(name)
        if made is not None and (made.narrow or made.released):
            self.forget([name])
            self.compute(name, made.inside)

    def release(self, names: Iterable[str]) -> None:
        """Give back the room of computed measures with many rows; one that is used after all is computed again."""
        for name in sorted(names):
            made = self._made.get(name)
            if made is not None and not made.released and self.runner.size(name) > MANY:
                self.runner.do(f'DROP TABLE "{name}"', name)
                self._grains.pop(name, None)
                self._made[name] = replace(made, released=True)

    def _restore(self, name: str) -> None:
        if name in self._made and self._made[name].released:
            self.complete(name)

    def _hold(self, name: str, used: Collection[str]) -> None:
        """See to it that the columns of a measure that are about to be used are kept."""
        self._restore(name)
        if self._narrow(name) and {*self._part(name).columns}.intersection(used) - self.filled(name).keys():
            self.complete(name)

    def _narrow(self, name: str) -> bool:
        return name in self._made and self._made[name].narrow

    def keep(self, name: str, made: pa.Table, *, file: bool = True) -> None:
        """Keep the table of an estimate; as of the audit also as a file, which printed queries read."""
        keep(self._connection, name, made, self._root if file and not self._past else None)

    def export(self, name: str, file: str) -> None:
        """Write the rows of a computed measure, in the order of their ids, into a file of the audit's folder."""
        self.complete(name)
        write_parquet(self._connection, f'SELECT * FROM "{name}" ORDER BY row_id', self._root / file)

    def whole(self, asked: Whole) -> pa.Table:
        """Return whole columns of a computed measure, for a model, with numbers rounded as they leave the store."""
        self._restore(asked.measure)
        return settled(self.runner.arrow(asked.text(), asked.measure))

    def forget(self, names: Iterable[str]) -> None:
        """Drop computed measures to give back their room."""
        for name in sorted(names):
            self.runner.do(f'DROP TABLE IF EXISTS "{name}"', name)
            for known in (self._filled, self._grains, self._made):
                known.pop(name, None)

    def at(self, moment: datetime, part: str | None = None) -> Database:
        """Return the same record as it was known at an earlier moment, with nothing computed yet.

        part : only customers the MD5 of whose id is, in hexadecimal digits, below this; None: all.
        """
        view = replace(self.view, as_of=moment, present=False, whole=frozenset())
        values = {**self._values, "as_of": moment}
        past = Database(self._connection.cursor(), self._files, view, self._measures, values, self._root)
        past._past = True
        stored = self._stored if part is None else self._stored.part(part)
        past._stored, past._pasted = stored.at(view), self._pasted.at(replace(view, dated=frozenset()))
        return past

    def filled(self, name: str) -> Mapping[str, int]:
        """Return, for each column of a computed measure, whether any row holds a value; `*` is the number of rows."""
        if name not in self._filled:
            self._restore(name)
            self._filled[name] = self.runner.filled(name)
        return self._filled[name]

    def answer(self, asked: Input) -> Answer:
        """Return what was asked of a computed measure; breakdowns by empty columns are left out."""
        self._hold(asked.measure, needed(asked))
        by = self.allowed(asked)
        if isinstance(asked, Breakdown):
            cells = self._grains_of(asked.measure).cells(asked.value, asked.where, by)
            return replace(cells, sides=partial(self._sides, asked))
        found = self.runner.table(text_for(asked, by), asked.measure)
        if isinstance(asked, Times):
            return time_cells(found, dimensions(asked), by)
        if isinstance(asked, Sums):
            return totals(found, dimensions(asked), [n for n, _ in asked.values])
        return Sample(tuple(found.by_name()))

    def _sides(self, asked: Breakdown, scope: Mapping[str, str], since: str) -> Sides:
        """Return the sums by customer of a cell and of the others, after and before (see `Cells`)."""
        return self._grains_of(asked.measure).sides(asked.value, asked.where, scope, since)

    def _grains_of(self, measure: str) -> Grains:
        """Return the rows of a computed measure as numbers; many rows are not kept for long."""
        if measure not in self._grains:
            self._restore(measure)
            if WHOSE not in self.filled(measure):
                self._hold(measure, (CUSTOMER, ROW))
            filled = self.filled(measure)
            if filled["*"] > MANY:
                self._grains.clear()
            self._grains[measure] = Grains(measure, WHOSE if WHOSE in filled else whose(filled), self.runner)
        return self._grains[measure]

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
        for name in tables_read(query):
            self._hold(name, columns_used(query))
        return self.run_text(query.sql(dialect=DIALECT))

    def run_text(self, sql: str) -> tuple[list[Row], str]:
        """Run a query as printed (paths in it are relative to the folder of the audit); see `run`."""
        rows = self.runner.rows(sql, "evidence")
        return rows, hashlib.sha256(canonical(rows).encode()).hexdigest()

    def query(self, asked: Input) -> exp.Query:
        """Return the query that answers an input, for printing."""
        return query_for(asked, self.allowed(asked), clustered=CUSTOMER in self._columns(asked.measure))

    def _columns(self, name: str) -> Collection[str]:
        """Return the columns of a computed measure, also those that were not kept."""
        return self._part(name).columns if self._narrow(name) else self.filled(name)

    def version(self) -> str:
        """Return the version of the engine."""
        return duckdb.__version__

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
