"""The cases at the help desk."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome, plan

TICKETS = Table(
    "tickets",
    row="a case at the help desk",
    columns=(
        key("ticket_id", "the case"),
        key("customer_id", "the customer, where known", required=False),
        key("order_id", "the order it is about", required=False),
        event("opened_at", "when it was opened"),
        fixed("opened_by", Type.TEXT, "who opened it", choices=("customer", "agent")),
        fixed("channel", Type.TEXT, "how it came in"),
        fixed("topic", Type.TEXT, "what it is about"),
        fixed("priority", Type.TEXT, "how urgent"),
        fixed("team", Type.TEXT, "the team that has it"),
        fixed("assignee", Type.TEXT, "who has it", privacy=Privacy.IDENTIFIER),
        outcome("first_handled_at", Type.TIME, "when somebody first did something with it"),
        outcome("first_reply_at", Type.TIME, "the first public reply by a person"),
        outcome("first_resolved_at", Type.TIME, "when it was first solved"),
        outcome("resolved_at", Type.TIME, "when it was last solved"),
        plan("sla_due_at", "until when the service level wants it solved"),
        outcome("sla_met", Type.BOOL, "whether the service level was met", of="resolved_at"),
        outcome("reopens", Type.COUNT, "how often it was opened again", of="resolved_at"),
        outcome("handoffs", Type.COUNT, "how often it changed hands", of="resolved_at"),
        outcome("escalated", Type.BOOL, "whether it was escalated", of="resolved_at"),
        outcome("status", Type.TEXT, "its state", of="resolved_at"),
    ),
    key=("ticket_id",),
)
