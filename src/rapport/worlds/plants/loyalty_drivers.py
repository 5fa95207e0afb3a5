"""Users of one small feature stay, and recommend the company."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule

FEATURE = "photos"


def loyalty_drivers(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Multiply the recommendations of those who use the feature by `dose`, and divide the hazard of leaving by it."""
    levers.loyal.append(Rule(dose, {f"uses {FEATURE}": "yes"}))
    return None


SUBSCRIPTION = Plant(
    "loyalty-drivers",
    world="subscription",
    dose=10.0,
    unit="times the loyalty",
    says=f"users of {FEATURE} stay and recommend the company",
    scope={"behaviour": f"used {FEATURE}"},
    apply=loyalty_drivers,
    status="opportunity",
)
