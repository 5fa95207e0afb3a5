"""Something that customers have to do becomes hard work."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def ces(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Lower the ease score of a touchpoint by `dose` of seven in the last six months."""
    since = levers.ago(6)
    levers.scores.append(Rule(-dose, {"kind": "ces", **plant.scope}, since))
    return since


SHOP = Plant(
    "ces",
    world="shop",
    dose=1.0,
    unit="points of seven",
    says="returning something gets hard in the last six months",
    scope={"touchpoint": "returns"},
    apply=ces,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="mending an integration gets hard in the last six months",
    scope={"touchpoint": "integration"},
)
