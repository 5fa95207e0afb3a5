"""What customers want to reach with the company."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key, outcome, plan

GOALS = Table(
    "goals",
    row="what the customer wants to reach with you",
    columns=(
        key("goal_id", "the goal", required=False),
        key("customer_id", "the customer"),
        fixed("goal", Type.TEXT, "the goal"),
        event("set_at", "when it was set", required=False),
        plan("due_at", "until when"),
        outcome("achieved_at", Type.TIME, "when it was reached"),
    ),
    key=("goal_id",),
)
