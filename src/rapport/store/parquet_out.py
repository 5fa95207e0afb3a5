"""Writes a table as a Parquet file whose bytes depend on the rows, and on how they lie where they come from, alone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import duckdb

from rapport.core.errors import OutputError
from rapport.store.connection import first_line, literal

ROW_GROUP = 122_880
CHUNK = 1 << 20


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Write an ordered query with fixed row groups; the bytes are the same with any number of threads."""
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP}"
    try:
        connection.execute(f"COPY ({query}) TO {literal(str(target))} ({options})")
    except duckdb.Error as problem:
        todo = "check the free space and the permissions"
        raise OutputError(f"cannot be written ({first_line(problem)})", where=target.name, todo=todo) from problem


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    hashed = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def sync(path: Path) -> None:
    """Make sure that a file or the entries of a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
