"""What the oracle compares in offers: whether a segment's customers were offered a category within a year."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart, unseen

OFFERED = -0.10
"""The least effect of the audit of missed opportunities."""
YEAR = 365 * DAY


def missed_opportunities(scene: Scene) -> Sight:
    """Compare the share offered the category within a year, of the segment and of all others who were sent offers."""
    if "category" not in scene.tables["touches"].column_names or not scene.tables["touches"].num_rows:
        return unseen(OFFERED)
    who, at = scene.customers("touches"), scene.seconds("touches", "sent_at")
    category = scene.text("touches", "category")
    lately = (at != NEVER) & (at >= scene.end - YEAR)
    sent, offered = (np.zeros(scene.tables["customers"].num_rows, dtype=np.bool_) for _ in range(2))
    sent[who[lately & (category != "")]] = True
    offered[who[lately & (category == scene.scope["category"])]] = True
    there = scene.there("customers", "segment")
    return apart(offered.astype(np.float64), np.arange(sent.size), there, sent, OFFERED)
