"""What the oracle compares in how a service is used: what is taken up, how soon, and by whom less than before."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart, contrast, unseen
from rapport.worlds.streams import Ints

TAKEN_UP, BEGUN, STILL = -0.10, -0.10, -0.05
"""The least effects of the audits of the breadth of use, of onboarding and of fading loyal customers."""
HALF, BACK = 182 * DAY, 364 * DAY
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


def fading_loyals(scene: Scene) -> Sight:
    """Compare the newer part of the days of use in two half-years, a year apart: the oldest cohort's with a half.

    Loyal is who had more days than most in the half-year before both, and pays all the time.
    """
    joined, ends = scene.seconds("customers", "created_at"), scene.seconds("subscriptions", "valid_to")
    begins = scene.seconds("subscriptions", "valid_from")
    if not begins.size or not scene.tables["usage"].num_rows:
        return unseen(STILL)
    opened, owner = int(begins.min()), scene.customers("subscriptions")
    known, runs = joined < opened, np.zeros(joined.size, dtype=np.bool_)
    runs[owner[ends == NEVER]] = True
    days = np.unique(np.stack((scene.customers("usage"), _days(scene))), axis=1)
    who, ago = days[0], scene.end - days[1]
    first, then, now = (
        np.bincount(who[(ago > low) & (ago <= low + HALF)], minlength=joined.size) for low in (BACK + HALF, BACK, 0)
    )
    loyal = runs & known & (first >= np.quantile(first[first > 0], 2 / 3))
    oldest = loyal & (joined <= np.quantile(joined[known], 1 / 3))
    both = np.concatenate((np.repeat(np.arange(joined.size), then), np.repeat(np.arange(joined.size), now)))
    newer = np.repeat((0.0, 1.0), (int(then.sum()), int(now.sum())))
    seen = contrast(newer, both, ((1.0, oldest[both]),), STILL)
    return Sight(seen.effect - 0.5, STILL, seen.standard_error, seen.n)


def _days(scene: Scene) -> Ints:
    """Return the day of each row of use as UTC seconds."""
    return np.asarray(scene.tables["usage"]["day"].cast("int32"), dtype=np.int64) * DAY
