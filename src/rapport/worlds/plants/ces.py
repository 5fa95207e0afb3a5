"""Sending something back becomes hard work."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def ces(levers: Levers, dose: float) -> None:
    """Lower the ease score of returns by `dose` of seven in the last six months."""
    levers.scores.append(Rule(-dose, {"kind": "ces", "touchpoint": "returns"}, since=levers.ago(6)))


PLANT = Plant(
    "ces",
    dose=1.6,
    unit="points of seven",
    says="returning something gets hard in the last six months",
    scope={"touchpoint": "returns"},
    apply=ces,
)
