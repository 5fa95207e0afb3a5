"""Buyers from one channel come once and never again."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def repeat_purchase(levers: Levers, dose: float) -> None:
    """Make a share `dose` of the further orders of buyers from the marketplace not happen."""
    levers.again.append(Rule(1.0 - dose, {"acquisition_channel": "marketplace"}))


PLANT = Plant(
    "repeat-purchase",
    dose=1.0,
    unit="share that never returns",
    says="buyers who came by the marketplace never return",
    scope={"acquisition_channel": "marketplace"},
    apply=repeat_purchase,
)
