"""One cohort's price rises, and it shrinks."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule

RISE = 1.15


def revenue_retention(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Raise the price of one cohort ten months ago; since then `dose` times as many of it leave or cut back."""
    since = levers.ago(10)
    levers.repriced.append(Rule(RISE, plant.scope, since))
    levers.cancelling.append(Rule(dose, plant.scope, since))
    levers.shrinking.append(Rule(dose, plant.scope, since))
    return since


SUBSCRIPTION = Plant(
    "revenue-retention",
    world="subscription",
    dose=3.5,
    unit="times the hazard",
    says="the price of those who came in 2023 rises ten months ago; they leave or cut back",
    scope={"cohort": "2023"},
    apply=revenue_retention,
)
