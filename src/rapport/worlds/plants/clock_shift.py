"""One source's clock is an hour off since the clocks changed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import HOUR, seconds
from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables

WINTER_TIME = date(2025, 10, 26)


def clock_shift(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Set every time of the marketplace's orders `dose` hours later since the last change to winter time."""
    since = seconds(WINTER_TIME)

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        orders = tables["orders"]
        shifted = pc.and_(
            pc.equal(orders["channel"], "marketplace"),
            pc.greater_equal(orders["ordered_at"], pa.scalar(since, pa.int64()).cast(MOMENT)),
        )
        by = pa.scalar(int(dose * HOUR), pa.duration("s"))
        for place, field in enumerate(orders.schema):
            if pa.types.is_timestamp(field.type):
                moved = pc.if_else(shifted, pc.add(orders[field.name], by), orders[field.name])
                orders = orders.set_column(place, field.name, moved)
        return {**tables, "orders": orders}

    levers.spoils.append(("clock-shift", spoil))
    return since


SHOP = Plant(
    "clock-shift",
    world="shop",
    dose=1.0,
    unit="hours",
    says="the marketplace's clock is off since the change to winter time",
    scope={"channel": "marketplace"},
    apply=clock_shift,
)
