"""One team closes cases before they are solved."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def reopens(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Make a team's cases come back with `dose` more probability."""
    levers.reopened.append(Rule(dose, plant.scope))
    return None


SHOP = Plant(
    "reopens",
    world="shop",
    dose=0.1,
    unit="more probability",
    says="cases that the team Shop closes come back",
    scope={"team": "Shop"},
    apply=reopens,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="cases that the team Helpline closes come back",
    scope={"team": "Helpline"},
)
