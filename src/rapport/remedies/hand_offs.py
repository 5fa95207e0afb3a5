"""What to do where customers are passed from one to the next."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="hand-offs",
    fix_condition="Give every open ticket of {place} one owner who stays with it until it is solved.",
    fix_cause="List what each hand that touches {place} adds; let the first who gets it decide what most tickets need, "
    "and send the rest to the right team at once.",
    effort="weeks",
    measure="hand-offs per ticket",
    retest="Tickets of {place} change hands at most a quarter time more often than others on the next 200 tickets.",
)
