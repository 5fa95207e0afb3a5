"""What to do where customers leave without a word."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="silent-churn",
    fix_condition="Have a person call the customers of {place} who are flagged, the most valuable first, and ask; sell "
    "nothing. Hold a tenth back to see whether it helps.",
    fix_cause="Ask ten of {place} who went quiet what happened before; look at what changed there then, in the "
    "product, the service or the people who look after them.",
    effort="weeks",
    measure="share of watched customers who leave without a word within four weeks",
    retest="In the four months after, as few of {place} go silent as elsewhere, and those flagged and called stay more "
    "often than those held back.",
)
