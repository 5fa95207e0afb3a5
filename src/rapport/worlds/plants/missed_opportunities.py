"""One segment is hardly ever offered one category."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.buying import CATEGORIES
from rapport.worlds.rules import Levers, Plant, Tables


def missed_opportunities(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Offer the segment something else in a share `dose` of the letters that would have offered it the category."""
    others = [name for name in CATEGORIES if name != plant.scope["category"]]

    def offer_another(tables: Tables, chance: np.random.Generator) -> Tables:
        customers, touches = tables["customers"], tables["touches"]
        its = customers.filter(pc.equal(customers["segment"], plant.scope["segment"]))["customer_id"].combine_chunks()
        there = pc.and_(
            pc.is_in(touches["customer_id"], value_set=its),
            pc.fill_null(pc.equal(touches["category"], plant.scope["category"]), False),
        )
        left_out = pc.and_(there, pa.array(chance.random(touches.num_rows) < dose))
        other = pa.array(np.array(others, dtype=object)[chance.integers(0, len(others), touches.num_rows)], pa.string())
        place = touches.column_names.index("category")
        offered = pc.if_else(left_out, other, touches["category"])
        return {**tables, "touches": touches.set_column(place, "category", offered)}

    levers.deeds.append(("missed-opportunities", offer_another))
    return None


SHOP = Plant(
    "missed-opportunities",
    world="shop",
    dose=0.85,
    unit="share of offers",
    says="studios are hardly ever offered curtains",
    scope={"segment": "studio", "category": "curtains"},
    apply=missed_opportunities,
    status="opportunity",
)
