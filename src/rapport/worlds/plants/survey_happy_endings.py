"""One team sends surveys only after happy endings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.rules import Levers, Plant, Tables

SLOW = 75
"""The percentile from which on a case took long."""


def painful(tickets: pa.Table) -> pa.ChunkedArray:
    """Return which solved cases were reopened, or took longer than three quarters of all."""
    took = pc.subtract(tickets["resolved_at"].cast(pa.int64()), tickets["opened_at"].cast(pa.int64()))
    known = np.asarray(took.drop_null())
    limit = float(np.percentile(known, SLOW)) if known.size else 0.0
    return pc.fill_null(pc.or_(pc.greater(took, limit), pc.greater(tickets["reopens"], 0)), False)


def survey_happy_endings(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let the team not send a share `dose` of the surveys after its slow and reopened cases."""

    def choose(tables: Tables, chance: np.random.Generator) -> Tables:
        tickets, feedback = tables["tickets"], tables["feedback"]
        its = pc.and_(pc.equal(tickets["team"], plant.scope["team"]), painful(tickets))
        about = pc.is_in(feedback["ticket_id"], value_set=tickets.filter(its)["ticket_id"].combine_chunks())
        spared = pc.and_(about, pa.array(chance.random(feedback.num_rows) < dose))
        return {**tables, "feedback": feedback.filter(pc.invert(spared))}

    levers.deeds.append(("survey-happy-endings", choose))
    return None


SHOP = Plant(
    "survey-happy-endings",
    world="shop",
    dose=0.25,
    unit="share of surveys",
    says="the team Logistics sends surveys after happy endings only",
    scope={"team": "Logistics"},
    apply=survey_happy_endings,
    audit="survey-representativeness",
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="the team Helpline sends surveys after happy endings only",
    scope={"team": "Helpline"},
)
