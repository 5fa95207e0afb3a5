"""What was to be done for customers, and what was done."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key, outcome, plan

TASKS = Table(
    "tasks",
    row="something to be done for a customer, or held back to learn from",
    columns=(
        key("task_id", "the task"),
        key("customer_id", "the customer, where known", required=False),
        fixed("finding", Type.TEXT, "the finding it follows"),
        fixed("initiative", Type.TEXT, "the initiative it belongs to"),
        fixed("action", Type.TEXT, "what is to be done"),
        fixed("team", Type.TEXT, "the team that does it"),
        event("assigned_at", "when it was assigned"),
        plan("due_at", "until when"),
        outcome("done_at", Type.TIME, "when it was done"),
        outcome("outcome", Type.TEXT, "what came of it", of="done_at"),
        fixed("arm", Type.TEXT, "acted on, or held back", choices=("act", "holdout")),
    ),
    key=("task_id",),
)
