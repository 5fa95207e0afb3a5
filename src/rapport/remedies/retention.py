"""What to do where newer customers stay for a shorter time than earlier ones."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="retention",
    fix_condition="Speak with twenty customers of the newest cohorts in {place} before they reach the age at which "
    "others left, and ask what they expected.",
    fix_cause="Find what changed for {place} in the month in which the decay begins (who was addressed, what was "
    "promised, how they were received), and undo it for half of the new customers first.",
    effort="weeks",
    measure="share of a cohort that is still there at the same age",
    retest="The next two cohorts in {place} are, at the same age, within five points of those before the decay.",
)
