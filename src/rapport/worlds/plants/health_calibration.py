"""Accounts leave in the half-year after their champion has left, and nothing in their use foretells it."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def health_calibration(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let accounts leave with `dose` more probability a month in the half-year after a champion left."""
    since = levers.ago(20)
    levers.unsponsored.append(Rule(dose, {}, since))
    return since


SUBSCRIPTION = Plant(
    "health-calibration",
    world="subscription",
    dose=0.20,
    unit="more probability a month",
    says="accounts whose main contact has left go within half a year, however much they use",
    scope={"sponsor": "replaced"},
    apply=health_calibration,
)
