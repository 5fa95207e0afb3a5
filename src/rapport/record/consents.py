"""What customers agreed to, and when they changed their minds."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key

CONSENTS = Table(
    "consents",
    row="a consent given or withdrawn",
    columns=(
        key("consent_id", "the entry", required=False),
        key("customer_id", "the customer"),
        event("at", "when"),
        fixed("purpose", Type.TEXT, "for what"),
        fixed("channel", Type.TEXT, "for which channel"),
        fixed("granted", Type.BOOL, "given (true) or withdrawn (false)", required=True),
        fixed("source", Type.TEXT, "where it was said"),
    ),
    key=("consent_id",),
)
