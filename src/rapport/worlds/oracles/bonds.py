"""What the oracle compares in what binds customers: how many are partners, and use after a champion has left."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, contrast, unseen
from rapport.worlds.streams import Bools, Ints

PARTNERS, FOLLOWS = -0.05, -0.30
"""The least effects of the audits of relationship depth and of champions who left."""
MONTH, SPAN = 2_629_800, 3
LONG_AFTER = np.int64(2**60)
YEAR = 365 * DAY
CATEGORIES, ORDERS = 2, 3


def relationship_depth(scene: Scene) -> Sight:
    """Compare the share that buys in two categories and three times a year, now and a year before, at like tenure.

    Of those who have been customers for a year; the weight is their share among all, since only they can be partners.
    """
    who, at = scene.customers("orders"), scene.seconds("orders", "ordered_at")
    lines, orders = scene.tables["order_lines"], scene.tables["orders"]["order_id"].combine_chunks()
    of = np.asarray(pc.index_in(lines["order_id"], value_set=orders).fill_null(-1), dtype=np.int64)
    kinds = np.asarray(lines["category"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    joined = scene.seconds("customers", "created_at")
    n = joined.size
    values, here, weights = [], [], []
    for end in (scene.end, scene.end - YEAR):
        inside: Bools = (at >= end - YEAR) & (at < end) & (who >= 0)
        count = np.bincount(who[inside], minlength=n)
        kept = inside[of] & (of >= 0)
        broad = np.bincount(np.unique(np.stack([who[of[kept]], kinds[kept]]), axis=1)[0], minlength=n)
        values.append(((count >= ORDERS) & (broad >= CATEGORIES)).astype(np.float64))
        here.append((count > 0) & (joined <= end - YEAR))
        weights.append(here[-1].sum() / max(int((count > 0).sum()), 1))
    y, there = np.concatenate(values), np.concatenate(here)
    late = np.arange(2 * n) < n
    weight = float(np.mean(weights))
    parts = ((weight, there & late), (-weight, there & ~late))
    return contrast(y, np.tile(np.arange(n), 2), parts, PARTNERS)


def champion_left(scene: Scene) -> Sight:
    """Compare the days of use in the three months after a champion has left with those in the three before.

    Of accounts that pay all the time, month by month net of those whose champion leaves later still, in shares of the
    usual days.
    """
    left = _first_leavings(scene)
    months = np.array([scene.end - k * MONTH for k in range(24, -1, -1)], dtype=np.int64)
    days = _days_of_use(scene, months)
    begins, ends = _paid(scene)
    rows = []
    for m in range(SPAN, months.size - 1 - SPAN):
        window = (begins <= months[m - SPAN]) & (ends >= months[m + 1 + SPAN])
        now, later = window & (left >= months[m]) & (left < months[m + 1]), window & (left >= months[m + 1 + SPAN])
        if not now.any() or not later.any():
            continue
        usual, after = days[m - SPAN : m].sum(axis=0), days[m + 1 : m + 1 + SPAN].sum(axis=0)
        change = (after - usual).astype(np.float64)
        own = np.flatnonzero(now)
        rows.append((change[own] - change[later].mean(), own, usual[own].astype(np.float64)))
    if not rows:
        return unseen(FOLLOWS)
    y, who, usual = (np.concatenate(column) for column in zip(*rows, strict=True))
    if not usual.sum() > 0:
        return unseen(FOLLOWS)
    return contrast(y / usual.mean(), who, ((1.0, np.ones(y.size, dtype=np.bool_)),), FOLLOWS)


def _first_leavings(scene: Scene) -> Ints:
    """Return when each account's first champion left, the end of time where none did."""
    left = np.full(scene.tables["customers"].num_rows, LONG_AFTER)
    champion = np.asarray(scene.tables["contacts"]["champion"].fill_null(False), dtype=np.bool_)
    at = scene.seconds("contacts", "left_at")
    gone = champion & (at != NEVER)
    np.minimum.at(left, scene.customers("contacts")[gone], at[gone])
    return np.where(left == LONG_AFTER, np.int64(-1), left)


def _days_of_use(scene: Scene, months: Ints) -> Ints:
    """Return for each month and account on how many days something was used."""
    n = scene.tables["customers"].num_rows
    at, who = scene.seconds("usage", "day"), scene.customers("usage")
    found = np.unique(np.stack([who, at // DAY]), axis=1)
    month = np.searchsorted(months, found[1] * DAY, side="right") - 1
    kept = (month >= 0) & (month < months.size - 1)
    counts = np.bincount(month[kept] * n + found[0][kept], minlength=(months.size - 1) * n)
    return counts.reshape(months.size - 1, n)


def _paid(scene: Scene) -> tuple[Ints, Ints]:
    """Return from when to when each account paid."""
    n = scene.tables["customers"].num_rows
    who, ends = scene.customers("subscriptions"), scene.seconds("subscriptions", "valid_to")
    begun, until = np.full(n, LONG_AFTER), np.full(n, -LONG_AFTER)
    np.minimum.at(begun, who, scene.seconds("subscriptions", "valid_from"))
    np.maximum.at(until, who, np.where(ends == NEVER, LONG_AFTER, ends))
    return begun, until
