"""What customers bought, and when."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key, outcome, plan

ORDERS = Table(
    "orders",
    row="an order",
    columns=(
        key("order_id", "the order"),
        key(
            "customer_id",
            "the customer; empty for a guest, who counts in revenue and in no customer measure",
            required=False,
        ),
        event("ordered_at", "when it was ordered"),
        fixed("amount", Type.MONEY, "what was charged: net of discount, refunds not deducted"),
        fixed("discount", Type.MONEY, "the discount given"),
        outcome("refund_amount", Type.MONEY, "what was paid back", of="returned_at"),
        fixed("currency", Type.TEXT, "ISO 4217 code"),
        outcome(
            "status",
            Type.TEXT,
            "completed, cancelled or returned",
            of="returned_at",
            choices=("completed", "cancelled", "returned"),
        ),
        fixed("channel", Type.TEXT, "where it was ordered"),
        fixed("region", Type.TEXT, "where it goes"),
        plan("promised_at", "when it was promised to arrive"),
        outcome("shipped_at", Type.TIME, "when it left"),
        outcome("delivered_at", Type.TIME, "when it arrived"),
        outcome("returned_at", Type.TIME, "when it came back"),
    ),
    key=("order_id",),
)
