"""What the oracle compares among those whom campaigns won: whether they stay as long as others of their channel."""

from __future__ import annotations

import numpy as np

from rapport.worlds.oracle import Scene, Sight, contrast, unseen
from rapport.worlds.oracles.subscribers import AGE, EDGE, STAYING, periods


def after_the_sale(scene: Scene) -> Sight:
    """Compare the share still paying after half a year, the campaign's with that of others of its channel."""
    who, begins, ends = periods(scene)
    if not begins.size:
        return unseen(STAYING)
    first = np.full(scene.tables["customers"].num_rows, np.iinfo(np.int64).max)
    np.minimum.at(first, who, begins)
    stays = np.zeros(first.size, dtype=np.bool_)
    stays[who[(begins <= first[who] + AGE) & (ends > first[who] + AGE)]] = True
    known = (first > int(begins.min()) + EDGE) & (first < scene.end - AGE)
    own = scene.there("customers", "acquisition_campaign")
    channel = scene.text("customers", "acquisition_channel")
    alike = known & np.isin(channel, np.unique(channel[own]).tolist())
    parts = ((1.0, alike & own), (-1.0, alike & ~own))
    return contrast(stays.astype(np.float64), np.arange(first.size), parts, STAYING)
