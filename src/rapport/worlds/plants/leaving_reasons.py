"""Customers whom nobody answered leave, and say it was the price."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule

DROPPED = 0.008
"""So many more cases than usual are left without an answer, everywhere."""


def leaving_reasons(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let a share `dose` of those whose case was left unanswered leave in the month after, and call it the price."""
    since = levers.ago(12)
    levers.dropped.append(Rule(DROPPED, {}, since))
    levers.unheard.append(Rule(dose, {}, since))
    return since


SUBSCRIPTION = Plant(
    "leaving-reasons",
    world="subscription",
    dose=0.6,
    unit="share that leaves",
    says="accounts leave after a case that nobody answered, and say that it was too expensive",
    scope={"said": "price"},
    apply=leaving_reasons,
)
