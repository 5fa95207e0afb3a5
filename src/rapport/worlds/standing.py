"""Who stands out among the customers at the end: those who bring the most, and those who have stayed and come often."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene
from rapport.worlds.streams import Bools, Floats, Ints

YEAR = 365 * DAY
FOR_EVER = np.int64(2**60)


def joined(scene: Scene) -> Ints:
    """Return when each customer began, in UTC seconds."""
    return scene.seconds("customers", "created_at")


def present(scene: Scene) -> Bools:
    """Return who is a customer at the end: ordered within a year or pays for a subscription, and closed no account."""
    here = np.zeros(scene.tables["customers"].num_rows, dtype=np.bool_)
    if "orders" in scene.tables:
        at, who, _ = _orders(scene)
        here[who[at >= scene.end - YEAR]] = True
    who, _, ends, _ = _periods(scene)
    here[who[ends >= scene.end]] = True
    here &= scene.seconds("customers", "closed_at") == NEVER
    return here


def brought(scene: Scene) -> Floats:
    """Return what each customer brought in the last year, net of refunds."""
    n = scene.tables["customers"].num_rows
    who, begins, ends, mrr = _periods(scene)
    total: Floats = np.zeros(n)
    paid = np.maximum(np.minimum(ends, scene.end) - np.maximum(begins, scene.end - YEAR), 0) / (DAY * 365 / 12)
    total += np.bincount(who, weights=paid * mrr, minlength=n)
    if "orders" in scene.tables:
        at, buyer, amount = _orders(scene)
        late = at >= scene.end - YEAR
        total += np.bincount(buyer[late], weights=amount[late], minlength=n)
    return total


def active_days(scene: Scene) -> Ints:
    """Return on how many days of the last year each customer ordered or used something."""
    n = scene.tables["customers"].num_rows
    days = []
    if "orders" in scene.tables:
        at, who, _ = _orders(scene)
        days.append(np.stack([who, at // DAY])[:, at >= scene.end - YEAR])
    if "usage" in scene.tables:
        at, who = scene.seconds("usage", "day"), scene.customers("usage")
        days.append(np.stack([who, at // DAY])[:, at >= scene.end - YEAR])
    found = np.unique(np.concatenate(days, axis=1), axis=1)
    return np.bincount(found[0], minlength=n)


def best_tenth(scene: Scene, known_days: int) -> tuple[Bools, Bools]:
    """Return the tenth with the most revenue, and among whom: those present and known for so many days."""
    worth = brought(scene)
    among = present(scene) & (joined(scene) <= scene.end - known_days * DAY) & (worth > 0)
    return _top(worth, among, 0.1), among


def most_loyal_fifth(scene: Scene) -> tuple[Bools, Bools]:
    """Return the fifth with the highest mean place in tenure and active days, and among whom: a year or longer here."""
    since = joined(scene)
    among = present(scene) & (since <= scene.end - YEAR)
    score = np.zeros(among.size)
    for value in (scene.end - since, active_days(scene)):
        score[among] += _place(value[among].astype(np.float64))
    return _top(score, among, 0.2), among


def _orders(scene: Scene) -> tuple[Ints, Ints, Floats]:
    """Return when, by whom and for how much was bought, returned and cancelled orders and guests left out."""
    who, status = scene.customers("orders"), scene.text("orders", "status")
    kept = (who >= 0) & (status != "cancelled") & (status != "returned")
    return scene.seconds("orders", "ordered_at")[kept], who[kept], scene.numbers("orders", "amount")[kept]


def _periods(scene: Scene) -> tuple[Ints, Ints, Ints, Floats]:
    ends = scene.seconds("subscriptions", "valid_to")
    ends = np.where(ends == NEVER, FOR_EVER, ends)
    who, begins = scene.customers("subscriptions"), scene.seconds("subscriptions", "valid_from")
    return who, begins, ends, scene.numbers("subscriptions", "mrr")


def _place(values: Floats) -> Floats:
    """Return each value's place among all, 0 to 1; equal values share the middle of their places."""
    kept = np.sort(values)
    low, high = np.searchsorted(kept, values, "left"), np.searchsorted(kept, values, "right")
    place: Floats = (low + high) / (2 * max(values.size, 1))
    return place


def _top(values: Floats, among: Bools, part: float) -> Bools:
    top = np.zeros(among.size, dtype=np.bool_)
    top[among] = _place(-values[among]) < part
    return top
