"""A table that a model computes from measures: declared like a query, read by audits and queries like one.

A function receives the columns it declared, as they are now or as they were known at an earlier moment, and returns a
table. Whatever is learned is learned through the same view of the past by which it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from inspect import cleandoc
from typing import Any, Protocol

import pyarrow as pa

from rapport.core.declarations import Facts
from rapport.core.errors import RegistryError
from rapport.core.table import Type
from rapport.measures.asof import SQL_TYPES
from rapport.measures.query import Measure

FOLDER = "estimates"
ARROW_TYPES: Mapping[Type, pa.DataType] = {
    Type.TEXT: pa.string(),
    Type.TIME: pa.timestamp("us"),
    Type.DAY: pa.date32(),
    Type.NUMBER: pa.float64(),
    Type.COUNT: pa.int64(),
    Type.BOOL: pa.bool_(),
}


def kept_in(name: str) -> str:
    """Return the file in the folder of an audit in which the table of an estimate is kept."""
    return f"{FOLDER}/{name}.parquet"


@dataclass(frozen=True, slots=True)
class Whole:
    """Whole columns of a measure (or of another estimate), for a model to learn from; audits never get these.

    Parameters
    ----------
    measure : its name.
    columns : names of columns, or SQL expressions over them as `expression AS name`.
    order : the columns that put the rows into one order, the same in every run; together they must tell rows apart.
    where : an SQL condition; empty for all rows.
    """

    measure: str
    columns: tuple[str, ...]
    order: str
    where: str = ""

    def text(self) -> str:
        """Return the query."""
        where = f" WHERE {self.where}" if self.where else ""
        return f"SELECT {', '.join(self.columns)} FROM {self.measure}{where} ORDER BY {self.order}"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the table that comes out: what it is called, what it holds, and in which unit."""

    name: str
    type: Type
    meaning: str


class Known(Protocol):
    """What an estimate may look at."""

    @property
    def facts(self) -> Facts:
        """The view, the period and what was declared; `facts.as_of` is the moment of `now`."""
        ...

    def now(self) -> Mapping[str, pa.Table | None]:
        """Return what was asked for, by name; None where the record has no such table and it is optional."""
        ...

    def at(self, moment: datetime, part: str | None = None) -> Mapping[str, pa.Table | None]:
        """Return the same as it was known at an earlier moment (naive UTC, exclusive): nothing later exists.

        part : only customers the MD5 of whose id is, in hexadecimal digits, below this; None: all.
        """
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """What an estimate gives: its table, and what is to be said of it in the document (plain values only)."""

    table: pa.Table
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Why nothing can be estimated from this record, and how much of what would do."""

    reason: str
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Estimate(Measure):
    """A model as a node: to everything that reads measures it is one, with rows that `run` computes.

    Its `sql` is the empty table of its columns, so that what reads it can be checked before anything is computed.

    Parameters
    ----------
    version : raised when the same record would give other numbers.
    asks : what it looks at, by name; of those in `optional` the record may lack the tables.
    fields : the columns of its table; `customer_id` and `row_id` are what breakdowns go by.
    run : the function.
    """

    version: int
    asks: Mapping[str, Whole]
    optional: frozenset[str]
    fields: tuple[Field, ...]
    run: Callable[[Known], Made | CannotTell] = field(repr=False)

    def kept(self) -> Measure:
        """Return the same table as a query: from the file in which an audit keeps it."""
        sql = f"SELECT * FROM read_parquet('{kept_in(self.name)}')"
        return Measure(self.name, sql, self.page, self.folder, frozenset(), frozenset(), frozenset())

    @property
    def schema(self) -> pa.Schema:
        """The types of its table."""
        return pa.schema([(f.name, ARROW_TYPES[f.type]) for f in self.fields])

    def __hash__(self) -> int:
        """Hash by name: names of measures are unique."""
        return hash(self.name)


def estimate(
    *,
    asks: Mapping[str, Whole],
    fields: Sequence[Field],
    version: int = 1,
    optional: Collection[str] = (),
    rests_on: Collection[str] = (),
) -> Callable[[Callable[[Known], Made | CannotTell]], Estimate]:
    """Turn a function into an estimate of its name; the docstring is its page.

    Parameters
    ----------
    asks, fields, version, optional : see `Estimate`.
    rests_on : the declared parameters (see `measures/parameters.py`) that its numbers follow from.

    Raises
    ------
    RegistryError
        Where a column is named twice, nothing tells rows apart, or there is no page.
    """

    def declare(run: Callable[[Known], Made | CannotTell]) -> Estimate:
        name = run.__name__
        names = [f.name for f in fields]
        where = f"estimate {name}"
        if len(set(names)) != len(names) or "row_id" not in names:
            raise RegistryError("its columns need different names and a row_id", where=where, todo="mend the fields")
        if not run.__doc__:
            raise RegistryError("it has no docstring", where=where, todo="say what one row is, and how it is estimated")
        if unknown := set(optional) - asks.keys():
            raise RegistryError(f"it does not ask for {sorted(unknown)[0]}", where=where, todo="mend `optional`")
        columns = ", ".join(f"CAST(NULL AS {SQL_TYPES[f.type]}) AS {f.name}" for f in fields)
        said = "\n".join(f"- `{f.name}`: {f.meaning}" for f in fields)
        return Estimate(
            name=name,
            sql=f"SELECT {columns} WHERE FALSE",
            page=f"{cleandoc(run.__doc__)}\n\nColumns:\n\n{said}",
            folder=FOLDER,
            reads=frozenset(whole.measure for whole in asks.values()),
            needs=frozenset(whole.measure for key, whole in asks.items() if key not in optional),
            parameters=frozenset(rests_on),
            version=version,
            asks=dict(asks),
            optional=frozenset(optional),
            fields=tuple(fields),
            run=run,
        )

    return declare
