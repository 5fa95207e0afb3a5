"""What the engine is given: an opened record, what came in, and what was declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapport.core.declarations import Facts
from rapport.core.run import InputFile, Snapshot
from rapport.store.database import Database


@dataclass(frozen=True, slots=True)
class Record:
    """A snapshot opened for an audit.

    Parameters
    ----------
    database : runs measures on the snapshot.
    filled : for each table with rows, how many values each column holds.
    snapshot : the tables with their rows and hashes.
    inputs : what became of each source file's rows.
    facts : the view, the period, and what was declared.
    backend : the engine that runs the SQL, with its version.
    notes : what the import said.
    given_as_of, given_since : the dates as they were given, None where they were not.
    """

    database: Database
    filled: Mapping[str, Mapping[str, int]]
    snapshot: Snapshot
    inputs: tuple[InputFile, ...]
    facts: Facts
    backend: str
    notes: tuple[str, ...] = ()
    given_as_of: str | None = None
    given_since: str | None = None
