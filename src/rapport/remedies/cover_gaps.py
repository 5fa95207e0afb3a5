"""What to do where nobody is there when customers write."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="cover-gaps",
    fix_condition="Say where customers write on {place} when they will hear from you, until somebody is there.",
    fix_cause="Lay the hours at which tickets arrive over the rota; move a shift to {place} from an hour with fewer.",
    effort="weeks",
    measure="share of tickets answered in time by day of the week",
    retest="The share on {place} lies within ten points of the other days over eight weeks.",
)
