"""Runs a printed query as somebody would paste it, where it can read the record's files and do nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from rapport.core.canonical import digest
from rapport.core.errors import QueryError
from rapport.store.connection import connect, first_line, literal

Row = dict[str, Any]


class Sealed:
    """An engine of its own for text that nobody vouches for: one SELECT at a time, over the files named and no others.

    Parameters
    ----------
    root : the folder that paths in the text are relative to, whatever lies in the folder one stands in.
    files : the files that may be read, relative to `root`.
    """

    def __init__(self, root: Path, files: Iterable[Path]) -> None:
        self._paths = {literal(str(file)): literal(str(root / file)) for file in files}
        self._connection = connect()
        for setting in (
            f"allowed_paths = [{', '.join(self._paths.values())}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def run(self, sql: str) -> tuple[list[Row], str]:
        """Run a query and return its rows and their SHA-256.

        Raises
        ------
        QueryError
            Where the text is anything but one SELECT, reads what it may not, or fails.
        """
        for file, path in self._paths.items():
            sql = sql.replace(file, path)
        try:
            statements = self._connection.extract_statements(sql)
            if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
                raise QueryError("is not one SELECT, and was not run", todo="see the query")
            done = self._connection.execute(statements[0])
            names = [d[0] for d in done.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
        except duckdb.Error as problem:
            raise QueryError(f"does not run ({first_line(problem)})", todo="see the query") from problem
        return rows, digest(rows)

    def close(self) -> None:
        """Close the engine."""
        self._connection.close()
