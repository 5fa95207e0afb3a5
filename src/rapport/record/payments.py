"""What was paid, and what failed."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key, outcome, plan

PAYMENTS = Table(
    "payments",
    row="a payment or an attempt at one",
    columns=(
        key("payment_id", "the payment"),
        key("customer_id", "the customer"),
        key("order_id", "the order paid for", required=False),
        key("subscription_id", "the subscription paid for", required=False),
        plan("due_at", "when it was due"),
        event("paid_at", "when it was paid or tried", required=False),
        fixed("amount", Type.MONEY, "the amount"),
        fixed("currency", Type.TEXT, "ISO 4217 code"),
        outcome("status", Type.TEXT, "how it went", of="paid_at", choices=("succeeded", "failed", "refunded")),
        fixed("method", Type.TEXT, "means of payment"),
        fixed("provider", Type.TEXT, "payment provider"),
    ),
    key=("payment_id",),
)
