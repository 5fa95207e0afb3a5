"""The values that measures may name with a `$`: the view, and what the company declared."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.core.declarations import Declarations, Facts
from rapport.measures.query import Value

HOUR = 3600.0


def parameters(facts: Facts) -> Mapping[str, Value]:
    """Return every parameter with its value; times are naive UTC, undeclared targets are None."""
    declared = facts.declared

    def seconds(measure: str) -> float | None:
        target = declared.target(measure)
        return None if target is None else target * HOUR

    return {
        "as_of": facts.as_of,
        "start": facts.start,
        "record_start": facts.record_start,
        "first_reply_target_seconds": seconds("first_reply_hours"),
        "first_reply_target_working_seconds": seconds("first_reply_working_hours"),
        "resolution_target_seconds": seconds("resolution_hours"),
        "first_reply_by_working_time": by_working_time(declared, "first_reply_hours", "first_reply_working_hours"),
        "resolution_by_working_time": by_working_time(declared, "resolution_hours"),
        "currency": facts.currency,
        "calendar_declared": declared.calendar.declared,
        "gross_margin": declared.economics.gross_margin,
    }


def by_working_time(declared: Declarations, all_hours: str, working_hours: str = "") -> bool:
    """Tell whether a wait is judged in working time: a promise in all hours comes first, then one in working hours."""
    if declared.target(all_hours) is not None:
        return False
    return declared.calendar.declared or (bool(working_hours) and declared.target(working_hours) is not None)
