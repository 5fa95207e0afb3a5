"""What the oracle compares among those who leave: what they had been through before, beside what they say."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart, unseen
from rapport.worlds.oracles.subscribers import MONTH, periods
from rapport.worlds.subscription.contracts import PRICE

BEFORE = 0.10
"""The least effect of the audit of leaving reasons."""
PATIENCE, WINDOW = 7 * DAY, 90 * DAY


def leaving_reasons(scene: Scene) -> Sight:
    """Compare who had an unanswered case in the months before: leavers who say price, and those who stayed."""
    who, begins, ends = periods(scene)
    if not who.size:
        return unseen(BEFORE)
    blames = scene.text("subscriptions", "cancel_reason") == PRICE
    of, opened = scene.customers("tickets"), scene.seconds("tickets", "opened_at")
    replied = scene.seconds("tickets", "first_reply_at")
    ignored = (of >= 0) & ((replied == NEVER) | (replied - opened > PATIENCE))
    of, opened = of[ignored], opened[ignored]
    n = scene.tables["customers"].num_rows
    rows = []
    for start in range(scene.since, scene.end - MONTH + 1, MONTH):
        there, stays, says = (np.zeros(n, dtype=np.bool_) for _ in range(3))
        there[who[(begins < start) & (ends >= start)]] = True
        stays[who[(begins < start + MONTH) & (ends >= start + MONTH)]] = True
        says[who[blames & (ends >= start) & (ends < start + MONTH)]] = True
        had = np.zeros(n, dtype=np.bool_)
        had[of[(opened < start - PATIENCE) & (opened >= start - PATIENCE - WINDOW)]] = True
        own = np.flatnonzero(there & (stays | says))
        rows.append((own, had[own], says[own] & ~stays[own]))
    own, had, left = (np.concatenate(column) for column in zip(*rows, strict=True))
    return apart(had.astype(np.float64), own, left, np.ones(own.size, dtype=np.bool_), BEFORE)
