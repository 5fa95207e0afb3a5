"""The list of contents of a record: its tables, how full they are, and the files they came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rapport.core.canonical import canonical, digest
from rapport.core.errors import InputError
from rapport.core.run import InputFile

MANIFEST = "manifest.json"
FORMAT = "rapport.record/1"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of the record: its rows, its file's hash, and how many rows have a value in each column.

    `loose` is how many of its rows are of an order that the record does not have; None: not found out.
    """

    name: str
    rows: int
    sha256: str
    filled: Mapping[str, int]
    loose: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a record holds. `id` is the hash of everything else but `path`, so equal records have equal ids."""

    id: str
    path: Path
    tables: tuple[TableEntry, ...]
    inputs: tuple[InputFile, ...]
    earliest: datetime | None
    latest: datetime | None
    notes: tuple[str, ...] = field(default=())

    def table(self, name: str) -> TableEntry | None:
        """Return a table's entry, None where the record does not have it."""
        return next((t for t in self.tables if t.name == name), None)

    def files(self) -> dict[str, Path]:
        """Return the Parquet file of every table."""
        return {t.name: self.path / f"{t.name}.parquet" for t in self.tables}


def contents(
    tables: tuple[TableEntry, ...],
    inputs: tuple[InputFile, ...],
    earliest: datetime | None,
    latest: datetime | None,
    notes: tuple[str, ...],
) -> dict[str, Any]:
    """Return what a record is identified by."""
    return {
        "format": FORMAT,
        "tables": tables,
        "inputs": inputs,
        "earliest": earliest,
        "latest": latest,
        "notes": notes,
    }


def identify(content: Mapping[str, Any]) -> str:
    """Return the id of a record with this content."""
    return digest(content)


def encode(content: Mapping[str, Any]) -> str:
    """Return the text of `manifest.json`."""
    return canonical({"id": identify(content), **content}) + "\n"


def decode(path: Path) -> Manifest:
    """Read the manifest in the folder `path`; one that was changed by hand is refused."""
    file = path / MANIFEST
    todo = "import the sources again"
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        given = read.pop("id")
        tables = tuple(TableEntry(**t) for t in read["tables"])
        inputs = tuple(InputFile(**{**i, "notes": tuple(i["notes"])}) for i in read["inputs"])
        earliest, latest = (datetime.fromisoformat(t) if t else None for t in (read["earliest"], read["latest"]))
    except FileNotFoundError as problem:
        raise InputError("is missing", where=str(file), todo=todo) from problem
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise InputError("is damaged", where=str(file), todo=todo) from problem
    if identify(read) != given:
        raise InputError("was changed after the import", where=str(file), todo=todo)
    return Manifest(given, path, tables, inputs, earliest, latest, tuple(read["notes"]))
