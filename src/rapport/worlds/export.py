"""How the shop's systems export what happened: one table for each kind of thing, up to the day of the export."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.core.table import Role, Type
from rapport.record import TABLES
from rapport.worlds.clock import NEVER, to_utc
from rapport.worlds.rules import Tables
from rapport.worlds.streams import Bools, Ints

MOMENT = pa.timestamp("s", tz="UTC")
MONEY = pa.decimal128(18, 4)


def moment(local: Ints) -> pa.Array:
    """Return local seconds as UTC times, empty where it never happened."""
    return pa.array(to_utc(local), pa.int64(), mask=local == NEVER).cast(MOMENT)


def money(amount: Any, known: Bools | None = None) -> pa.Array:
    """Return amounts as decimals, to the cent; empty where `known` is false."""
    cents = np.round(np.asarray(amount) * 100).astype(np.int64)
    exact = pa.array(cents, pa.int64(), mask=None if known is None else ~known).cast(pa.decimal128(19, 0))
    return pc.multiply(exact, pa.scalar("0.01", pa.string()).cast(pa.decimal128(3, 2))).cast(MONEY)


def added_up(amounts: pa.ChunkedArray) -> str:
    """Return the sum of amounts to the cent, as a company would declare it."""
    return str((pc.sum(amounts).as_py() or Decimal(0)).quantize(Decimal("0.01")))


def text(values: Any, known: Bools | None = None) -> pa.Array:
    """Return text; empty where `known` is false."""
    return pa.array(np.asarray(values).astype(object), pa.string(), mask=None if known is None else ~known)


def ids(letter: str, month: int, who: Ints, slot: Ints) -> list[str]:
    """Return ids that belong to the slot, so that the same order keeps its id whatever else changes."""
    return [f"{letter}{month:02d}{w:06d}{s}" for w, s in zip(who.tolist(), slot.tolist(), strict=True)]


def stacked(parts: Iterable[dict[str, Any]]) -> pa.Table:
    """Return one table of the rows of every part; ids of which a part has none are text like the others."""
    table = pa.concat_tables([pa.table(part) for part in parts], promote_options="permissive")
    known = [pa.field(f.name, pa.string()) if pa.types.is_null(f.type) else f for f in table.schema]
    return table.cast(pa.schema(known))


def known_by(tables: Tables, end: int) -> Tables:
    """Return what was known at `end` (UTC seconds): later rows are not there, later outcomes are empty."""
    limit = pa.scalar(end, pa.int64()).cast(MOMENT)
    return {name: _known_by(name, table, limit) for name, table in tables.items()}


def _known_by(name: str, table: pa.Table, limit: pa.Scalar) -> pa.Table:
    spec = TABLES[name]
    event = spec.event
    if event in table.column_names:
        table = table.filter(pc.fill_null(pc.less(table[event].cast(MOMENT), limit), True))
    seen = {
        column.name: pc.fill_null(pc.less(table[column.name], limit), False)
        for column in spec.columns
        if column.role is Role.OUTCOME and column.type is Type.TIME and column.name in table.column_names
    }
    for place, column in enumerate(table.column_names):
        declared = spec.column(column) if any(c.name == column for c in spec.columns) else None
        if declared is not None and declared.role is Role.OUTCOME and (declared.of or column) in seen:
            kept = pc.if_else(seen[declared.of or column], table[column], pa.scalar(None, table[column].type))
            table = table.set_column(place, column, kept)
    return table
