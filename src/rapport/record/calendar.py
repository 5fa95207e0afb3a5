"""The company's working time and clock, day by day: made from what was declared, not loaded."""

from __future__ import annotations

from rapport.core.table import Table, Type, fixed

CALENDAR = Table(
    "calendar",
    row="a day in UTC, with its working time and the company's clock",
    columns=(
        fixed("day", Type.DAY, "the day in UTC"),
        fixed("offset_seconds", Type.COUNT, "local time minus UTC at the start of the day"),
        fixed("change_second", Type.COUNT, "second of the day at which the clock changes; 86400 where it does not"),
        fixed("offset_after", Type.COUNT, "local time minus UTC from then on"),
        fixed("worked_before", Type.COUNT, "working seconds of all earlier days"),
        fixed("opens_1", Type.COUNT, "second of the UTC day at which working time begins"),
        fixed("closes_1", Type.COUNT, "second of the UTC day at which it ends; equal to opens_1: no working time"),
        fixed("opens_2", Type.COUNT, "the same for a second stretch that reaches into this UTC day"),
        fixed("closes_2", Type.COUNT, "its end"),
    ),
    key=("day",),
)
