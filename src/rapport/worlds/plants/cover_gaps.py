"""Nobody is at the desk on Saturdays any more."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant

SATURDAY = 5


def cover_gaps(levers: Levers, dose: float) -> None:
    """Leave the desk empty on Saturdays for the last `dose` months, although Saturday is announced."""
    levers.unstaffed[SATURDAY] = levers.ago(dose)


PLANT = Plant(
    "cover-gaps",
    dose=12.0,
    unit="months",
    says="nobody answers on Saturdays any more",
    scope={"weekday": "saturday"},
    apply=cover_gaps,
)
