"""What to do where customers leave unused what they pay for."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="usage-breadth",
    fix_condition="Set the unused feature up together with twenty customers of {place}, on their own data, in half an "
    "hour each.",
    fix_cause="Watch five new customers of {place} from the first day and note where the feature is not found, not "
    "understood or not needed; then change what they see first, for half of the new customers.",
    effort="weeks",
    measure="share of customers who use the feature",
    retest="In three months the share of customers of {place} who use the feature is within ten points of the other "
    "plans'.",
)
