"""Importing for tests: files written inline, brought into a record, and the record read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rapport.app.ingest import Imported, ingest
from rapport.core.declarations import Declarations
from rapport.core.run import InputFile
from rapport.core.source import TableMapping

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Row = dict[str, Any]


def needs(folder: str) -> Path:
    """Return a folder of the real data; the test is skipped where it is not there."""
    path = DATA / folder
    if not path.is_dir():
        pytest.skip(f"the real data are not here ({path})")
    return path


@dataclass(frozen=True)
class Brought:
    """What came of an import: the record's tables and the rejects as lists of rows."""

    imported: Imported
    out: Path

    def rows(self, table: str, columns: str = "*") -> list[Row]:
        """Return the rows of a table."""
        return query(f"SELECT {columns} FROM read_parquet('{self.imported.manifest.path}/{table}.parquet')")

    def rejects(self) -> list[Row]:
        """Return the rejected lines."""
        return query(f"SELECT * FROM read_parquet('{self.out}/rejects.parquet')")

    def input(self, name: str) -> InputFile:
        """Return what became of one file."""
        return next(i for i in self.imported.manifest.inputs if i.source == name)


def query(sql: str) -> list[Row]:
    """Run a query and return its rows."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        done = connection.execute(sql)
        names = [d[0] for d in done.description or []]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def bring(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    declared: Declarations | None = None,
    mappings: Sequence[TableMapping] = (),
    threads: int | None = None,
) -> Brought:
    """Write files into `folder/in`, import them into `folder/out`, and check that no line is lost."""
    source = folder / "in"
    for name, content in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    source.mkdir(exist_ok=True)
    return bring_folder(source, folder / "out", declared=declared, mappings=mappings, threads=threads)


def bring_folder(
    source: Path,
    out: Path,
    *,
    declared: Declarations | None = None,
    mappings: Sequence[TableMapping] = (),
    threads: int | None = None,
) -> Brought:
    """Import a folder, a file or a zip, and check that no line is lost."""
    imported = ingest(source, out, declared=declared, mappings=mappings, threads=threads)
    done = Brought(imported, out)
    rejects = done.rejects()
    for one in imported.manifest.inputs:
        assert one.rows == one.used + one.rejected
        assert one.rejected == sum(r["source"] == one.source and not r["used_elsewhere"] for r in rejects)
    return done
