"""What the oracle compares among payers: whether a failed payment is made good, and what a price rise costs."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, changed, unseen
from rapport.worlds.streams import Floats

MADE_GOOD, REVENUE_LOST = -0.10, 0.005
"""The least effects of the audits of payment failure and of revenue retention (a month)."""
MONTH = 2_629_800
WINDOW = 21 * DAY


def payment_failure(scene: Scene) -> Sight:
    """Compare the share of the provider's failed payments made within 21 days before and since, net of all others'."""
    who, due, at = (
        scene.customers("payments"),
        scene.seconds("payments", "due_at"),
        scene.seconds("payments", "paid_at"),
    )
    if not who.size:
        return unseen(MADE_GOOD)
    paid = scene.text("payments", "status") == "succeeded"
    there = scene.there("payments", "provider")
    order = np.lexsort((at, due, who))
    who, due, at, paid, there = who[order], due[order], at[order], paid[order], there[order]
    first = np.append(True, (who[1:] != who[:-1]) | (due[1:] != due[:-1]))
    case = np.cumsum(first) - 1
    made = np.bincount(case, weights=paid & (at - at[first][case] <= WINDOW)) > 0
    failed = ~paid[first] & (at[first] < scene.end - WINDOW)
    return changed(made.astype(np.float64), who[first], there[first], at[first] >= scene.since, failed, MADE_GOOD)


def revenue_retention(scene: Scene) -> Sight:
    """Compare what accounts of the cohort lose of their revenue a month before and since, net of all others'."""
    who, begins = scene.customers("subscriptions"), scene.seconds("subscriptions", "valid_from")
    if not who.size:
        return unseen(REVENUE_LOST)
    ends = scene.seconds("subscriptions", "valid_to")
    ends = np.where(ends == NEVER, np.iinfo(np.int64).max, ends)
    price, n = scene.numbers("subscriptions", "mrr"), scene.tables["customers"].num_rows
    joined = scene.seconds("customers", "created_at").astype("datetime64[s]").astype("datetime64[Y]").astype(str)
    its = joined == scene.scope["cohort"]

    def paid(at: int) -> Floats:
        now = (begins < at) & (ends >= at)
        return np.bincount(who[now], weights=price[now], minlength=n).astype(np.float64)

    first = scene.since - (scene.since - int(begins.min())) // MONTH * MONTH
    rows = []
    for start in range(first, scene.end - MONTH + 1, MONTH):
        before, after = paid(start), paid(start + MONTH)
        own = np.flatnonzero(before > 0)
        gone = np.maximum(before - after, 0)[own] / before[own]
        rows.append((own, gone, its[own], np.full(own.size, start >= scene.since)))
    if not rows:
        return unseen(REVENUE_LOST)
    own, gone, there, late = (np.concatenate(column) for column in zip(*rows, strict=True))
    return changed(gone, own, there, late, np.ones(own.size, dtype=np.bool_), REVENUE_LOST)
