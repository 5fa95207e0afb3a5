"""Accounts that are used less and less, and whose main contact leaves only then: the leaving is no cause of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rapport.worlds.clock import DAY, NEVER, WorkTime
from rapport.worlds.oracle import Scene
from rapport.worlds.rules import Tables

BEGINS, SETTLES, ENDS, REMAINS = -150, 30, 150, 0.20
"""Days from the leaving: when use begins to fall, when it has fallen, when it is as before; what remains meanwhile."""


def use_fades_first(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    """Return the record with days of use taken from accounts whose champion is about to leave, more and more."""
    if "contacts" not in tables or "usage" not in tables:
        return tables
    scene = Scene(tables, {}, 0, 0)
    left = np.full(tables["customers"].num_rows, np.int64(2**60))
    champion = np.asarray(tables["contacts"]["champion"].fill_null(False), dtype=np.bool_)
    at = scene.seconds("contacts", "left_at")
    gone = champion & (at != NEVER)
    np.minimum.at(left, scene.customers("contacts")[gone], at[gone])
    used, who = scene.seconds("usage", "day"), scene.customers("usage")
    days = (used - left[who]) / DAY
    slope = 1 - (1 - REMAINS) * np.clip((days - BEGINS) / (SETTLES - BEGINS), 0.0, 1.0)
    _, place = np.unique(np.stack([who, used // DAY]), axis=1, return_inverse=True)
    kept = chance.random(int(place.max(initial=0)) + 1)[place] < np.where(days < ENDS, slope, 1.0)
    return {**tables, "usage": tables["usage"].filter(pa.array(kept))}
