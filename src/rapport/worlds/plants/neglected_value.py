"""Nobody gets in touch with those who bring the most."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene
from rapport.worlds.rules import Levers, Plant, Tables
from rapport.worlds.standing import best_tenth

UNASKED = ("check_in", "renewal", "service", "reward")
KNOWN_DAYS = 180


def neglected_value(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Leave the tenth with the most revenue alone in the last `dose` days: no word, no thanks, no notice."""
    end = levers.ago(0)
    since = end - int(dose) * DAY

    def silence(tables: Tables, chance: np.random.Generator) -> Tables:
        scene = Scene(tables, plant.scope, since, end)
        best, _ = best_tenth(scene, KNOWN_DAYS)
        late = scene.seconds("touches", "sent_at") >= since
        unasked = np.isin(scene.text("touches", "purpose"), UNASKED)
        never = best[scene.customers("touches")] & late & unasked
        return {**tables, "touches": tables["touches"].filter(pa.array(~never))}

    levers.deeds.append(("neglected-value", silence))
    return since


SHOP = Plant(
    "neglected-value",
    world="shop",
    dose=120.0,
    unit="days",
    says="nobody gets in touch with the customers who bring the most",
    scope={"value_tier": "best tenth"},
    apply=neglected_value,
)

SUBSCRIPTION = SHOP.elsewhere("subscription", says=SHOP.says, scope=SHOP.scope)
