"""Some who objected are written to all the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables


def consent(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Send `dose` promotions to customers after they took their consent back."""
    end = levers.ago(0) - 30 * DAY

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        refused = tables["consents"].filter(pc.invert(tables["consents"]["granted"]))
        refused = refused.filter(pc.less(refused["at"], pa.scalar(end, pa.int64()).cast(MOMENT)))
        if refused.num_rows == 0:
            return tables
        who = chance.integers(0, refused.num_rows, int(dose))
        since = np.asarray(refused["at"].cast(pa.int64()))[who]
        touches = tables["touches"]
        letters = touches.filter(pc.equal(touches["purpose"], "promotion")).sort_by("sent_at")
        first = np.searchsorted(np.asarray(letters["sent_at"].cast(pa.int64())), since, side="right")
        place = first + (chance.random(len(who)) * (letters.num_rows - first)).astype(np.int64)
        more = letters.take(pa.array(place))
        empty = pa.nulls(len(who), MOMENT)
        fresh = {
            "touch_id": pa.array([f"M999{n:06d}" for n in range(len(who))]),
            "customer_id": refused["customer_id"].take(pa.array(who)),
            "opened_at": empty,
            "clicked_at": empty,
        }
        for name, values in fresh.items():
            more = more.set_column(more.column_names.index(name), name, values)
        return {**tables, "touches": pa.concat_tables([touches, more])}

    levers.spoils.append(("consent", spoil))
    return None


SHOP = Plant(
    "consent",
    world="shop",
    dose=40.0,
    unit="promotions",
    says="promotions go to customers who had objected",
    scope={"purpose": "promotion"},
    apply=consent,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="promotions go to customers who had objected",
    scope={"purpose": "promotion"},
)
