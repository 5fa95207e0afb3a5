"""Keeps the record on disk, named by its content: a killed import leaves the one before as it was."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from rapport.core.errors import InputError, OutputError
from rapport.core.run import InputFile
from rapport.core.table import Column, Role, Table, Type
from rapport.record import TABLES
from rapport.store.assembly import EXTRAS, Assembled
from rapport.store.connection import connected, literal, one_row, quoted
from rapport.store.footer import filled_cells
from rapport.store.locks import LOCK, POINTER, RECORD, alone, locked
from rapport.store.manifest import MANIFEST, Manifest, TableEntry, contents, decode, encode, identify
from rapport.store.parquet_out import sha256_of, sync, write_parquet

STAGING = ".staging-"
STANDING = ("customers", "contacts", "consents", "goals")
"""Tables that say how things stand between the two: they may be years older than the dealings that are recorded."""
LINES, ORDERS = "order_lines", "orders"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A committed record: its manifest and the Parquet files beside it."""

    manifest: Manifest

    @staticmethod
    def load(out: Path) -> Snapshot:
        """Return the record that `OUT/record/current` names."""
        pointer = out / RECORD / POINTER
        try:
            name = pointer.read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise InputError("holds no record", where=str(out), todo="run rapport audit first") from problem
        return Snapshot(decode(out / RECORD / Path(name).name))

    def damaged(self) -> tuple[str, ...]:
        """Return the files whose bytes are no longer those that were imported."""
        return tuple(
            f"{t.name}.parquet"
            for t in self.manifest.tables
            if not (self.manifest.path / f"{t.name}.parquet").is_file()
            or sha256_of(self.manifest.path / f"{t.name}.parquet") != t.sha256
        )


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Give an empty folder beside the records; it is removed afterwards, as are those of killed imports."""
    record = out / RECORD
    try:
        record.mkdir(parents=True, exist_ok=True)
        with alone(record):
            _sweep(record)
            folder = record / f"{STAGING}{secrets.token_hex(8)}"
            folder.mkdir()
            lock = locked(folder / LOCK, fcntl.LOCK_EX)
    except OSError as problem:
        raise OutputError(
            f"cannot be written: {problem.strerror}", where=str(out), todo="choose another --out"
        ) from problem
    try:
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def commit(
    out: Path,
    folder: Path,
    tables: tuple[TableEntry, ...],
    inputs: tuple[InputFile, ...],
    span: tuple[datetime | None, datetime | None],
    notes: tuple[str, ...],
) -> Manifest:
    """Make the tables in a staging folder the current record; renaming the pointer is the only moment that counts."""
    content = contents(tables, inputs, *span, notes)
    name = identify(content)
    target = out / RECORD / name
    try:
        (folder / MANIFEST).write_text(encode(content), encoding="utf-8")
        for path in sorted(folder.iterdir()):
            sync(path)
        sync(folder)
        with alone(out / RECORD):
            _settle(folder, target)
            _point(out / RECORD, name)
    except OSError as problem:
        todo = "check the free space and the permissions"
        raise OutputError(f"cannot be written: {problem.strerror}", where=str(out), todo=todo) from problem
    return decode(target)


def write_table(connection: duckdb.DuckDBPyConnection, assembled: Assembled, folder: Path) -> TableEntry:
    """Write one table into a staging folder."""
    path = folder / f"{assembled.table.name}.parquet"
    write_parquet(connection, assembled.query, path)
    relation = f"read_parquet({literal(str(path))})"
    filled = filled_cells(connection, path, relation, [*(c.name for c in assembled.table.columns), *EXTRAS])
    (rows,) = one_row(connection, f"SELECT count(*) FROM {relation}")
    return TableEntry(assembled.table.name, int(rows), sha256_of(path), filled)


def counted(connection: duckdb.DuckDBPyConnection, table: Table, path: Path) -> TableEntry:
    """Return what a table's file holds, every cell counted: rows, hash, how many rows have a value in each column."""
    names = [*(c.name for c in table.columns), *EXTRAS]
    counts = ", ".join(f"count({quoted(n)})" for n in names)
    row = one_row(connection, f"SELECT count(*), {counts} FROM read_parquet({literal(str(path))})")
    filled = {name: int(n) for name, n in zip(names, row[1:], strict=True)}
    return TableEntry(table.name, int(row[0]), sha256_of(path), filled)


