"""Runs texts on a connection and gives what they return in the shape that is wanted: rows, numbers, or arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from rapport.store.answers import Row, Table
from rapport.store.connection import Connection, tried

BATCH = 1 << 17
"""Rows that leave the engine at a time where what is made of them takes less room than they do."""

HEAD = 10_000
"""Rows that are looked at first to see which columns hold a value: few columns are empty there and filled later."""


class Runner:
    """Runs SQL on one connection; `what` names the measure that a text is about, for what is said where it fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def do(self, sql: str, what: str) -> None:
        """Run a statement that gives no rows."""
        tried(self._connection, lambda: self._connection.execute(sql), what)

    def arrow(self, sql: str, what: str) -> pa.Table:
        """Run a query and return its rows, which are never objects of Python."""
        return tried(self._connection, lambda: self._connection.sql(sql).to_arrow_table(), what)

    def rows(self, sql: str, what: str) -> list[Row]:
        """Run a query and return its rows, each by the names of its columns."""
        return self.table(sql, what).by_name()

    def table(self, sql: str, what: str) -> Table:
        """Run a query and return its rows, with the names of its columns once."""

        def fetched() -> Table:
            done = self._connection.execute(sql)
            return Table([d[0] for d in done.description or []], done.fetchall())

        return tried(self._connection, fetched, what)

    def numbers(self, sql: str, what: str) -> np.ndarray[Any, Any]:
        """Return the one column of a query as numbers, NaN where there is none."""
        columns = tried(self._connection, lambda: self._connection.execute(sql).fetchnumpy(), what)
        found = next(iter(columns.values()))
        return np.ma.filled(found, np.nan) if isinstance(found, np.ma.MaskedArray) else found

    def batches(self, sql: str, what: str) -> Iterator[pa.Array]:
        """Yield the one column of a query as it is, some rows at a time, all of which must be taken."""
        reader = tried(self._connection, lambda: self._connection.sql(sql).to_arrow_reader(BATCH), what)
        while (batch := tried(self._connection, lambda: next(reader, None), what)) is not None:
            yield batch.column(0)

    def types(self, name: str) -> dict[str, str]:
        """Return the SQL type of each column of a table."""
        return {row["column_name"]: row["column_type"] for row in self.rows(f'DESCRIBE "{name}"', name)}

    def size(self, name: str) -> int:
        """Return how many rows a table has."""
        ((rows,),) = self.table(f'SELECT COUNT(*) FROM "{name}"', name).rows
        return int(rows)

    def filled(self, name: str) -> dict[str, int]:
        """Return, for each column of a table, whether any row holds a value; `*` is the number of rows."""
        rows, columns = self.size(name), self.types(name)
        found = {"*": rows, **self._held(name, columns, f'(SELECT * FROM "{name}" LIMIT {HEAD})')}
        rest = [column for column in columns if not found[column]] if rows > HEAD else []
        return {**found, **self._held(name, rest, f'"{name}"')}

    def _held(self, name: str, columns: Collection[str], relation: str) -> dict[str, int]:
        """Return which columns hold a value in any row of a relation."""
        if not columns:
            return {}
        counts = ", ".join(f'COUNT("{column}") > 0' for column in columns)
        (found,) = self.table(f"SELECT {counts} FROM {relation}", name).rows
        return {column: int(holds) for column, holds in zip(columns, found, strict=True)}
