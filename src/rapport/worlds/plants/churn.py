"""Subscribers of one plan leave faster."""

from __future__ import annotations

from dataclasses import replace

from rapport.worlds.rules import Levers, Plant, Rule


def churn(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Multiply by `dose` the cancellations of a plan in the last eight months."""
    since = levers.ago(8)
    levers.cancelling.append(Rule(dose, plant.scope, since))
    return since


SHOP = Plant(
    "churn",
    world="shop",
    dose=3.0,
    unit="times the hazard",
    says="cancellations of Linen Club Plus multiply in the last eight months",
    scope={"plan": "Linen Club Plus"},
    apply=churn,
    measured=False,
)

SUBSCRIPTION = replace(
    SHOP,
    world="subscription",
    dose=2.75,
    says="cancellations of the plan Crew multiply in the last eight months",
    scope={"plan": "Crew"},
    measured=True,
)