def with_loose(connection: duckdb.DuckDBPyConnection, tables: Sequence[TableEntry], folder: Path) -> list[TableEntry]:
    """Return the tables, of order lines also how many are of no order in the record: no audit sees those."""
    rows = {t.name: t.rows for t in tables}
    return [replace(t, loose=_loose(connection, rows, folder)) if t.name == LINES else t for t in tables]


def _loose(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int], folder: Path) -> int:
    if ORDERS not in rows:
        return rows[LINES]
    lines, orders = (f"read_parquet({literal(str(folder / f'{name}.parquet'))})" for name in (LINES, ORDERS))
    query = f"SELECT count(*) FROM {lines} AS l ANTI JOIN {orders} AS o ON o.order_id = l.order_id"
    return int(one_row(connection, query)[0])


def recount(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """Yield each place of a manifest that is not what its files hold, with what it says and what they do.

    Raises
    ------
    InputError
        Where a file cannot be read as the table it should be.
    """
    with connected() as connection:
        for entry in manifest.tables:
            where = f"{entry.name}.parquet"
            try:
                found = counted(connection, TABLES[entry.name], manifest.path / where)
            except (duckdb.Error, KeyError) as problem:
                raise InputError("is no table of the record any more", where=where, todo="audit again") from problem
            if found.rows != entry.rows:
                yield f"{entry.name}.rows", str(entry.rows), str(found.rows)
            for name in sorted(found.filled.keys() | entry.filled.keys()):
                said, is_ = entry.filled.get(name), found.filled.get(name)
                if said != is_:
                    yield f"{entry.name}.filled.{name}", str(said), str(is_)
        for entry, now in zip(manifest.tables, with_loose(connection, manifest.tables, manifest.path), strict=True):
            if entry.loose not in (None, now.loose):
                yield f"{entry.name}.loose", str(entry.loose), str(now.loose)
        low, high = span_of(connection, manifest.tables, manifest.path)
        for name, stated, is_so in (("earliest", manifest.earliest, low), ("latest", manifest.latest, high)):
            if stated != is_so:
                yield name, str(stated), str(is_so)


def span_of(
    connection: duckdb.DuckDBPyConnection, tables: tuple[TableEntry, ...], folder: Path
) -> tuple[datetime | None, datetime | None]:
    """Return the earliest event and the latest thing that happened; plans and attributes do not count.

    That somebody was a customer, or gave consent, long before is no beginning of the record: where other tables have
    events, theirs say when it begins.
    """
    queries = [
        f"SELECT {f'min({quoted(c.name)})' if c.role is Role.EVENT else 'NULL'}::TIMESTAMP AS low, "
        f"max({quoted(c.name)})::TIMESTAMP AS high, {t.name not in STANDING} AS happens "
        f"FROM read_parquet({literal(str(folder / f'{t.name}.parquet'))})"
        for t in tables
        for c in _happenings(TABLES[t.name])
    ]
    if not queries:
        return None, None
    span = "coalesce(min(low) FILTER (happens), min(low)), max(high)"
    low, high = one_row(connection, f"SELECT {span} FROM ({' UNION ALL '.join(queries)})")
    return low, high


def _happenings(table: Table) -> list[Column]:
    """Return the columns that say when something happened: events, and outcomes with a time of their own."""
    times = [c for c in table.columns if c.type in {Type.TIME, Type.DAY}]
    return [c for c in times if c.role is Role.EVENT or (c.role is Role.OUTCOME and c.of is None)]


def _settle(folder: Path, target: Path) -> None:
    """Rename a staging folder into place; a sound record of the same name is kept, a damaged one replaced."""
    (folder / LOCK).unlink(missing_ok=True)
    while True:
        try:
            folder.rename(target)
        except OSError:
            if _sound(target):
                return
            shutil.rmtree(target, ignore_errors=True)
        else:
            sync(target.parent)
            return


def _sound(target: Path) -> bool:
    try:
        return not Snapshot(decode(target)).damaged()
    except InputError:
        return False


def _point(record: Path, name: str) -> None:
    temporary = record / f"{STAGING}{secrets.token_hex(8)}"
    with temporary.open("w", encoding="utf-8") as out:
        out.write(name + "\n")
        out.flush()
        os.fsync(out.fileno())
    temporary.rename(record / POINTER)
    sync(record)


def _sweep(record: Path) -> None:
    """Remove what killed imports left: a staging folder whose lock nobody holds."""
    for entry in record.glob(f"{STAGING}*"):
        if entry.is_file():
            entry.unlink(missing_ok=True)
        elif not _held(entry):
            shutil.rmtree(entry, ignore_errors=True)


def _held(folder: Path) -> bool:
    try:
        os.close(locked(folder / LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
