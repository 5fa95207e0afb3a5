"""What to do where customers say one thing when they leave, and the record shows another before it."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="leaving-reasons",
    fix_condition="Before the next discount for those who leave, answer what lies open: go through the last ninety "
    "days of the customers whose renewal is near, and write to whoever still waits.",
    fix_cause="Call ten who left ({place}) and read them their own last case: ask what they would have needed then. "
    "Mend what they name, and ask on leaving what happened last, not only why.",
    effort="weeks",
    measure="share of those who leave who had waited in vain, or could not pay, in the three months before",
    retest="Of those who leave over the next three full months no more had it before than of those who stay, within "
    "ten points in a hundred.",
)
