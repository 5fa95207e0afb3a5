"""One kind of problem begins to take longer."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def resolution_time(levers: Levers, dose: float) -> None:
    """Make damaged goods take `dose` times as long for the last six months."""
    levers.resolve.append(Rule(dose, {"topic": "damaged"}, since=levers.ago(6)))


PLANT = Plant(
    "resolution-time",
    dose=2.0,
    unit="times as slow",
    says="damaged goods take longer since six months",
    scope={"topic": "damaged"},
    apply=resolution_time,
)
