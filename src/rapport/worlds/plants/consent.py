"""Some who objected are written to all the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables


def consent(levers: Levers, dose: float) -> None:
    """Send `dose` promotions to customers after they took their consent back."""
    end = levers.ago(0) - 14 * DAY

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        refused = tables["consents"].filter(pc.invert(tables["consents"]["granted"]))
        refused = refused.filter(pc.less(refused["at"], pa.scalar(end, pa.int64()).cast(MOMENT)))
        if refused.num_rows == 0:
            return tables
        who = chance.integers(0, refused.num_rows, int(dose))
        since = np.asarray(refused["at"].cast(pa.int64()))[who]
        at = since + ((end + 13 * DAY - since) * (0.1 + 0.9 * chance.random(len(who)))).astype(np.int64)
        touches = tables["touches"]
        model = touches.filter(pc.equal(touches["purpose"], "promotion")).slice(0, 1)
        more = pa.concat_tables([model] * len(who))
        empty = pa.nulls(len(who), MOMENT)
        fresh = {
            "touch_id": pa.array([f"M999{n:06d}" for n in range(len(who))]),
            "customer_id": refused["customer_id"].take(pa.array(who)),
            "sent_at": pa.array(at).cast(MOMENT),
            "opened_at": empty,
            "clicked_at": empty,
        }
        for name, values in fresh.items():
            more = more.set_column(more.column_names.index(name), name, values)
        return {**tables, "touches": pa.concat_tables([touches, more])}

    levers.spoils.append(("consent", spoil))


PLANT = Plant(
    "consent",
    dose=40.0,
    unit="promotions",
    says="forty promotions go to customers who had objected",
    scope={"purpose": "promotion"},
    apply=consent,
)
