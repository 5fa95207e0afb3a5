"""One source's clock is an hour off since the clocks changed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.record import TABLES
from rapport.worlds.clock import HOUR, seconds
from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables

WINTER_TIME = date(2025, 10, 26)


def clock_shift(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Set every time of one channel's rows `dose` hours later since the last change to winter time."""
    since = seconds(WINTER_TIME)

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        name, channel = plant.scope["table"], plant.scope["channel"]
        rows, happened = tables[name], TABLES[name].event
        shifted = pc.and_(
            pc.equal(rows["channel"], channel),
            pc.greater_equal(rows[happened], pa.scalar(since, pa.int64()).cast(MOMENT)),
        )
        by = pa.scalar(int(dose * HOUR), pa.duration("s"))
        for place, field in enumerate(rows.schema):
            if pa.types.is_timestamp(field.type):
                moved = pc.if_else(shifted, pc.add(rows[field.name], by), rows[field.name])
                rows = rows.set_column(place, field.name, moved)
        return {**tables, name: rows}

    levers.spoils.append(("clock-shift", spoil))
    return since


SHOP = Plant(
    "clock-shift",
    world="shop",
    dose=1.0,
    unit="hours",
    says="the marketplace's clock is off since the change to winter time",
    scope={"table": "orders", "channel": "marketplace"},
    apply=clock_shift,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="the clock of the mobile app is off since the change to winter time",
    scope={"table": "events", "channel": "mobile"},
)
