"""One kind of case is passed from team to team."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def hand_offs(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Give cases about one topic `dose` more hand-offs on average."""
    levers.handed_on.append(Rule(dose, plant.scope))
    return None


SHOP = Plant(
    "hand-offs",
    world="shop",
    dose=2.0,
    unit="more hand-offs",
    says="cases about returns are passed through several teams",
    scope={"topic": "returns"},
    apply=hand_offs,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="cases about integrations are passed through several teams",
    scope={"topic": "integration"},
)
