"""The shop's loyalty programme: who joins it, the points, the tiers, and what points are turned into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from rapport.worlds.clock import DAY, HOUR, NEVER
from rapport.worlds.export import moment, money, stacked, text
from rapport.worlds.life import Life
from rapport.worlds.streams import Floats, Ints, Streams

JOINS = 0.35
TIERS = {"silver": 4, "gold": 10}
"""After how many orders in the programme a tier is reached."""
VOUCHER, WORTH = 500, 5.0
"""So many points, one for each euro, are turned into a voucher worth so many euros."""


def club(life: Life, streams: Streams) -> pa.Table:
    """Return the entries of the programme: it changes nothing in what customers do, and is joined by the keen."""
    people, edges = life.people, life.edges
    n = people.n
    u = streams.uniform((n, 2), "club/joins")
    keen = np.clip(people.rate / 0.40, 0.3, 2.0)
    since = np.maximum(people.joined, edges[0]) + (u[:, 1] * 90).astype(np.int64) * DAY + HOUR
    joins = u[:, 0] < JOINS * keen
    at, who, amount = _bought(life)
    inside = joins[who] & (at >= since[who])
    at, who, amount = at[inside], who[inside], amount[inside]
    number, points = _counted(who, amount)
    parts = [_rows(life, "join", np.flatnonzero(joins), since[joins]), _rows(life, "earn", who, at, np.floor(amount))]
    for name, orders in TIERS.items():
        reached = number == orders
        parts.append(_rows(life, "tier", who[reached], at[reached] + HOUR, tier=name))
    turned = np.floor(points / VOUCHER) > np.floor((points - np.floor(amount)) / VOUCHER)
    worth = np.full(int(turned.sum()), WORTH)
    parts.append(_rows(life, "redeem", who[turned], at[turned] + 2 * HOUR, np.full(worth.size, -float(VOUCHER)), worth))
    return stacked(parts)


def _bought(life: Life) -> tuple[Ints, Ints, Floats]:
    """Return when, by whom and for how much was bought, by customer and time; cancelled orders are none."""
    kept = [(part, part.there & ~part.cancelled) for part in life.orders]
    at = np.concatenate([part.at[k] for part, k in kept])
    who = np.concatenate([part.who[k] for part, k in kept])
    amount = np.concatenate([part.amount[k] for part, k in kept])
    order = np.lexsort((at, who))
    return at[order], who[order], amount[order]


def _counted(who: Ints, amount: Floats) -> tuple[Ints, Floats]:
    """Return for each order its number among the customer's own, and the points they have with it."""
    first = np.flatnonzero(np.append(True, who[1:] != who[:-1])) if who.size else np.zeros(0, dtype=np.int64)
    begins = np.repeat(first, np.diff(np.append(first, who.size)))
    total = np.cumsum(np.floor(amount))
    before = total[begins] - np.floor(amount)[begins] if who.size else total
    return np.arange(who.size) - begins + 1, total - before


def _rows(
    life: Life,
    kind: str,
    who: Ints,
    at: Ints,
    points: Floats | None = None,
    cost: Floats | None = None,
    tier: str = "",
) -> dict[str, Any]:
    n = len(who)
    own = life.people.id[who]
    numbers = zip(own.tolist(), at.tolist(), strict=True)
    return {
        "loyalty_id": [f"L{i[1:]}-{kind}{tier[:1]}-{a}" for i, a in numbers],
        "customer_id": text(own),
        "at": moment(np.where(at == NEVER, NEVER, at)),
        "kind": text(np.full(n, kind)),
        "points": pa.nulls(n, pa.float64()) if points is None else pa.array(points),
        "tier": text(np.full(n, tier), np.full(n, bool(tier))),
        "cost": money(np.zeros(n), np.zeros(n, dtype=np.bool_)) if cost is None else money(cost),
    }
