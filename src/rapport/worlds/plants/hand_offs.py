"""One kind of case is passed from team to team."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def hand_offs(levers: Levers, dose: float) -> None:
    """Give cases about returns `dose` more hand-offs on average."""
    levers.handed_on.append(Rule(dose, {"topic": "returns"}))


PLANT = Plant(
    "hand-offs",
    dose=2.0,
    unit="more hand-offs",
    says="cases about returns are passed through several teams",
    scope={"topic": "returns"},
    apply=hand_offs,
)
