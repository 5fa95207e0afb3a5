"""What happens in the loyalty programme."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key

LOYALTY = Table(
    "loyalty",
    row="a loyalty-programme entry",
    columns=(
        key("loyalty_id", "the entry", required=False),
        key("customer_id", "the customer"),
        event("at", "when"),
        fixed("kind", Type.TEXT, "what happened", choices=("join", "earn", "redeem", "tier", "leave")),
        fixed("points", Type.NUMBER, "points earned or spent"),
        fixed("tier", Type.TEXT, "the tier reached"),
        fixed("cost", Type.MONEY, "what it cost the company"),
    ),
    key=("loyalty_id",),
)
