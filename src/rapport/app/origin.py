"""Remembers where the files of an audit lay, so that it can be seen later whether they are still the same."""

from __future__ import annotations

import os
from pathlib import Path

from rapport.core.errors import OutputError
from rapport.store.locks import RECORD

ORIGIN = "source"


def remember(source: Path, out: Path) -> None:
    """Write the path of the source into `OUT/record/source`; of one that lies in `OUT`, the path from there."""
    inside, within = source.resolve(), out.resolve()
    path = inside.relative_to(within) if inside.is_relative_to(within) else inside
    try:
        (out / RECORD / ORIGIN).write_bytes(os.fsencode(path))
    except OSError as problem:
        todo = "check the free space and the permissions"
        raise OutputError(f"cannot be written: {problem.strerror}", where=str(out), todo=todo) from problem


def origin(record: Path) -> Path | None:
    """Return the path of the source of a record folder, None where it does not say or nothing is there any more."""
    try:
        path = record.parent / os.fsdecode((record / ORIGIN).read_bytes())
        return path if path.exists() else None
    except (OSError, ValueError):
        return None
