"""What to do where new customers wait long for what they came for."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="onboarding",
    fix_condition="Call the new customers in {place} who are past half of the usual time and not there yet, and take "
    "the first steps together with them.",
    fix_cause="Sit beside five new customers in {place} from the first hour on, write down every wait and every step "
    "that only you can take, and remove the longest one for half of the new customers.",
    effort="weeks",
    measure="share of new customers who reach first value within the usual time",
    retest="Of the next two months' new customers in {place} the share who reach first value in the usual time is "
    "within ten points of the others'.",
)
