"""The people at customers that are organisations."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome, state

CONTACTS = Table(
    "contacts",
    row="a person at a customer that is an organisation",
    columns=(
        key("contact_id", "the person"),
        key("customer_id", "the customer"),
        fixed("name", Type.TEXT, "the person's name", privacy=Privacy.PERSONAL),
        fixed("email", Type.TEXT, "e-mail address", privacy=Privacy.PERSONAL),
        fixed("role", Type.TEXT, "the person's role"),
        state("champion", Type.BOOL, "whether the person speaks for us inside"),
        event("started_at", "when the person began there", required=False),
        outcome("left_at", Type.TIME, "when the person left"),
    ),
    key=("contact_id",),
)
