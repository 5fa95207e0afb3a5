"""One source stops filling in a field."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables


def record_completeness(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Leave the region of a share `dose` of the marketplace's orders empty for the last six months."""
    since = levers.ago(6)

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        orders = tables["orders"]
        blank = pc.and_(
            pc.equal(orders["channel"], "marketplace"),
            pc.greater_equal(orders["ordered_at"], pa.scalar(since, pa.int64()).cast(MOMENT)),
        )
        blank = pc.and_(blank, pa.array(chance.random(orders.num_rows) < dose))
        region = pc.if_else(blank, pa.scalar(None, pa.string()), orders["region"])
        return {**tables, "orders": orders.set_column(orders.column_names.index("region"), "region", region)}

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
