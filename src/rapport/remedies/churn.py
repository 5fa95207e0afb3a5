"""What to do where subscribers leave in greater numbers."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="churn",
    fix_condition="Call ten customers who left {place} in the last two months and ten whose renewal is near; ask what "
    "they use and what they miss.",
    fix_cause="Undo for new customers of {place} what changed when the losses rose (price, scope, support); where "
    "losses follow failed payments, mend retries and reminders first.",
    effort="weeks",
    measure="share of subscribers who leave a month",
    retest="Over the next three full months {place} loses no more than half a point a month above the others.",
)
