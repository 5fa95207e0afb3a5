"""Partners turn into one-off buyers."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def relationship_depth(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let those who have been here for long and come often order less by a share `dose` in the last twelve months."""
    since = levers.ago(12)
    levers.again.append(Rule(1 - dose, {"standing": "partner"}, since))
    return since


SHOP = Plant(
    "relationship-depth",
    world="shop",
    dose=0.85,
    unit="share of their orders",
    says="customers who came often and for long turn into one-off buyers in the last twelve months",
    scope={},
    apply=relationship_depth,
)
