"""What the oracle compares in the answers to surveys: a touchpoint, or the whole company, before and since."""

from __future__ import annotations

import numpy as np

from rapport.worlds.oracle import Scene, Sight, changed
from rapport.worlds.streams import Bools, Floats

PROMOTER, DETRACTOR = 9, 6
SATISFIED = 4
POINTS, SHARE, EASE = -5.0, -0.05, -0.3
"""The least effects of the audits of NPS (points), CSAT (share) and CES (1 to 7)."""


def nps(scene: Scene) -> Sight:
    """Compare the promoters less the detractors before and since."""
    score = scene.numbers("feedback", "score")
    value = np.where(score >= PROMOTER, 100.0, np.where(score <= DETRACTOR, -100.0, 0.0))
    return _answers(scene, "nps", value, POINTS)


def csat(scene: Scene) -> Sight:
    """Compare the share of satisfied answers at the touchpoint, net of all other touchpoints."""
    return _answers(scene, "csat", (scene.numbers("feedback", "score") >= SATISFIED).astype(np.float64), SHARE)


def ces(scene: Scene) -> Sight:
    """Compare the mean ease at the touchpoint, net of all other touchpoints."""
    return _answers(scene, "ces", np.nan_to_num(scene.numbers("feedback", "score")), EASE)


def _answers(scene: Scene, kind: str, value: Floats, least: float) -> Sight:
    usable: Bools = (scene.text("feedback", "kind") == kind) & ~np.isnan(scene.numbers("feedback", "score"))
    there = scene.there("feedback", *(name for name in scene.scope if name != "kind")) if scene.scope else usable
    late = scene.seconds("feedback", "asked_at") >= scene.since
    return changed(value, scene.customers("feedback"), there, late, usable, least)
