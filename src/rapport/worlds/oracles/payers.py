"""What the oracle compares among payers: whether a failed payment is made good, and what a price rise costs."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene, Sight, changed, unseen

MADE_GOOD = -0.10
"""The least effect of the audit of payment failure."""
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
