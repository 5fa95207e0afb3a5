"""Those who have been customers for longest do half of what they did."""

from __future__ import annotations

from dataclasses import replace

from rapport.worlds.rules import Levers, Plant, Rule
from rapport.worlds.vigour import OLDEST


def fading_loyals(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Take a share `dose` of what the oldest cohort does away, since eight months."""
    since = levers.ago(8)
    levers.fading.append(Rule(1.0 - dose, plant.scope, since))
    return since


SHOP = Plant(
    "fading-loyals",
    world="shop",
    dose=0.7,
    unit="share of what they do",
    says="the oldest third of the customers hardly order any more in the last eight months",
    scope={"cohort": OLDEST},
    apply=fading_loyals,
    measured=False,
)

SUBSCRIPTION = replace(
    SHOP,
    world="subscription",
    dose=0.5,
    says="the oldest third of the accounts use half as much in the last eight months",
    measured=True,
)
