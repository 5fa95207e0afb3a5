"""The values that measures may name with a `$`: the view, and what the company declared."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.core.declarations import Declarations, Facts
from rapport.measures.query import Value

HOUR = 3600.0
PROMISES = 12


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
        "useful_contact_days": declared.target("useful_contact_days"),
        "first_reply_by_working_time": by_working_time(declared, "first_reply_hours", "first_reply_working_hours"),
        "resolution_by_working_time": by_working_time(declared, "resolution_hours"),
        "currency": facts.currency,
        "calendar_declared": declared.calendar.declared,
        "gross_margin": declared.economics.gross_margin,
        "contacts_per_week_ceiling": declared.target("touches_per_customer_week"),
        **_first_value(declared),
        **_promises(declared),
    }


def _first_value(declared: Declarations) -> dict[str, Value]:
    """Return the moment at which customers have what they came for: the first expected one that is no contact."""
    own = next((m for m in declared.journey.expected if m.purpose is None and m.campaign is None), None)
    return {
        "first_value": None if own is None else own.moment,
        "first_value_days": None if own is None else own.within_days,
    }


def _promises(declared: Declarations) -> dict[str, Value]:
    """Return the first twelve promises that SQL can follow: `promise_1_id` and so on, None where there is none."""
    fields = ("id", "measure", "target", "share", "by", "value", "by2", "value2")
    values: dict[str, Value] = {f"promise_{i}_{name}": None for i in range(1, PROMISES + 1) for name in fields}
    known = [p for p in declared.promises if len(p.segment) <= 2][:PROMISES]
    for i, promise in enumerate(known, start=1):
        pairs = [*sorted(promise.segment.items()), ("", ""), ("", "")][:2]
        said = (
            promise.id,
            promise.measure,
            promise.target,
            promise.share,
            *(x or None for pair in pairs for x in pair),
        )
        values |= {f"promise_{i}_{name}": value for name, value in zip(fields, said, strict=True)}
    return values


def by_working_time(declared: Declarations, all_hours: str, working_hours: str = "") -> bool:
    """Tell whether a wait is judged in working time: a promise in all hours comes first, then one in working hours."""
    if declared.target(all_hours) is not None:
        return False
    return declared.calendar.declared or (bool(working_hours) and declared.target(working_hours) is not None)
