"""What to do where customers wait too long for a first answer."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="first-reply",
    fix_condition="Answer the oldest waiting tickets of {place} this week, and say when customers will hear more.",
    fix_cause="Compare when tickets arrive with who is at work in {place}; move hours there before adding any.",
    effort="days",
    measure="share of tickets answered within the target",
    retest="The share in {place} lies within ten points of the rest on the next 200 tickets.",
)
