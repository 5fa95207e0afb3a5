"""Customers who are leaving stop answering."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.export import MOMENT
from rapport.worlds.rules import Levers, Plant, Tables

SOON = 90 * DAY


def goodbyes(tables: Tables) -> pa.Array:
    """Return for each row of feedback when that customer's last subscription ended, empty where one runs."""
    periods = tables["subscriptions"]
    far = pa.scalar(2**40, pa.int64())
    ends = pc.fill_null(periods["valid_to"].cast(pa.int64()), far)
    last = pa.table({"customer_id": periods["customer_id"], "ends": ends}).group_by("customer_id")
    last = last.aggregate([("ends", "max")])
    place = pc.index_in(tables["feedback"]["customer_id"], value_set=last["customer_id"].combine_chunks())
    known = last["ends_max"].combine_chunks().take(place.combine_chunks())
    return pc.if_else(pc.less(known, far), known, pa.scalar(None, pa.int64())).cast(MOMENT)


def survey_representativeness(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let a share `dose` of the answers not be given that fall into a customer's last ninety days."""

    def fall_silent(tables: Tables, chance: np.random.Generator) -> Tables:
        feedback = tables["feedback"]
        asked, left = feedback["asked_at"].cast(pa.int64()), goodbyes(tables).cast(pa.int64())
        soon = pc.and_(pc.greater_equal(left, asked), pc.less(pc.subtract(left, asked), SOON))
        silent = pc.and_(pc.fill_null(soon, False), pa.array(chance.random(feedback.num_rows) < dose))
        for name in ("answered_at", "score"):
            column = feedback[name]
            kept = pc.if_else(silent, pa.scalar(None, column.type), column)
            feedback = feedback.set_column(feedback.column_names.index(name), name, kept)
        return {**tables, "feedback": feedback}

    levers.deeds.append(("survey-representativeness", fall_silent))
    return None


SUBSCRIPTION = Plant(
    "survey-representativeness",
    world="subscription",
    dose=0.35,
    unit="share of answers",
    says="customers who leave within ninety days stop answering",
    scope={"afterwards": "customers who left within 90 days"},
    apply=survey_representativeness,
)
