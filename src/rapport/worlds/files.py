"""Writes a company as it would export itself: some tables as CSV, some as Parquet, orders one file a channel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from rapport.record import TABLES
from rapport.worlds.company import World

TRUTH = "truth.json"
TRUTH_FOLDER = "truth"
AS_PARQUET = ("order_lines", "messages", "touches", "usage", "events")
BY_SOURCE = {"orders": "channel"}


def write(world: World, folder: Path) -> None:
    """Write the tables, `rapport.toml` and, beside them, the truth, which no audit reads.

    `truth.json` says what is planted; `truth/customers.parquet` how content each customer really is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in world.tables.items():
        if name in BY_SOURCE:
            (folder / name).mkdir(exist_ok=True)
            for source in sorted(pc.unique(table[BY_SOURCE[name]]).to_pylist()):
                part = table.filter(pc.equal(table[BY_SOURCE[name]], source))
                pyarrow.parquet.write_table(part, folder / name / f"{source}.parquet")
        elif name in AS_PARQUET:
            pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
        else:
            pyarrow.csv.write_csv(table, folder / f"{name}.csv")
    (folder / "rapport.toml").write_text(world.declarations_toml, encoding="utf-8")
    write_truth(world.truth, world.customers, folder)


def write_truth(truth: Mapping[str, Any], customers: pa.Table, folder: Path) -> None:
    """Write what is planted, and how content each customer really is."""
    (folder / TRUTH_FOLDER).mkdir(exist_ok=True)
    pyarrow.parquet.write_table(customers, folder / TRUTH_FOLDER / "customers.parquet")
    (folder / TRUTH).write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def clear(folder: Path) -> None:
    """Remove the company that was written into a folder before, so that none of its tables outlives it."""
    for name in (*TABLES, TRUTH_FOLDER):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        for suffix in (".csv", ".parquet"):
            (folder / f"{name}{suffix}").unlink(missing_ok=True)
