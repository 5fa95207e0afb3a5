"""A small workbench for these tests: profiles tables with DuckDB and runs proposed mappings as plain SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from rapport.core.source import ColumnProfile, Dialect, FileProfile, Kind, Probe, Reading, TableMapping
from rapport.core.table import Type
from rapport.sources.formats import choose, probes_for, sql_for
from rapport.sources.mapping_check import check_expressions
from rapport.sources.propose import Proposal, propose

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NOTHING = "'|na|n/a|null|none|[?]|-|nan'"


def real(path: str) -> Path:
    """Return a file of the real data, or skip the test."""
    found = DATA / path
    if not found.exists():
        pytest.skip(f"the real data is not here: {found}")
    return found


def native(sql_type: str) -> Type | None:
    kinds = {
        "TIMESTAMP": Type.TIME,
        "DATE": Type.DAY,
        "BOOLEAN": Type.BOOL,
        "DOUBLE": Type.NUMBER,
        "FLOAT": Type.NUMBER,
    }
    kinds |= {"BIGINT": Type.COUNT, "INTEGER": Type.COUNT, "DECIMAL": Type.MONEY}
    return next((kind for name, kind in kinds.items() if sql_type.startswith(name)), None)


class Bench:
    """Files as DuckDB tables: `raw` holds them as they are, `typed` as their readings say."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.profiles: list[FileProfile] = []
        self.readings: dict[str, dict[str, Reading]] = {}
        self.typed: dict[str, str] = {}

    def add(self, name: str, source: str, dialect: Dialect | None = None) -> FileProfile:
        """Add a file, given as something that DuckDB can select from."""
        place = len(self.profiles)
        self.connection.sql(f"create table raw{place} as select * from {source}")
        columns = self.connection.sql(f"describe raw{place}").fetchall()
        rows = self.one(f"select count(*) from raw{place}")[0]
        profiled = tuple(self._column(f"raw{place}", column[0], column[1]) for column in columns)
        profile = FileProfile(name, dialect or Dialect(Kind.CSV), rows, profiled)
        readings = choose(profile)
        filled = [f"{self._filled(c.name, c.native)} as {quote(c.name)}" for c in profiled]
        cells = [f"{self._cell(c, readings[c.name])} as {quote(c.name)}" for c in profiled]
        inner = f"select {', '.join(filled)} from raw{place}"
        self.connection.sql(f"create table typed{place} as select {', '.join(cells)} from ({inner})")
        self.profiles.append(profile)
        self.readings[name] = readings
        self.typed[name] = f"typed{place}"
        return profile

    def text(self, name: str, text: str, dialect: Dialect | None = None) -> FileProfile:
        """Add a file of lines; cells are parted by the dialect's delimiter."""
        delimiter = dialect.delimiter if dialect else ","
        lines = [line.strip().split(delimiter) for line in text.strip().splitlines()]
        header = ", ".join(f"{quote(cell)} varchar" for cell in lines[0])
        self.connection.sql(f"create or replace table given ({header})")
        if lines[1:]:
            marks = ", ".join("?" for _ in lines[0])
            self.connection.executemany(f"insert into given values ({marks})", lines[1:])
        return self.add(name, "given", dialect)

    def _column(self, table: str, name: str, sql_type: str) -> ColumnProfile:
        kind = native(sql_type)
        value = self._filled(name, kind)
        filled, distinct, low, high = self.one(
            f"select count(v), count(distinct v), min(v)::varchar, max(v)::varchar from (select {value} v from {table})"
        )
        shown = self.connection.sql(
            f"select v::varchar from (select {value} as v from {table}) where v is not null group by v "
            "order by count(*) desc, v limit 12"
        ).fetchall()
        examples = tuple(str(row[0]) for row in shown)
        parsed: dict[Probe, int] = {}
        for probe in probes_for(examples) if kind is None else ():
            parsed[probe] = self.one(f"select count({sql_for(probe, 'v')}) from (select {value} as v from {table})")[0]
        return ColumnProfile(name, filled, distinct, examples, kind, parsed, low, high)

    @staticmethod
    def _filled(name: str, kind: Type | None) -> str:
        text = f"trim({quote(name)})"
        return quote(name) if kind else f"case when not regexp_full_match(lower({text}), {NOTHING}) then {text} end"

    def _cell(self, column: ColumnProfile, reading: Reading) -> str:
        value = quote(column.name)
        if column.native is not None:
            return f"timezone('UTC', {value}::timestamptz)" if column.native is Type.TIME else value
        return sql_for(Probe(reading.type, reading.format), value)

    def ask(self, file: str, sql: str) -> list[tuple[Any, ...]]:
        self.connection.sql(f"create or replace temp view file as select * from {self.typed[file]}")
        return self.connection.sql(sql).fetchall()

    def propose(self, *, asking: bool = True) -> Proposal:
        """Return the proposal for the files, every expression of it checked."""
        proposal = propose(self.profiles, self.readings, self.ask if asking else None)
        columns = {profile.name: [column.name for column in profile.columns] for profile in self.profiles}
        for mapping in proposal.mappings:
            check_expressions(mapping, columns[mapping.file], "proposal")
        return proposal

    def run(self, mapping: TableMapping, name: str) -> None:
        """Make the table `name` of what a mapping gives."""
        values = ", ".join(f"{sql} as {quote(column)}" for column, sql in mapping.columns.items())
        where = f" where {mapping.where}" if mapping.where else ""
        group = f" group by {', '.join(mapping.group)}" if mapping.group else ""
        table = self.typed[mapping.file]
        self.connection.sql(f"create or replace table {name} as select {values} from {table} as file{where}{group}")

    def one(self, sql: str) -> tuple[Any, ...]:
        (row,) = self.connection.execute(sql).fetchall()
        return row


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
