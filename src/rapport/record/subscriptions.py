"""What customers pay regularly, period by period."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome, plan

SUBSCRIPTIONS = Table(
    "subscriptions",
    row="a period of one subscription at one price",
    columns=(
        key("period_id", "the period", required=False),
        key("subscription_id", "the subscription"),
        key("customer_id", "the customer"),
        fixed("plan", Type.TEXT, "the plan in this period"),
        fixed("mrr", Type.MONEY, "monthly recurring revenue", required=True),
        fixed("currency", Type.TEXT, "ISO 4217 code"),
        event("valid_from", "when the period began"),
        outcome("valid_to", Type.TIME, "when it ended; empty while it lasts"),
        plan("renews_at", "when it is due to renew"),
        outcome(
            "end_reason",
            Type.TEXT,
            "why the period ended",
            of="valid_to",
            choices=("upgrade", "downgrade", "cancelled", "payment_failure", "expired"),
        ),
        outcome("cancel_reason", Type.TEXT, "the reason in the customer's words", of="valid_to", privacy=Privacy.WORDS),
    ),
    key=("period_id",),
)
