"""What the oracle compares among buyers: whether they return, at which price, and whether one of them outgrows all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.worlds.clock import DAY
from rapport.worlds.oracle import Scene, Sight, apart, contrast, unseen
from rapport.worlds.streams import Bools, Ints

RETURNING, DISCOUNTED, GROWN = -0.05, 0.10, 0.10
"""The least effects of the audits of repeat purchase, discount dependence and concentration."""
YEAR = 365 * DAY
MONTH, NEWEST = 2_629_800, 6


@dataclass(frozen=True, slots=True)
class _Visits:
    """Days on which customers ordered, in the order of customer and time."""

    who: Ints
    at: Ints
    discounted: Bools
    first: Bools


def repeat_purchase(scene: Scene) -> Sight:
    """Compare the share of first buyers who return in the usual time, the channel's with all others'."""
    visits = _visits(scene)
    if visits.first.all():
        return unseen(RETURNING)
    follows = np.append(~visits.first[1:], False)
    gap = np.append(np.diff(visits.at), 0)
    horizon = min(float(np.percentile(gap[follows], 75)), (scene.end - int(visits.at.min())) / 4)
    joined = scene.seconds("customers", "created_at")[visits.who]
    usable = visits.first & (joined >= int(visits.at.min())) & (visits.at < scene.end - horizon)
    there = scene.there("customers", "acquisition_channel")[visits.who]
    return apart((follows & (gap <= horizon)).astype(np.float64), visits.who, there, usable, RETURNING)


def discount_dependence(scene: Scene) -> Sight:
    """Compare the share of repeat orders at a discount since then with that in the same months a year before."""
    visits = _visits(scene)
    again = ~visits.first
    now = again & (visits.at >= scene.since)
    before = again & (visits.at >= scene.since - YEAR) & (visits.at < scene.end - YEAR)
    return contrast(visits.discounted.astype(np.float64), visits.who, ((1.0, now), (-1.0, before)), DISCOUNTED)


def concentration(scene: Scene) -> Sight:
    """Count the largest customer's share of the newest half year without their best month, and that before the growth.

    Shares of revenue are counted, not estimated: there is no chance in them.
    """
    who, at = scene.customers("orders"), scene.seconds("orders", "ordered_at")
    amount = scene.numbers("orders", "amount") - np.nan_to_num(scene.numbers("orders", "refund_amount"))
    months = (scene.end - at) // MONTH
    newest, before = months < NEWEST, at < scene.since
    if not newest.any() or not amount[before].sum() > 0:
        return unseen(GROWN)
    own = who == int(np.argmax(np.bincount(who[newest], weights=amount[newest])))
    best = int(np.argmax(np.bincount(months[newest & own], weights=amount[newest & own])))
    steady = newest & (months != best)
    shares = [float(amount[part & own].sum() / amount[part].sum()) for part in (steady, before)]
    return Sight(shares[0] - shares[1], GROWN, 0.0, int(newest.sum() + before.sum()))


def _visits(scene: Scene) -> _Visits:
    status = scene.text("orders", "status")
    kept = (status != "cancelled") & (status != "returned")
    who, at = scene.customers("orders")[kept], scene.seconds("orders", "ordered_at")[kept]
    reduced = scene.numbers("orders", "discount")[kept] > 0
    order = np.lexsort((at, who))
    who, at, reduced = who[order], at[order], reduced[order]
    if not who.size:
        return _Visits(who, at, reduced, np.zeros(0, dtype=np.bool_))
    opens = np.append(True, (who[1:] != who[:-1]) | (at[1:] // DAY != at[:-1] // DAY))
    place = np.flatnonzero(opens)
    owner = who[place]
    first = np.append(True, owner[1:] != owner[:-1])
    return _Visits(owner, at[place], np.maximum.reduceat(reduced, place), first)
