"""Lumen & Loom, a shop for home textiles that does not exist: built in seconds, with or without things gone wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from rapport.core.errors import UsageError
from rapport.worlds.clock import DAY, month_starts, seconds, to_utc
from rapport.worlds.declared import declarations
from rapport.worlds.export import known_by
from rapport.worlds.life import live
from rapport.worlds.plants import PLANTS
from rapport.worlds.rules import Levers
from rapport.worlds.streams import Streams
from rapport.worlds.tables import tables_of

END = date(2026, 5, 1)
_CENT = Decimal("0.01")
AS_PARQUET = ("order_lines", "messages", "touches")
BY_SOURCE = {"orders": "channel"}


@dataclass(frozen=True, slots=True)
class World:
    """A company's record, what it declares, and the truth that no record shows."""

    tables: dict[str, pa.Table]
    declarations_toml: str
    truth: dict[str, Any]


def build(customers: int = 3000, months: int = 24, seed: int = 1, plants: Mapping[str, float] | None = None) -> World:
    """Return the shop with defects planted in it: audit id and dose. No plants: a healthy company.

    The same arguments give the same world; a plant changes what it causes and nothing else.
    """
    wanted = dict(plants or {})
    unknown = [id_ for id_ in wanted if id_ not in PLANTS]
    if unknown:
        raise UsageError(f"nothing to plant is called {unknown[0]!r}", todo=f"choose from {', '.join(PLANTS)}")
    starts = month_starts(END, months)
    end = seconds(END)
    levers = Levers(ago=lambda back: end - int(back * 30.4375) * DAY)
    for id_, dose in wanted.items():
        PLANTS[id_].apply(levers, dose)
    streams = Streams(seed)
    life = live(streams, levers, customers, starts)
    limit = int(to_utc(np.array([end]))[0])
    tables = known_by(tables_of(life, streams), limit)
    for name, deed in levers.deeds:
        tables = deed(tables, streams.pack(f"spoil/{name}"))
    totals = {
        "orders_count": str(tables["orders"].num_rows),
        "orders_amount": str(pc.sum(tables["orders"]["amount"]).as_py().quantize(_CENT)),
    }
    for name, spoil in levers.spoils:
        tables = spoil(tables, streams.pack(f"spoil/{name}"))
    truth = {
        "company": "Lumen & Loom",
        "seed": seed,
        "customers": customers,
        "months": months,
        "start": starts[0].isoformat(),
        "end": END.isoformat(),
        "planted": [_said(id_, dose) for id_, dose in wanted.items()],
        "satisfaction": [round(float(s), 4) for s in life.content],
    }
    years = range(starts[0].year, END.year + 1)
    return World({name: _sorted(table) for name, table in tables.items()}, declarations(END, years, totals), truth)


def write(world: World, folder: Path) -> None:
    """Write the world as a company would export it: some tables as CSV, some as Parquet, orders one file a channel."""
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


def _said(id_: str, dose: float) -> dict[str, Any]:
    plant = PLANTS[id_]
    return {"id": id_, "dose": dose, "unit": plant.unit, "says": plant.says, "scope": dict(plant.scope)}


def _sorted(table: pa.Table) -> pa.Table:
    return table.sort_by([(table.column_names[0], "ascending")])
