"""What to do where fewer customers are satisfied than before."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="csat",
    fix_condition="Answer each dissatisfied customer of {place} of the last thirty days, and mend what they name.",
    fix_cause="Find what was changed at {place} in the month the fall began, and undo or repair it.",
    effort="weeks",
    measure="share of answers in the top two values",
    retest="The share in {place} is back within five points of the level before on the next 300 answers.",
)
