"""Writes a company of any size as Parquet, a block of customers at a time: memory does not grow with the company."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from rapport.core.errors import UsageError
from rapport.worlds.building import Blueprint, blueprint
from rapport.worlds.files import BY_SOURCE, write_truth

BLOCK = 50_000
"""So many customers live at once, in about 3 GB; a company of up to so many is built whole."""

WHOLE = ("concentration", "consent")
"""What is planted into a company as a whole: the largest customer, a number of letters."""

SHARED = ("product_id",)
"""Ids that mean the same in all blocks."""


def in_blocks(
    name: str,
    customers: int,
    months: int = 24,
    seed: int = 1,
    plants: Mapping[str, float | None] | None = None,
    twin: str | None = None,
) -> Blueprint:
    """Return a company that is to be built in blocks.

    Raises
    ------
    UsageError
        Where `build` raises it, and for what only a company that is held whole can have.
    """
    made = blueprint(name, customers, months, seed, plants, twin)
    whole = [plant["id"] for plant in made.planted if plant["id"] in WHOLE]
    todo = f"ask for at most {BLOCK:,} customers, or leave it out"
    if whole:
        raise UsageError(f"{whole[0]} cannot be planted into so large a company", where="--plant", todo=todo)
    if twin not in (None, "clean"):
        raise UsageError(f"so large a company has no {twin} twin", where="--twin", todo=todo)
    return made


def write_in_blocks(
    made: Blueprint, folder: Path, progress: Callable[[str, float], None] = lambda stage, share: None
) -> tuple[dict[str, Any], dict[str, int]]:
    """Write a company into a folder; return its truth and how many rows each table has.

    Every table is Parquet with a row group for each block, in the order of its ids. The same company gives the same
    bytes, whatever the machine. Ids carry the number of their block after the first letter. The customers of the first
    block are those of a company that is as large as it.
    """
    for plant in made.planted:
        plant["oracle"] = None
    folder.mkdir(parents=True, exist_ok=True)
    sizes = _sizes(made.customers)
    counted: list[dict[str, str]] = []
    truths: list[pa.Table] = []
    with _Files(folder) as files:
        for block, size in enumerate(sizes):
            progress(f"inventing {made.company.name}", block / len(sizes))
            tables, totals, truth = made.record(size, block)
            for table, rows in tables.items():
                files.append(table, _numbered(rows, block, len(sizes)))
            counted.append(totals)
            truths.append(_numbered(truth, block, len(sizes)))
            del tables
    told, truth = made.told(pa.concat_tables(truths)), pa.concat_tables(truths)
    declared = made.declared({key: str(sum(Decimal(totals[key]) for totals in counted)) for key in counted[0]})
    (folder / "rapport.toml").write_text(declared, encoding="utf-8")
    write_truth(told, truth, folder)
    progress(f"inventing {made.company.name}", 1.0)
    return told, files.rows


@dataclass(slots=True)
class _Files:
    """Parquet files that grow block by block; `rows` counts those of each table."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    _open: dict[Path, pyarrow.parquet.ParquetWriter] = field(default_factory=dict)
    _closing: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *problem: object) -> None:
        self._closing.close()

    def append(self, name: str, table: pa.Table) -> None:
        """Add the rows of one block to a table."""
        self.rows[name] = self.rows.get(name, 0) + table.num_rows
        for file, rows in _parts(name, table.sort_by([(table.column_names[0], "ascending")])):
            path = self.folder / file
            if path not in self._open:
                path.parent.mkdir(exist_ok=True)
                writer = pyarrow.parquet.ParquetWriter(path, rows.schema)
                self._open[path] = self._closing.enter_context(writer)
            self._open[path].write_table(rows)


def _parts(name: str, table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Yield the name of each file of a table and its rows: one file, or one for each source."""
    if name not in BY_SOURCE:
        yield f"{name}.parquet", table
        return
    sources = table[BY_SOURCE[name]]
    for source in sorted(pc.unique(sources).to_pylist()):
        yield f"{name}/{source}.parquet", table.filter(pc.equal(sources, source))


def _sizes(customers: int) -> list[int]:
    """Return blocks of nearly the same size: a block of three customers would be no company."""
    blocks = -(-customers // BLOCK)
    return [int(size) for size in np.diff(np.arange(blocks + 1) * customers // blocks)]


def _numbered(table: pa.Table, block: int, of: int) -> pa.Table:
    """Return the rows of a block with its number in every id, so that no two blocks share one; e-mails likewise."""
    if of == 1:
        return table
    number = f"{block:0{len(str(of - 1))}d}"
    for place, name in enumerate(table.column_names):
        if name.endswith("_id") and name not in SHARED:
            table = table.set_column(place, name, pc.utf8_replace_slice(table[name], 1, 1, number))
        elif name == "email":
            table = table.set_column(place, name, pc.replace_substring(table[name], "@", f".{number}@"))
    return table
