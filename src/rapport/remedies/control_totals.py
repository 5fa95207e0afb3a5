"""What to do where totals do not agree."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="control-totals",
    fix_condition="Load {place} again from one source only, without the rows that are there twice.",
    fix_cause="Keep the id that the first system gave, through every system and every export, and refuse a row whose "
    "customer, time and amount are known.",
    effort="days",
    measure="relative difference to the control total",
    retest="The totals of {place} agree to five in a thousand.",
)
