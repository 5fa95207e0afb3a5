"""Was the risk right before? The same model at earlier moments, by what was known then, against what happened next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.leaving_features import CONTRACT, SHOP
from rapport.measures.leaving_judged import Judgement, judge, looked_back
from rapport.measures.leaving_lesson import BANDS, PAST_COLUMNS, STAGES, Lesson, bools, capacity, stages
from rapport.measures.leaving_past import SIGNS, horizons_of


@estimate(
    asks={
        "signs": Whole(
            "leaving_signs", ("customer_id", "kind", "plan", *SIGNS), order="customer_id", where="learned_from"
        ),
        "count": Whole("leaving_signs", ("COUNT(*) AS customers",), order="customers"),
        "gaps": Whole("return_gaps", ("typical_days", "slow_days", "record_days"), order="row_id"),
        "learning": Whole("risk_learning", PAST_COLUMNS, order="row_id"),
    },
    optional=("signs", "count", "gaps", "learning"),
    fields=(
        Field("row_id", Type.TEXT, "the customer and the moment"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("kind", Type.TEXT, "shop or contract"),
        Field("origin", Type.DAY, "the earlier moment: nothing later was known"),
        Field("stage", Type.TEXT, "new, one-time, repeat or contract, at that moment"),
        Field("risk", Type.NUMBER, "the probability of leaving within the horizon that was foretold"),
        Field("risk_recency", Type.NUMBER, "the same from the time since the last sign of life alone"),
        Field("left_within", Type.BOOL, "whether they left"),
        Field("flagged", Type.BOOL, "whether they were on the list that the team can work"),
        Field("band", Type.TEXT, "red, yellow or green at that moment, by that moment alone"),
        Field("treated", Type.BOOL, "whether something was done for them within the horizon"),
        Field("lead_days", Type.NUMBER, "days from the moment to their last sign of life within the horizon"),
        Field("lift_low", Type.NUMBER, "lower limit of the list's lift for this kind: colours need more than 1"),
        Field("better", Type.BOOL, "whether the list beats chance and recency alone for this kind: else no colours"),
    ),
)
def risk_backtest(known: Known) -> Made | CannotTell:
    """One row is a customer at an earlier moment: the risk that was foretold then, and whether they left.

    Each moment is foretold by a model learned from moments before it whose outcome was known by then. Four moments over
    a year are judged where the record is old enough; a younger one shows one season only, and this is said. Intervals
    are those of customers drawn anew, each with all of their rows (the seed is that of the audit).
    """
    now = known.now()
    signs, learning, count = now["signs"], now["learning"], now["count"]
    if signs is None or learning is None or count is None or not learning.num_rows:
        return CannotTell("The record is too young to judge by who left.")
    ahead = horizons_of(now["gaps"], signs, known.facts)
    scale = float(count["customers"][0].as_py()) / max(signs.num_rows, 1)
    parts, said = [], []
    for kind in (SHOP, CONTRACT):
        lesson = Lesson.of(learning, kind, ahead, signs)
        back = looked_back(lesson)
        if back is None:
            continue
        customers = scale * learning.num_rows / max(len(lesson.origins), 1)
        share = capacity(known.facts.declared.economics.accounts_per_month, lesson.horizon, customers)
        found = judge(back, share, known.facts.seed)
        parts.append(_table(found))
        said.append(found.said)
    if not parts:
        return CannotTell("Fewer than thirty customers had left by the earlier moments: nothing can be judged.", 30)
    return Made(pa.concat_tables(parts), {"backtest": {"kinds": said}})


def _table(found: Judgement) -> pa.Table:
    back = found.back
    lesson = back.lesson
    rows = lesson.table.take(pa.array(back.rows)).combine_chunks()
    origin = rows["origin"].cast(pa.date32())
    customer = rows["customer_id"].combine_chunks()
    stage = np.empty(back.rows.size, dtype=object)
    known = lesson.known(rows)
    stage[:] = np.array(STAGES, dtype=object)[stages(known, lesson.kind)]
    columns: dict[str, Any] = {
        "row_id": pc.binary_join_element_wise(customer, origin.cast(pa.string()).combine_chunks(), "/"),
        "customer_id": customer,
        "kind": pa.array([lesson.kind] * back.rows.size, pa.string()),
        "origin": origin,
        "stage": pa.array(stage, pa.string()),
        "risk": back.risk,
        "risk_recency": back.recency,
        "left_within": pa.array(back.left),
        "flagged": pa.array(found.on >= 1),
        "band": pa.array(np.array(BANDS, dtype=object)[found.colour], pa.string()),
        "treated": pa.array(bools(rows, "treated")),
        "lead_days": rows["lead_days"].cast(pa.float64()),
        "lift_low": np.full(back.rows.size, found.lift_low),
        "better": np.full(back.rows.size, found.better),
    }
    return pa.table(columns)
