"""What customers use, day by day."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key

USAGE = Table(
    "usage",
    row="a customer's use of one feature on one day",
    columns=(
        key("customer_id", "the customer"),
        event("day", "the day", Type.DAY),
        key("feature", "the feature", privacy=Privacy.OPEN),
        fixed("events", Type.COUNT, "how often", required=True),
    ),
    key=("customer_id", "day", "feature"),
)
