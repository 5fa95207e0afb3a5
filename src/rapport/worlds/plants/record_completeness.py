"""One source stops filling in a field."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.record import TABLES
from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables


def record_completeness(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Leave one column of a share `dose` of one channel's rows empty for the last six months."""
    since = levers.ago(6)

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        name, column, channel = plant.scope["table"], plant.scope["column"], plant.scope["channel"]
        rows, happened = tables[name], TABLES[name].event
        blank = pc.and_(
            pc.equal(rows["channel"], channel),
            pc.greater_equal(rows[happened], pa.scalar(since, pa.int64()).cast(MOMENT)),
        )
        blank = pc.and_(blank, pa.array(chance.random(rows.num_rows) < dose))
        emptied = pc.if_else(blank, pa.scalar(None, pa.string()), rows[column])
        return {**tables, name: rows.set_column(rows.column_names.index(column), column, emptied)}

    levers.spoils.append(("record-completeness", spoil))
    return since


SHOP = Plant(
    "record-completeness",
    world="shop",
    dose=1.0,
    unit="share left empty",
    says="the marketplace's orders have no region since six months",
    scope={"table": "orders", "column": "region", "channel": "marketplace"},
    apply=record_completeness,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="tickets that come by e-mail have no topic since six months",
    scope={"table": "tickets", "column": "topic", "channel": "email"},
)
