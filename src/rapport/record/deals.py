"""Enquiries and opportunities, from first contact to won or lost."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome, state

DEALS = Table(
    "deals",
    row="an enquiry or opportunity, from first contact to won or lost",
    columns=(
        key("deal_id", "the enquiry"),
        key("customer_id", "the customer, where known", required=False),
        event("created_at", "when it came in"),
        outcome("first_contact_at", Type.TIME, "when somebody first answered"),
        outcome("closed_at", Type.TIME, "when it was decided"),
        outcome("won", Type.BOOL, "whether it was won", of="closed_at"),
        state("stage", Type.TEXT, "where it stands today"),
        fixed("amount", Type.MONEY, "what it is worth"),
        fixed("currency", Type.TEXT, "ISO 4217 code"),
        fixed("source", Type.TEXT, "where it came from"),
        fixed("owner", Type.TEXT, "who has it", privacy=Privacy.IDENTIFIER),
        fixed("team", Type.TEXT, "the team that has it"),
        outcome("lost_reason", Type.TEXT, "why it was lost", of="closed_at", privacy=Privacy.WORDS),
        outcome("competitor", Type.TEXT, "to whom it was lost", of="closed_at"),
    ),
    key=("deal_id",),
)
