"""What to do where fewer customers would recommend the company than before."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="nps",
    fix_condition="Call twenty of the newest detractors of {place} this week, ask what would have to be different, and "
    "mend for them what can be mended at once.",
    fix_cause="Lay the month in which the score moved beside what was changed in {place} then: prices, product, staff, "
    "carrier, the survey itself. Take back or repair the one that the detractors name.",
    effort="weeks",
    measure="net promoter score",
    retest="The next wave in {place} is within five points of the level before, or its interval no longer excludes it.",
)
