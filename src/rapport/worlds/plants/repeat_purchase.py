"""Buyers from one channel come once and never again."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def repeat_purchase(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Make a share `dose` of the further orders of buyers from one channel not happen."""
    levers.again.append(Rule(1.0 - dose, plant.scope))
    return None


SHOP = Plant(
    "repeat-purchase",
    world="shop",
    dose=1.0,
    unit="share that never returns",
    says="buyers who came by the marketplace never return",
    scope={"acquisition_channel": "marketplace"},
    apply=repeat_purchase,
)
