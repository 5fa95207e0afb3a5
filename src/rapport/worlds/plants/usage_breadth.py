"""Subscribers of one plan hardly take up the feature that everybody else lives by."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule

CORE = "schedule"


def usage_breadth(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let a share `dose` of a plan's subscribers, who else would, never take up the core feature."""
    levers.unused.append(Rule(1.0 - dose, {**plant.scope, "feature": CORE}))
    return None


SUBSCRIPTION = Plant(
    "usage-breadth",
    world="subscription",
    dose=0.3,
    unit="share of those who else would",
    says="subscribers of the plan Crew hardly take up the schedule",
    scope={"plan": "Crew"},
    apply=usage_breadth,
)
