"""What to do where advertising went to those who had objected."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="consent",
    fix_condition="Stop the sending behind {place} today, take those customers off the list, and apologise to them.",
    fix_cause="Check consent at the moment of sending, in every system that sends, against one list of objections.",
    effort="days",
    measure="marketing contacts sent after an objection",
    retest="None in the next 1,000 marketing contacts of {place}.",
)
