"""What to do where a campaign or a team wins customers who do not stay."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="after-the-sale",
    fix_condition="Read what {place} promises beside what its customers get in their first month, and call ten of them "
    "who came lately; put the next euro into what brings customers who stay.",
    fix_cause="Count for {place} the customers who are still there after half a year, not those who signed: in the "
    "report, and in what the team is thanked for.",
    effort="weeks",
    measure="share of customers who stay, against others like them",
    retest="Of those won by {place} since the change, as many stay as of others like them, within five points in a "
    "hundred.",
)
