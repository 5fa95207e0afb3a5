"""What the oracle compares in what the company does unasked: who hears from it, and who is thanked."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart
from rapport.worlds.standing import YEAR, best_tenth, most_loyal_fifth

ALONE, THANKED = 0.10, -0.10
"""The least effects of the audits of neglected value and of recognition."""
WINDOW = 90
USEFUL = ("check_in", "renewal", "service", "reward")


def neglected_value(scene: Scene) -> Sight:
    """Compare those who did not write for ninety days: the share of the best tenth that heard nothing, and others'."""
    best, among = best_tenth(scene, 2 * WINDOW)
    since = scene.end - WINDOW * DAY
    heard = np.zeros(best.size, dtype=np.bool_)
    useful = np.isin(scene.text("touches", "purpose"), USEFUL)
    heard[scene.customers("touches")[useful & (scene.seconds("touches", "sent_at") >= since)]] = True
    spoke, replied = np.zeros(best.size, dtype=np.bool_), scene.seconds("tickets", "first_reply_at")
    spoke[scene.customers("tickets")[(replied != NEVER) & (replied >= since)]] = True
    return apart((~heard).astype(np.float64), np.arange(best.size), best, among & ~spoke, ALONE)


def recognition(scene: Scene) -> Sight:
    """Compare the share of the most loyal fifth with thanks, a voucher or a tier with that of all others."""
    loyal, among = most_loyal_fifth(scene)
    shown = np.zeros(loyal.size, dtype=np.bool_)
    year = scene.end - YEAR
    thanks = (scene.text("touches", "purpose") == "reward") & (scene.seconds("touches", "sent_at") >= year)
    shown[scene.customers("touches")[thanks]] = True
    if "loyalty" in scene.tables:
        kind, at = scene.text("loyalty", "kind"), scene.seconds("loyalty", "at")
        shown[scene.customers("loyalty")[(kind == "tier") | ((kind == "redeem") & (at >= year))]] = True
    return apart(shown.astype(np.float64), np.arange(loyal.size), loyal, among, THANKED)
