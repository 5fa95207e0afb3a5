"""What the oracle compares in what binds customers: how many are partners, and use after a champion has left."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene, Sight, contrast
from rapport.worlds.streams import Bools

PARTNERS = -0.05
"""The least effect of the audit of relationship depth."""
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
