"""Keeps the tables that models computed: sorted, rounded as every number that leaves the store, one file each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.core.canonical import SIGNIFICANT_DIGITS, WITHOUT_DUST
from rapport.measures.estimate import kept_in
from rapport.store.parquet_out import write_parquet

GIVEN = "given_estimate"


def settled(given: pa.Table) -> pa.Table:
    """Return a table with its numbers rounded like those of `audit.json`, NaN as unknown.

    What a model reads is rounded too: in whatever order threads summed it, equal means stay equal.
    """
    table = given.combine_chunks()
    for place, column in enumerate(table.schema):
        if pa.types.is_floating(column.type):
            values = table.column(place).to_numpy(zero_copy_only=False)
            rounded = _rounded(_rounded(values, WITHOUT_DUST), SIGNIFICANT_DIGITS)
            table = table.set_column(place, column, pa.array(rounded, mask=~np.isfinite(values)))
    return table


def _rounded(values: NDArray[Any], digits: int) -> NDArray[Any]:
    """Return numbers with so many significant digits; zeros and what is no number stay."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where((values != 0) & np.isfinite(values), np.floor(np.log10(np.abs(values))), 0)
        unit = 10.0 ** (digits - 1 - size)
        near = np.rint(values * unit) / unit
    return np.where(np.isfinite(near), near, values)


def keep(connection: duckdb.DuckDBPyConnection, name: str, made: pa.Table, root: Path | None) -> None:
    """Make a temporary table of what an estimate gave, in the order of `row_id`, its numbers rounded.

    With `root` it is read from the file in which it is kept.
    """
    connection.register(GIVEN, settled(made.sort_by("row_id")))
    try:
        source = GIVEN
        if root is not None:
            file = root / kept_in(name)
            file.parent.mkdir(exist_ok=True)
            write_parquet(connection, f"SELECT * FROM {GIVEN}", file)
            source = f"read_parquet('{kept_in(name)}')"
        connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM {source}')
    finally:
        connection.unregister(GIVEN)
