"""One oracle for each defect that can be planted: where it looks and what it compares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rapport.worlds.clock import seconds
from rapport.worlds.oracle import Oracle, Scene
from rapport.worlds.oracles.bonds import champion_left, relationship_depth
from rapport.worlds.oracles.buyers import concentration, discount_dependence, repeat_purchase
from rapport.worlds.oracles.desk import cover_gaps, first_reply, hand_offs, reopens, resolution_time, unanswered
from rapport.worlds.oracles.goodwill import neglected_value, recognition
from rapport.worlds.oracles.heard import happy_endings, leaving
from rapport.worlds.oracles.leavers import leaving_reasons
from rapport.worlds.oracles.loyal import loyalty_drivers
from rapport.worlds.oracles.newcomers import base_drift
from rapport.worlds.oracles.offered import missed_opportunities
from rapport.worlds.oracles.payers import payment_failure, revenue_retention
from rapport.worlds.oracles.record import (
    clock_shift,
    consent,
    control_totals,
    lost_scores,
    record_completeness,
    record_gaps,
)
from rapport.worlds.oracles.silent import silent_churn
from rapport.worlds.oracles.sponsors import health_calibration
from rapport.worlds.oracles.subscribers import churn, retention
from rapport.worlds.oracles.users import fading_loyals, onboarding, usage_breadth
from rapport.worlds.oracles.voice import ces, csat, nps
from rapport.worlds.oracles.winning import after_the_sale
from rapport.worlds.rules import Tables

ORACLES: dict[str, Oracle] = {
    "after-the-sale": after_the_sale,
    "base-drift": base_drift,
    "ces": ces,
    "champion-left": champion_left,
    "churn": churn,
    "clock-shift": clock_shift,
    "concentration": concentration,
    "consent": consent,
    "control-totals": control_totals,
    "cover-gaps": cover_gaps,
    "csat": csat,
    "discount-dependence": discount_dependence,
    "fading-loyals": fading_loyals,
    "first-reply": first_reply,
    "hand-offs": hand_offs,
    "health-calibration": health_calibration,
    "leaving-reasons": leaving_reasons,
    "lost-scores": lost_scores,
    "loyalty-drivers": loyalty_drivers,
    "missed-opportunities": missed_opportunities,
    "neglected-value": neglected_value,
    "nps": nps,
    "onboarding": onboarding,
    "payment-failure": payment_failure,
    "recognition": recognition,
    "record-completeness": record_completeness,
    "record-gaps": record_gaps,
    "relationship-depth": relationship_depth,
    "reopens": reopens,
    "repeat-purchase": repeat_purchase,
    "resolution-time": resolution_time,
    "retention": retention,
    "revenue-retention": revenue_retention,
    "silent-churn": silent_churn,
    "survey-happy-endings": happy_endings,
    "survey-representativeness": leaving,
    "unanswered": unanswered,
    "usage-breadth": usage_breadth,
}

MOST_CUSTOMERS = 50_000
"""In a larger company the oracle is not asked: there are more than enough rows, and looking takes their memory."""


def foreseen(tables: Tables, planted: Mapping[str, Any], end: int) -> dict[str, float | int | None] | None:
    """Return what the oracle sees of a planted defect, as it stands in `truth.json`; None for a very large company.

    tables : the record as exported; planted : `id`, `scope` and `since` (ISO day, None: from the beginning); end : of
    the record, in UTC seconds.
    """
    if tables["customers"].num_rows > MOST_CUSTOMERS:
        return None
    since = 0 if planted["since"] is None else seconds(date.fromisoformat(planted["since"]))
    return ORACLES[planted["id"]](Scene(tables, planted["scope"], since, end)).said()


__all__ = ["ORACLES", "foreseen"]
