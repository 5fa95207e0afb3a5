"""Nobody is at the desk on one day of the week any more."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def cover_gaps(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Leave the desk empty on one day of the week for the last `dose` months, although the day is announced."""
    since = levers.ago(dose)
    levers.unstaffed[DAYS.index(plant.scope["weekday"])] = since
    return since


SHOP = Plant(
    "cover-gaps",
    world="shop",
    dose=12.0,
    unit="months",
    says="nobody answers on Saturdays any more",
    scope={"weekday": "Saturday"},
    apply=cover_gaps,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="nobody answers on Fridays any more",
    scope={"weekday": "Friday"},
)
