"""What to do where accounts fall silent once the person who spoke for you has left."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="champion-left",
    fix_condition="Ring every account that is without a champion today, ask who has taken over, and offer the "
    "successor the same introduction a new customer gets.",
    fix_cause="Know two people at every account by name, watch for leavings (bounced mail, a new signature, a quiet "
    "login), and hand over with the one who leaves while they are still there.",
    effort="weeks",
    measure="use in the three months after a champion has left, in percent of what it would have been",
    retest="Of the next thirty accounts whose champion leaves the use stays above seven tenths of the usual.",
)
