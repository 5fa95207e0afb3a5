"""What to do where the relationships of one channel or region are worth less than others."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="lifetime-value",
    fix_condition="Pay no more for a new customer of {place} than the margin that one brings there, at its lower "
    "limit.",
    fix_cause="Compare what the customers of {place} first bought and were promised with those of the best place; "
    "change the offer, and hold a tenth back to see whether it helps.",
    effort="weeks",
    measure="expected margin of a relationship over the horizon",
    retest="In two quarters a relationship of {place} is worth within a quarter of the others, and its forecast held.",
)
