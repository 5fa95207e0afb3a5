"""Says in words against which time a wait is judged, and which priorities are meant to wait."""

from __future__ import annotations

import re

from rapport.core.declarations import Facts
from rapport.core.outcome import Status, Test
from rapport.core.words import duration
from rapport.measures.parameters import by_working_time

HOUR = 3600.0
MEANT_TO_WAIT = re.compile(
    r"^(\W*[345]\b.*|p[2345]|low.*|minor|trivial|normal|medium|moderate|standard|not_priority)$", re.I
)
MEANT_TO_BE_FIRST = re.compile(r"^(\W*[12]\b.*|p[01]|high.*|urgent|critical|blocker|major|priority)$", re.I)


def reply_limit(facts: Facts) -> str:
    """Return the time within which a first reply counts as in time, such as `within 4 h`."""
    hours, working = facts.declared.target("first_reply_hours"), facts.declared.target("first_reply_working_hours")
    if hours is not None:
        return f"within {duration(hours * HOUR)}"
    if working is not None:
        return f"within {duration(working * HOUR)} of working time"
    return "in the time usual for their channel"


def solution_limit(facts: Facts) -> str:
    """Return the time within which a solution counts as in time."""
    hours = facts.declared.target("resolution_hours")
    return f"within {duration(hours * HOUR)}" if hours is not None else "in the time usual for their channel"


def replies_by_working_time(facts: Facts) -> bool:
    """Tell whether first replies are judged in working time."""
    return by_working_time(facts.declared, "first_reply_hours", "first_reply_working_hours")


def by_design(test: Test) -> bool:
    """Tell whether a difference between priorities is what priorities are for: the low ones wait."""
    label = test.scope.get("priority")
    if label is None:
        return False
    if test.status is Status.GOOD_PRACTICE:
        return bool(MEANT_TO_BE_FIRST.match(label) or MEANT_TO_WAIT.match(label))
    return bool(MEANT_TO_WAIT.match(label))
