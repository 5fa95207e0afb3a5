"""What the oracle compares among newcomers: how many recommend the company, of early users of a feature and others."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene, Sight, apart, unseen
from rapport.worlds.oracles.subscribers import periods

LOYAL = 0.05
"""The least effect of the audit of loyalty drivers."""
FIRST, LATER = 28 * DAY, 180 * DAY


def loyalty_drivers(scene: Scene) -> Sight:
    """Compare the share of newcomers who recommend in the half year after four weeks: early users with all others."""
    who, begins, ends = periods(scene)
    n = scene.tables["customers"].num_rows
    if not begins.size:
        return unseen(LOYAL)
    began, last = np.full(n, np.iinfo(np.int64).max), np.full(n, -1, dtype=np.int64)
    np.minimum.at(began, who, begins)
    np.maximum.at(last, who, ends)
    new = scene.seconds("customers", "created_at") >= int(begins.min())
    usable = new & (began < scene.end - FIRST - LATER) & (last > began + FIRST)
    feature = scene.scope["behaviour"].removeprefix("used ")
    used = scene.tables["usage"]
    its = np.asarray(pc.equal(used["feature"], feature))
    users = scene.customers("usage")[its]
    at = scene.seconds("usage", "day")[its]
    early = np.zeros(n, dtype=np.bool_)
    early[users[at < began[users] + FIRST]] = True
    ids = scene.tables["customers"]["customer_id"].combine_chunks()
    source = np.asarray(pc.index_in(scene.tables["referrals"]["referrer_id"], value_set=ids).fill_null(-1))
    when = scene.seconds("referrals", "at")
    later = (when >= began[source] + FIRST) & (when < began[source] + FIRST + LATER)
    recommends = np.zeros(n)
    recommends[source[later]] = 1.0
    return apart(recommends, np.arange(n), early, usable, LOYAL)
