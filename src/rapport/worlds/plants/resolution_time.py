"""One kind of problem begins to take longer."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def resolution_time(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Make cases about one topic take `dose` times as long for the last six months."""
    since = levers.ago(6)
    levers.resolve.append(Rule(dose, plant.scope, since))
    return since


SHOP = Plant(
    "resolution-time",
    world="shop",
    dose=2.5,
    unit="times as slow",
    says="damaged goods take longer since six months",
    scope={"topic": "damaged"},
    apply=resolution_time,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="problems with the mobile app take longer since six months",
    scope={"topic": "mobile app"},
)
