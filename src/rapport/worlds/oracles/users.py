"""What the oracle compares in how a service is used: what is taken up, how soon, and by whom less than before."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene, Sight, apart, unseen
from rapport.worlds.streams import Ints

TAKEN_UP, BEGUN = -0.10, -0.10
"""The least effects of the audits of the breadth of use and of onboarding."""
YEAR, SETTLING, BEGINNING = 365 * DAY, 180 * DAY, 50 * DAY


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


def onboarding(scene: Scene) -> Sight:
    """Compare the share of new subscribers who use the most used feature in 50 days, the plan's with all others'."""
    used, joined = scene.tables["usage"], scene.seconds("customers", "created_at")
    if not used.num_rows:
        return unseen(BEGUN)
    who, day = scene.customers("usage"), _days(scene)
    code = used["feature"].combine_chunks().dictionary_encode()
    takes = np.zeros((joined.size, len(code.dictionary)), dtype=np.bool_)
    takes[who, np.asarray(code.indices)] = True
    own = np.asarray(code.indices) == int(np.argmax(takes.sum(axis=0)))
    first = np.full(joined.size, np.iinfo(np.int64).max // 2)
    np.minimum.at(first, who[own], day[own])
    there = np.zeros(joined.size, dtype=np.bool_)
    there[scene.customers("subscriptions")[scene.there("subscriptions", "plan")]] = True
    known = (joined > int(day.min())) & (joined < scene.end - BEGINNING)
    return apart((first - joined <= BEGINNING).astype(np.float64), np.arange(joined.size), there, known, BEGUN)


def _days(scene: Scene) -> Ints:
    """Return the day of each row of use as UTC seconds."""
    return np.asarray(scene.tables["usage"]["day"].cast("int32"), dtype=np.int64) * DAY
