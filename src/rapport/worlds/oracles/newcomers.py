"""What the oracle compares among new customers: how they are made up now, and in the same season a year before."""

from __future__ import annotations

import math

import numpy as np

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import FEWEST, Scene, Sight, unseen

DRIFTED = 0.10
"""The least effect of the audit of drift, a population stability index."""
HALF, BACK = 182 * DAY, 364 * DAY


def base_drift(scene: Scene) -> Sight:
    """Count new customers by the planted column, the newest half-year against the same days a year before.

    The index Σ(p − q)·ln(p/q) is (1/N + 1/M) times a noncentral χ²: its mean without chance, and its standard error.
    """
    (column,) = scene.scope
    ago = scene.end - scene.seconds("customers", "created_at")
    kind = scene.text("customers", column)
    now, then = (ago > 0) & (ago <= HALF), (ago > BACK) & (ago <= BACK + HALF)
    if min(now.sum(), then.sum()) < FEWEST:
        return unseen(DRIFTED)
    names = np.unique(kind[now | then])
    p, q = (np.array([(kind[side] == name).sum() + 0.5 for name in names]) for side in (now, then))
    scale, df = 1 / p.sum() + 1 / q.sum(), len(names) - 1
    p, q = p / p.sum(), q / q.sum()
    index = float(max(0.0, ((p - q) * np.log(p / q)).sum() - df * scale))
    error = float(scale * math.sqrt(2 * (df + 2 * index / scale)))
    return Sight(index, DRIFTED, error, int(now.sum() + then.sum()))
