"""Lets one process at a time write where two would mix their results; the locks of a killed one are released."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rapport.core.errors import OutputError

RECORD = "record"
POINTER = "current"
LOCK = ".lock"
AUDITING = ".audit"


@contextmanager
def sole(out: Path) -> Iterator[None]:
    """Let one audit at a time write into a folder; a second one is refused, and a failed first one leaves nothing.

    Two that wrote at once would leave the report of one beside the record of the other.
    """
    record = out / RECORD
    new = not out.exists()
    try:
        record.mkdir(parents=True, exist_ok=True)
        lock = locked(record / AUDITING, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        todo = "wait until it is done, or choose another --out"
        raise OutputError("another audit is writing into it", where=str(out), todo=todo) from problem
    except OSError as problem:
        reason = f"cannot be written: {problem.strerror}"
        raise OutputError(reason, where=str(out), todo="choose another --out") from problem
    try:
        yield
    finally:
        if not (record / POINTER).exists():
            _forsake(record, whole=new)
        os.close(lock)


def _forsake(record: Path, *, whole: bool) -> None:
    """Remove what an audit made that came to nothing; a folder with anything else in it stays."""
    for name in (AUDITING, LOCK):
        (record / name).unlink(missing_ok=True)
    with suppress(OSError):
        record.rmdir()
        if whole:
            record.parent.rmdir()


@contextmanager
def alone(record: Path) -> Iterator[None]:
    """Let one import at a time begin or commit; the lock of a killed one is released by the system."""
    lock = locked(record / LOCK, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(lock)


def locked(path: Path, how: int) -> int:
    """Return an open file that holds a lock; closing it releases the lock."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, how)
    except OSError:
        os.close(handle)
        raise
    return handle
