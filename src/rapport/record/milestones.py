"""Moments in a customer's life that can be foreseen."""

from __future__ import annotations

from rapport.core.table import Table, Type, fixed, key, plan

MILESTONES = Table(
    "milestones",
    row="a foreseeable moment in the customer's life: a renewal, the end of a mortgage term, of a warranty, a birthday",
    columns=(
        key("milestone_id", "the moment", required=False),
        key("customer_id", "the customer"),
        fixed("kind", Type.TEXT, "what kind of moment", required=True),
        plan("due_at", "when it is due", required=True),
        fixed("value", Type.MONEY, "what it is worth"),
    ),
    key=("milestone_id",),
)
