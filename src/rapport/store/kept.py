"""Keeps the typed cells of a file that is read more than once, so that its text is parsed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import duckdb

from rapport.core.source import Reading
from rapport.core.table import Type
from rapport.store.profile import Parse
from rapport.store.raw import RawFile
from rapport.store.typing import MOST_DOUBTFUL, TypedFile, typed


class Kept:
    """The typed cells that were made so far.

    Parameters
    ----------
    connection : where they are kept, as temporary tables.
    parse : returns the SQL that reads a text.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, parse: Parse) -> None:
        self._connection = connection
        self._parse = parse
        self._kept: dict[tuple[str, str], list[TypedFile]] = {}
        self._number = 0

    def cells(
        self,
        raw: RawFile,
        names: Iterable[str],
        readings: Mapping[str, Reading],
        zone: str,
        attributes: Iterable[str] = (),
        *,
        again: bool = True,
    ) -> TypedFile:
        """Return a file's typed cells; with `again` they are kept, since somebody will ask once more."""
        wanted, texts = tuple(names), tuple(attributes)
        asked = {**readings, **{name: Reading(name, Type.TEXT) for name in texts}}
        mine = self._kept.setdefault((raw.name, zone), [])
        for one in mine:
            if one.serves((*wanted, *texts), asked):
                return one
        made = typed(raw, wanted, readings, self._parse, zone, texts)
        if made.cheap:
            mine.append(made)
            return made
        if not again or len(raw.columns) > MOST_DOUBTFUL:
            return made
        self._number += 1
        name = f"typed_{self._number}"
        self._connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {made.relation}")
        mine.append(replace(made, relation=name))
        return mine[-1]
