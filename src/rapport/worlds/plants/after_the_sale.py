"""One campaign brings customers who leave."""

from __future__ import annotations

from dataclasses import replace

from rapport.worlds.rules import Levers, Plant, Rule


def after_the_sale(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Multiply by `dose` the hazard of leaving of those whom one campaign won."""
    levers.leaving.append(Rule(dose, plant.scope))
    return None


def never_again(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Make a share `dose` of the further orders of those whom one campaign won not happen."""
    levers.again.append(Rule(1.0 - dose, plant.scope))
    return None


SHOP = Plant(
    "after-the-sale",
    world="shop",
    dose=0.7,
    unit="share that never returns",
    says="buyers whom the campaign of seasonal rooms won do not come back",
    scope={"acquisition_campaign": "summer rooms"},
    apply=never_again,
    measured=False,
)

SUBSCRIPTION = replace(
    SHOP,
    world="subscription",
    dose=6.0,
    unit="times the hazard",
    says="accounts won by the trial offer leave faster",
    scope={"acquisition_campaign": "trial offer"},
    apply=after_the_sale,
    measured=True,
)
