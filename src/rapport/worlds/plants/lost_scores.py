"""The worst answers were lost on the way."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.rules import Levers, Plant, Tables


def lost_scores(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Export a share `dose` of the NPS answers of zero as empty."""

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        feedback = tables["feedback"]
        zero = pc.and_(pc.equal(feedback["kind"], "nps"), pc.fill_null(pc.equal(feedback["score"], 0.0), False))
        lost = pc.and_(zero, pa.array(chance.random(feedback.num_rows) < dose))
        score = pc.if_else(lost, pa.scalar(None, pa.float64()), feedback["score"])
        place = feedback.column_names.index("score")
        return {**tables, "feedback": feedback.set_column(place, "score", score)}

    levers.spoils.append(("lost-scores", spoil))
    return None


SHOP = Plant(
    "lost-scores",
    world="shop",
    dose=1.0,
    unit="share of zeros",
    says="NPS answers of zero were exported as empty",
    scope={"kind": "nps"},
    apply=lost_scores,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="NPS answers of zero were exported as empty",
    scope={"kind": "nps"},
)
