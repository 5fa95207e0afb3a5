"""Opens the engine that reads files and answers queries: in memory, in UTC, never on the network."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from rapport.core.errors import QueryError, stopped_by_hand

Connection = duckdb.DuckDBPyConnection
T = TypeVar("T")
MOST_MEMORY = 3000


def connect(
    threads: int | None = None, memory: str | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a new in-memory connection that spills to a temporary folder and never loads an extension.

    Parameters
    ----------
    threads : how many threads may work; None: as many as the machine has.
    memory : the most memory the engine may hold (`"1200MB"`), None: 3 GB and at most half of what the machine has;
        what does not fit goes to `spill`. It keeps what it has taken until it is closed: to give memory back after
        every query and be given it again took one second in twenty.
    spill : the folder for what does not fit; None: the system's temporary folder.
    """
    most = memory or f"{_memory()}MB"
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
        "memory_limit": most,
        "block_allocator_memory": most,
        "temp_directory": str(spill or Path(tempfile.gettempdir()) / "rapport-spill"),
    }
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


@contextmanager
def connected(threads: int | None = None, spill: Path | None = None) -> Iterator[Connection]:
    """Give a connection as `connect` makes it. What stops the work stops the engine too, which else would finish."""
    connection = connect(threads, spill=spill)
    try:
        yield connection
    except BaseException:
        connection.interrupt()
        raise
    finally:
        connection.close()


def one_row(connection: Connection, sql: str) -> tuple[Any, ...]:
    """Return the first row of a query, empty where it has none. All are fetched: else DuckDB 2 refuses other work."""
    rows = connection.execute(sql).fetchall()
    return rows[0] if rows else ()


def tried(connection: Connection, run: Callable[[], T], what: str) -> T:
    """Return what a query on a connection gives; `what` names the measure that it is about.

    Raises
    ------
    QueryError
        Where the engine refuses it.
    KeyboardInterrupt
        For Ctrl-C, of which the engine makes a RuntimeError that nobody may take for a mistake in the query.
    """
    try:
        return run()
    except duckdb.Error as problem:
        raise QueryError(first_line(problem), where=f"measure {what}", todo="see the query") from problem
    except RuntimeError as problem:
        if stopped_by_hand(problem):
            connection.interrupt()
            raise KeyboardInterrupt from problem
        raise


def _memory() -> int:
    """Return how many megabytes the engine may hold."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return max(256, min(MOST_MEMORY, machine // 2))


def quoted(name: str) -> str:
    """Return a name as SQL writes it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def first_line(problem: BaseException) -> str:
    """Return the first line of what an engine said, without the name of the class."""
    text = str(problem).strip().splitlines() or [type(problem).__name__]
    return text[0].removeprefix("Invalid Input Error: ").removeprefix("IO Error: ")
