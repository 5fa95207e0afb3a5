"""Those who came lately stay less long."""

from __future__ import annotations

from dataclasses import replace

from rapport.worlds.rules import Levers, Plant, Rule


def retention(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Multiply by `dose` the hazard of leaving of customers who joined in the last twelve months."""
    since = levers.ago(12)
    levers.leaving.append(Rule(dose, since=since))
    return since


SHOP = Plant(
    "retention",
    world="shop",
    dose=8.0,
    unit="times the hazard",
    says="customers who joined in the last twelve months leave faster",
    scope={},
    apply=retention,
    measured=False,
)

SUBSCRIPTION = replace(SHOP, world="subscription", dose=4.5, measured=True)
