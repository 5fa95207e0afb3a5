"""One moment of the journey satisfies less than it did."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def csat(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Lower the satisfaction score of a touchpoint by `dose` of five in the last four months."""
    since = levers.ago(4)
    levers.scores.append(Rule(-dose, {"kind": "csat", **plant.scope}, since))
    return since


SHOP = Plant(
    "csat",
    world="shop",
    dose=0.6,
    unit="points of five",
    says="satisfaction with deliveries falls in the last four months",
    scope={"touchpoint": "delivery"},
    apply=csat,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="satisfaction with the app falls in the last four months",
    scope={"touchpoint": "app"},
)
