"""Any other moment of the journey."""

from __future__ import annotations

from rapport.core.table import Table, Type, event, fixed, key

EVENTS = Table(
    "events",
    row="any other moment of the journey: a visit, a checkout step, a call with its hold time, an outage",
    columns=(
        key("event_id", "the moment", required=False),
        key("customer_id", "the customer"),
        event("at", "when it happened"),
        fixed("name", Type.TEXT, "what happened", required=True),
        fixed("stage", Type.TEXT, "the stage of the journey"),
        fixed("channel", Type.TEXT, "where it happened"),
        fixed("device", Type.TEXT, "the device"),
        fixed("duration_seconds", Type.NUMBER, "how long it took"),
        fixed("succeeded", Type.BOOL, "whether it worked"),
        fixed("value", Type.NUMBER, "a number that belongs to it"),
    ),
    key=("event_id",),
)
