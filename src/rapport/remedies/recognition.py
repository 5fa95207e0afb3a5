"""What to do where the most loyal customers are passed over."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="recognition",
    fix_condition="Write to the most loyal customers this month, by hand where it can be done: thank them for the "
    "years, give something small, and ask for nothing.",
    fix_cause="Let the programme count years and visits as well as money, and put a yearly thank-you for the longest "
    "relationships into somebody's calendar.",
    effort="days",
    measure="share of the most loyal fifth with a reward, thanks or a tier within a year",
    retest="In six months at least as many of the most loyal as of the other customers have had one.",
)
