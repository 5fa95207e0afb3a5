"""Subscribers of one plan leave faster."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def churn(levers: Levers, dose: float) -> None:
    """Multiply by `dose` the cancellations of Linen Club Plus in the last eight months."""
    levers.cancelling.append(Rule(dose, {"plan": "Linen Club Plus"}, since=levers.ago(8)))


PLANT = Plant(
    "churn",
    dose=3.0,
    unit="times the hazard",
    says="cancellations of Linen Club Plus multiply in the last eight months",
    scope={"plan": "Linen Club Plus"},
    apply=churn,
)
