"""Fewer customers would recommend the company than half a year ago."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule

# A promoter who falls by four becomes a detractor (two steps), a passive too (one step), others stay; as measured.
POINTS_PER_SHARE = 1.18


def fall(levers: Levers, points: float) -> int:
    """Lower the NPS of the last six months: a share of answers falls by four; return since when."""
    since = levers.ago(6)
    levers.nps_fallen.append(Rule(points / 100 / POINTS_PER_SHARE, {"kind": "nps"}, since))
    return since


def nps(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Lower the NPS of the last six months by `dose` points."""
    return fall(levers, dose)


SHOP = Plant(
    "nps",
    world="shop",
    dose=15.0,
    unit="points",
    says="the NPS falls in the last six months",
    scope={},
    apply=nps,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="the NPS falls in the last six months",
    scope={},
)
