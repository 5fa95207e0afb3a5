"""New subscribers of one plan take long to get going."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def onboarding(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let everything take `dose` times as long as usual in the beginning of a plan's subscribers."""
    levers.beginning.append(Rule(dose, plant.scope))
    return None


SUBSCRIPTION = Plant(
    "onboarding",
    world="subscription",
    dose=2.0,
    unit="times as long",
    says="new subscribers of the plan Solo take much longer to get going",
    scope={"plan": "Solo"},
    apply=onboarding,
)
