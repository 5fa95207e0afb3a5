"""Who recommended the company to whom."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, key, outcome

REFERRALS = Table(
    "referrals",
    row="a recommendation",
    columns=(
        key("referral_id", "the recommendation", required=False),
        key("referrer_id", "the customer who recommended"),
        key("referred_id", "who was recommended to", required=False),
        event("at", "when"),
        outcome("converted_at", Type.TIME, "when the recommended became a customer"),
    ),
    key=("referral_id",),
)
