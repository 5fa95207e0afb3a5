"""What was spent on winning, keeping and serving customers."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key

SPEND = Table(
    "spend",
    row="what was spent in a month on winning, keeping and serving",
    columns=(
        key("spend_id", "the entry", required=False),
        event("month", "the month", Type.DAY),
        fixed("kind", Type.TEXT, "what for", required=True, choices=("acquisition", "retention", "service")),
        fixed("channel", Type.TEXT, "the channel"),
        fixed("team", Type.TEXT, "the team"),
        fixed("amount", Type.MONEY, "the amount", required=True),
        fixed("currency", Type.TEXT, "ISO 4217 code"),
    ),
    key=("spend_id",),
)
