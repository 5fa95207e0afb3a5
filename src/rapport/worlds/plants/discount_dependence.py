"""Customers stop coming back at the full price."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def discount_dependence(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Make a share `dose` of further orders at full price not happen in the last nine months."""
    since = levers.ago(9)
    levers.full_price.append(Rule(1.0 - dose, since=since))
    return since


SHOP = Plant(
    "discount-dependence",
    world="shop",
    dose=0.8,
    unit="share of full-price orders",
    says="further orders at full price die out in the last nine months",
    scope={},
    apply=discount_dependence,
)
