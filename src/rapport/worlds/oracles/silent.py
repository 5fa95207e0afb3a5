"""What the oracle compares of those who go without a word: whose contract runs and who has not been seen lately."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart, unseen

GONE = 0.0025
"""The least effect of the audit: more who go in four weeks."""
SILENT, LOOKS = 56 * DAY, 9
"""For how long who is gone has not been seen at the end; over how many times four weeks those planted go."""


def silent_churn(scene: Scene) -> Sight:
    """Compare the share of those who pay at the end and were not seen for eight weeks, told as of four weeks."""
    used, joined = scene.tables["usage"], scene.seconds("customers", "created_at")
    if not used.num_rows:
        return unseen(GONE)
    day = np.asarray(used["day"].cast("int32"), dtype=np.int64) * DAY
    seen = np.zeros(joined.size, dtype=np.int64)
    np.maximum.at(seen, scene.customers("usage"), day)
    runs = np.zeros(joined.size, dtype=np.bool_)
    runs[scene.customers("subscriptions")[scene.seconds("subscriptions", "valid_to") == NEVER]] = True
    known = runs & (joined < scene.since) & (seen > 0)
    there = scene.text("customers", "region") == scene.scope["region"]
    silent = (scene.end - seen > SILENT).astype(np.float64)
    found = apart(silent, np.arange(joined.size), there, known, GONE)
    return Sight(found.effect / LOOKS, GONE, found.standard_error / LOOKS, found.n)
