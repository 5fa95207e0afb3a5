"""What to do where loyal customers do less and less."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="fading-loyals",
    fix_condition="Call twenty of the loyal customers in {place} who faded most, without an offer, and ask what "
    "changed for them; act on what three of them say.",
    fix_cause="Find what {place} used to do with you that it no longer does, and when that began; mend it for half of "
    "them first and compare the halves after three months.",
    effort="weeks",
    measure="what loyal customers do, of what they did in the same season a year before",
    retest="In the next half-year the loyal customers in {place} do at least four fifths of what they did a year "
    "before.",
)
