"""What the oracle compares among subscribers: who leaves a plan in a month, and whether newer cohorts stay as long."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, changed, contrast, unseen
from rapport.worlds.streams import Bools, Ints

LEAVING, STAYING = 0.005, -0.05
"""The least effects of the audits of churn (a month) and of retention."""
MONTH = 2_629_800
AGE = 180 * DAY
EDGE = 31 * DAY


def churn(scene: Scene) -> Sight:
    """Compare the share of the plan's subscribers who leave in a month before and since, net of the other plans."""
    who, begins, ends = periods(scene)
    if not begins.size:
        return unseen(LEAVING)
    plan = scene.text("subscriptions", "plan") == scene.scope["plan"]
    rows: list[tuple[Ints, Bools, Bools, Bools]] = []
    customers = scene.tables["customers"].num_rows
    last = scene.end - MONTH
    for start in range(scene.since - (scene.since - int(begins.min())) // MONTH * MONTH, last + 1, MONTH):
        now, later = ((begins < t) & (ends >= t) for t in (start, start + MONTH))
        there, stays, its = (np.zeros(customers, dtype=np.bool_) for _ in range(3))
        there[who[now]], stays[who[later]], its[who[now & plan]] = True, True, True
        own = np.flatnonzero(there)
        rows.append((own, ~stays[own], its[own], np.full(own.size, start >= scene.since)))
    if not rows:
        return unseen(LEAVING)
    own, lost, its, late = (np.concatenate(column) for column in zip(*rows, strict=True))
    return changed(lost.astype(np.float64), own, its, late, np.ones(own.size, dtype=np.bool_), LEAVING)


def retention(scene: Scene) -> Sight:
    """Compare the share still paying half a year after they began: of those who began since, and of those before."""
    who, begins, ends = periods(scene)
    if not begins.size:
        return unseen(STAYING)
    first = np.full(scene.tables["customers"].num_rows, np.iinfo(np.int64).max)
    np.minimum.at(first, who, begins)
    stays = np.zeros(first.size, dtype=np.bool_)
    stays[who[(begins <= first[who] + AGE) & (ends > first[who] + AGE)]] = True
    known = (first > int(begins.min()) + EDGE) & (first < scene.end - AGE)
    late = first >= scene.since
    parts = ((1.0, known & late), (-1.0, known & ~late))
    return contrast(stays.astype(np.float64), np.arange(first.size), parts, STAYING)


def periods(scene: Scene) -> tuple[Ints, Ints, Ints]:
    """Return customer, beginning and end of each paid period; one that lasts ends after all time."""
    ends = scene.seconds("subscriptions", "valid_to")
    begins = scene.seconds("subscriptions", "valid_from")
    return scene.customers("subscriptions"), begins, np.where(ends == NEVER, np.iinfo(np.int64).max, ends)
