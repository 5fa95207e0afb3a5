"""What to do where customers only come back for a discount."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="discount-dependence",
    fix_condition="Leave a tenth of the customers in {place}, drawn by lot, without the next promotion, and compare "
    "what they buy in the three months after it.",
    fix_cause="Drop the discounts in {place} after which those left out bought as much; give regular customers another "
    "reason to come back.",
    effort="weeks",
    measure="share of repeat orders at a discount",
    retest="The share of repeat orders at a discount in {place} is back within ten points of what it was.",
)
