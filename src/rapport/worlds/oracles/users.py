"""What the oracle compares in how a service is used: what is taken up, how soon, and by whom less than before."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene, Sight, apart, unseen
from rapport.worlds.streams import Ints

TAKEN_UP = -0.10
"""The least effect of the audit of the breadth of use."""
YEAR, SETTLING = 365 * DAY, 180 * DAY


def usage_breadth(scene: Scene) -> Sight:
    """Compare the share of the plan's subscribers who used the feature most used elsewhere, in the newest year."""
    used = scene.tables["usage"]
    if not used.num_rows:
        return unseen(TAKEN_UP)
    plan = scene.text("customers", "plan")
    there = plan == scene.scope["plan"]
    who, late = scene.customers("usage"), _days(scene) >= scene.end - YEAR
    code = used["feature"].combine_chunks().dictionary_encode()
    feature = np.asarray(code.indices)
    takes = np.zeros((plan.size, len(code.dictionary)), dtype=np.bool_)
    takes[who[late], feature[late]] = True
    known = takes.any(axis=1) & (plan != "") & (scene.seconds("customers", "created_at") < scene.end - SETTLING)
    if not (known & ~there).any():
        return unseen(TAKEN_UP)
    core = int(np.argmax(takes[known & ~there].mean(axis=0)))
    return apart(takes[:, core].astype(np.float64), np.arange(plan.size), there, known, TAKEN_UP)


def _days(scene: Scene) -> Ints:
    """Return the day of each row of use as UTC seconds."""
    return np.asarray(scene.tables["usage"]["day"].cast("int32"), dtype=np.int64) * DAY
