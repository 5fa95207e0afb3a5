"""Things that go wrong in companies, one a file, each named after the audit that should find it."""

from __future__ import annotations

from rapport.worlds.plants import (
    ces,
    churn,
    clock_shift,
    concentration,
    consent,
    control_totals,
    cover_gaps,
    csat,
    discount_dependence,
    first_reply,
    hand_offs,
    lost_scores,
    nps,
    record_completeness,
    record_gaps,
    reopens,
    repeat_purchase,
    resolution_time,
    retention,
    unanswered,
)
from rapport.worlds.rules import Plant

PLANTS: dict[str, Plant] = {
    plant.id: plant
    for plant in (
        ces.PLANT,
        churn.PLANT,
        clock_shift.PLANT,
        concentration.PLANT,
        consent.PLANT,
        control_totals.PLANT,
        cover_gaps.PLANT,
        csat.PLANT,
        discount_dependence.PLANT,
        first_reply.PLANT,
        hand_offs.PLANT,
        lost_scores.PLANT,
        nps.PLANT,
        record_completeness.PLANT,
        record_gaps.PLANT,
        reopens.PLANT,
        repeat_purchase.PLANT,
        resolution_time.PLANT,
        retention.PLANT,
        unanswered.PLANT,
    )
}

__all__ = ["PLANTS"]
