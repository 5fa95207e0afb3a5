"""Those who have stayed longest and come most often are passed over."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rapport.worlds.oracle import Scene
from rapport.worlds.rules import Levers, Plant, Tables
from rapport.worlds.standing import YEAR, most_loyal_fifth


def recognition(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Take from a share `dose` of the most loyal fifth the thanks of the last year and whatever the programme gave."""
    end = levers.ago(0)

    def pass_over(tables: Tables, chance: np.random.Generator) -> Tables:
        scene = Scene(tables, plant.scope, end - YEAR, end)
        loyal, _ = most_loyal_fifth(scene)
        loyal &= chance.random(loyal.size) < dose
        late = scene.seconds("touches", "sent_at") >= scene.since
        thanks = loyal[scene.customers("touches")] & late & (scene.text("touches", "purpose") == "reward")
        tables = {**tables, "touches": tables["touches"].filter(pa.array(~thanks))}
        if "loyalty" not in tables:
            return tables
        given = np.isin(scene.text("loyalty", "kind"), ("tier", "redeem"))
        return {**tables, "loyalty": tables["loyalty"].filter(pa.array(~(loyal[scene.customers("loyalty")] & given)))}

    levers.deeds.append(("recognition", pass_over))
    return None


SHOP = Plant(
    "recognition",
    world="shop",
    dose=0.95,
    unit="share of the most loyal",
    says="the most loyal customers get no reward, no thanks and no tier",
    scope={"loyalty": "most loyal fifth"},
    apply=recognition,
)

SUBSCRIPTION = SHOP.elsewhere("subscription", says=SHOP.says, scope=SHOP.scope)
