"""Things that go wrong in companies, one a file, each named after the audit that should find it."""

from __future__ import annotations

from rapport.worlds.plants import (
    after_the_sale,
    base_drift,
    ces,
    champion_left,
    churn,
    clock_shift,
    concentration,
    consent,
    control_totals,
    cover_gaps,
    csat,
    discount_dependence,
    fading_loyals,
    first_reply,
    hand_offs,
    health_calibration,
    leaving_reasons,
    lost_scores,
    loyalty_drivers,
    missed_opportunities,
    neglected_value,
    nps,
    onboarding,
    payment_failure,
    recognition,
    record_completeness,
    record_gaps,
    relationship_depth,
    reopens,
    repeat_purchase,
    resolution_time,
    retention,
    revenue_retention,
    silent_churn,
    survey_happy_endings,
    survey_representativeness,
    unanswered,
    usage_breadth,
)
from rapport.worlds.rules import Plant

EVERYWHERE = (
    after_the_sale,
    base_drift,
    ces,
    champion_left,
    churn,
    clock_shift,
    concentration,
    consent,
    control_totals,
    cover_gaps,
    csat,
    discount_dependence,
    fading_loyals,
    first_reply,
    hand_offs,
    health_calibration,
    leaving_reasons,
    lost_scores,
    loyalty_drivers,
    missed_opportunities,
    neglected_value,
    nps,
    onboarding,
    payment_failure,
    recognition,
    record_completeness,
    record_gaps,
    relationship_depth,
    reopens,
    repeat_purchase,
    resolution_time,
    retention,
    revenue_retention,
    silent_churn,
    survey_happy_endings,
    survey_representativeness,
    unanswered,
    usage_breadth,
)

SHOP: dict[str, Plant] = {module.SHOP.id: module.SHOP for module in EVERYWHERE if hasattr(module, "SHOP")}
"""What can be planted into the shop."""

SUBSCRIPTION: dict[str, Plant] = {
    module.SUBSCRIPTION.id: module.SUBSCRIPTION for module in EVERYWHERE if hasattr(module, "SUBSCRIPTION")
}
"""What can be planted into the subscription company."""

PLANTS: dict[str, Plant] = {
    plant.id: plant for world in (SHOP, SUBSCRIPTION) for plant in world.values() if plant.measured
}
"""Each defect in the world in which the auditor's power on it is measured."""

__all__ = ["PLANTS", "SHOP", "SUBSCRIPTION"]
