"""Files that already look like the record: their names are a table's, and their columns are the table's columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from rapport.core.source import FileProfile, Reading, TableMapping
from rapport.core.table import Table, Type
from rapport.record import TABLES
from rapport.sources.formats import reading_as
from rapport.sources.names import quoted


def table_named(file: str) -> Table | None:
    """Return the table that a file is named after: `orders.csv`, `Orders.XLSX`, or any file in a folder `orders`."""
    path = PurePosixPath(file.replace("\\", "/"))
    for name in (path.name.split(".")[0], path.parent.name):
        if name.strip().lower() in TABLES:
            return TABLES[name.strip().lower()]
    return None


def identity_mapping(profile: FileProfile, readings: Mapping[str, Reading]) -> TableMapping | None:
    """Return the mapping of a file to the table it is named after, column by column; None where it is no such file.

    Names are compared without regard to case. Columns that the table does not know are read as text and left to the
    store, which keeps them in `attributes`. A file that lacks a required column is no such file.
    """
    table = table_named(profile.name)
    if table is None:
        return None
    columns = {column.name.strip().lower(): column for column in profile.columns}
    if any(name not in columns for name in table.required):
        return None
    found = {column.name: columns[column.name] for column in table.columns if column.name in columns}
    known = {name: reading_as(column, table.column(name).type, readings.values()) for name, column in found.items()}
    reads = {reading.column: reading for reading in known.values()}
    for column in profile.columns:
        reads.setdefault(column.name, readings.get(column.name, Reading(column.name, column.native or Type.TEXT)))
    return TableMapping(
        profile.name,
        table.name,
        {name: quoted(column.name) for name, column in found.items()},
        readings=reads,
        reasons=(f"named like the table {table.name}, with its columns",),
    )
