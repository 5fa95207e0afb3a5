"""The main contact leaves, and the account's use follows."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant


def champion_left(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let accounts without a champion use less by a share `dose` of their usual until another person takes it up."""
    levers.alone = 1 - dose
    return None


SUBSCRIPTION = Plant(
    "champion-left",
    world="subscription",
    dose=0.85,
    unit="share of the use",
    says="accounts whose main contact has left hardly use the software until somebody else takes it up",
    scope={},
    apply=champion_left,
)
