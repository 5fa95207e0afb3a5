"""What the oracle compares among accounts whose champion has left: how many of them go, whatever they used."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart, unseen
from rapport.worlds.oracles.subscribers import periods

GREEN = 0.05
"""The least effect of the audit of health."""
HORIZON, LATELY, MOMENTS = 91 * DAY, 182 * DAY, 4


def health_calibration(scene: Scene) -> Sight:
    """Compare who leaves within a quarter: accounts whose champion left in the half-year before, and all others."""
    who, begins, ends = periods(scene)
    if not who.size or "contacts" not in scene.tables:
        return unseen(GREEN)
    n = scene.tables["customers"].num_rows
    champion = np.asarray(scene.tables["contacts"]["champion"].fill_null(False), dtype=np.bool_)
    at, of = scene.seconds("contacts", "left_at"), scene.customers("contacts")
    gone = champion & (at != NEVER) & (of >= 0)
    rows = []
    for k in range(1, MOMENTS + 1):
        moment = scene.end - k * HORIZON
        if moment < scene.since:
            break
        there, stays, bereft = (np.zeros(n, dtype=np.bool_) for _ in range(3))
        there[who[(begins < moment) & (ends >= moment)]] = True
        stays[who[(begins < moment + HORIZON) & (ends >= moment + HORIZON)]] = True
        bereft[of[gone & (at < moment) & (at >= moment - LATELY)]] = True
        own = np.flatnonzero(there)
        rows.append((~stays[own], own, bereft[own]))
    if not rows:
        return unseen(GREEN)
    left, own, bereft = (np.concatenate(column) for column in zip(*rows, strict=True))
    return apart(left.astype(np.float64), own, bereft, np.ones(own.size, dtype=np.bool_), GREEN)
