"""Fewer customers would recommend the shop than half a year ago."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule

# A promoter who falls by four becomes a detractor (two steps), a passive too (one step), others stay; as measured.
POINTS_PER_SHARE = 1.18


def nps(levers: Levers, dose: float) -> None:
    """Lower the NPS of the last five months by `dose` points: a share of answers falls by four."""
    levers.nps_fallen.append(Rule(dose / 100 / POINTS_PER_SHARE, {"kind": "nps"}, since=levers.ago(5)))


PLANT = Plant(
    "nps",
    dose=15.0,
    unit="points",
    says="the NPS falls in the last five months",
    scope={},
    apply=nps,
)
