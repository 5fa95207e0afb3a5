"""One file as the proposal sees it: its columns, how they are read, and questions that only the file can answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.core.source import ColumnProfile, FileProfile, Reading, TableMapping
from rapport.core.table import Type
from rapport.sources.names import key, quoted

Ask = Callable[[str, str], list[tuple[Any, ...]]]
"""Runs a SELECT over a typed file: (file, sql) to rows. The table is called `file`."""

NUMERIC = (Type.COUNT, Type.NUMBER, Type.MONEY)
TIMELY = (Type.TIME, Type.DAY)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file was recognised as. `instead` are mappings for tables that no other file feeds."""

    mappings: tuple[TableMapping, ...]
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    instead: tuple[TableMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A profiled file with the readings of its columns and a way to ask it more."""

    profile: FileProfile
    readings: Mapping[str, Reading]
    ask: Ask | None = None
    by_key: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.profile.columns:
            self.by_key.setdefault(key(column.name), column.name)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.profile.name

    def column(self, name: str) -> ColumnProfile:
        """Return the profile of a column."""
        return next(column for column in self.profile.columns if column.name == name)

    def type(self, name: str) -> Type:
        """Return the type a column is read as."""
        reading = self.readings.get(name)
        return reading.type if reading is not None else self.column(name).native or Type.TEXT

    def sql(self, name: str) -> str:
        """Return a column as SQL."""
        return quoted(name)

    def id_sql(self, name: str) -> str:
        """Return a column that names things as SQL: whole, where the file holds numbers with decimals."""
        return f"cast({quoted(name)} as bigint)" if self.type(name) is Type.NUMBER else quoted(name)

    def find(self, terms: Iterable[str], types: Collection[Type] = (), taken: Collection[str] = ()) -> str | None:
        """Return the first column called by one of the terms, of one of the types, that is not taken."""
        for term in terms:
            name = self.by_key.get(term)
            if name is not None and name not in taken and (not types or self.type(name) in types):
                return name
        return None

    def repeats(self, name: str, least: float = 1.05) -> bool:
        """Say whether the values of a column come back, on average at least `least` times."""
        column = self.column(name)
        return column.distinct > 0 and column.filled >= least * column.distinct

    def unique(self, name: str) -> bool:
        """Say whether a column is filled in every row and never twice the same."""
        column = self.column(name)
        return self.profile.rows > 0 and column.filled == self.profile.rows and column.distinct >= column.filled

    def rows(self, sql: str) -> list[tuple[Any, ...]] | None:
        """Return the file's answer to a question, or None where nobody can be asked."""
        return self.ask(self.name, sql) if self.ask is not None else None

    def mapping(
        self,
        table: str,
        columns: Mapping[str, str],
        *,
        where: str = "",
        group: tuple[str, ...] = (),
        why: Iterable[str] = (),
        readings: Mapping[str, Reading] | None = None,
    ) -> TableMapping:
        """Return a mapping of this file, with its readings."""
        known = dict(self.readings if readings is None else readings)
        return TableMapping(self.name, table, dict(columns), where, group, known, None, tuple(why))

    def people(self, source: str, sql: str) -> TableMapping:
        """Return customers for the ids that stand in this file, for where no file of customers is given."""
        why = f"one row for each {source}; when they became customers is not said, so their first order counts"
        where = f"{quoted(source)} is not null"
        return self.mapping("customers", {"customer_id": sql}, where=where, group=(sql,), why=(why,))
