"""What to do where something became hard for customers."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="ces",
    fix_condition="Give customers of {place} a person to call until it is mended, and say so where they start.",
    fix_cause="Walk through {place} as a customer: count steps, waits and repeated questions, and take out the worst.",
    effort="weeks",
    measure="mean ease on 1 (hard) to 7 (easy)",
    retest="The mean in {place} is back within 0.3 of the level before on the next 200 answers.",
)
