"""What customers of the shop write about: their orders, late parcels, returns and subscriptions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.buying import SLOTS, Orders
from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.desk import Cases, Hours, Office, Opened, clock_of, handle
from rapport.worlds.rules import Levers
from rapport.worlds.streams import Bools, Ints, Streams, pick

OFFICE = Office(
    {
        "invoice": "Billing",
        "payment": "Billing",
        "subscription": "Billing",
        "product": "Shop",
        "order change": "Shop",
        "delivery": "Logistics",
        "damaged": "Logistics",
        "returns": "Returns",
    }
)
ABOUT_ORDERS = {
    "invoice": 0.24,
    "payment": 0.16,
    "product": 0.24,
    "order change": 0.12,
    "delivery": 0.14,
    "damaged": 0.10,
}


def serve(streams: Streams, levers: Levers, orders: Orders, hours: Hours, subscribed: Bools, here: Bools) -> Cases:
    """Return the cases of one month, opened by orders, late parcels, returns and subscriptions."""
    month, n = orders.month, len(here)
    shape = (n, SLOTS + 1)
    u = streams.uniform(shape, "cases/there", month)
    goes_back = (orders.returned != NEVER) & ~orders.cancelled
    chance = np.where(orders.there, 0.24 + 0.45 * orders.late + 0.55 * goes_back, 0.0)
    busy = levers.busy(orders.span[0])
    chance = np.concatenate([chance, busy * np.where(here, np.where(subscribed, 0.14, 0.035), 0.0)[:, None]], axis=1)
    topic = np.array(list(ABOUT_ORDERS))[
        pick(streams.uniform(shape, "cases/topic", month), list(ABOUT_ORDERS.values()))
    ]
    own = np.where(subscribed, "subscription", "product").astype(topic.dtype)
    topic = np.where(np.arange(SLOTS + 1) == SLOTS, np.where(u < 0.12, own[:, None], topic), topic)
    wide = np.zeros((n, 1), dtype=np.bool_)
    topic = np.where(np.concatenate([goes_back, wide], axis=1), "returns", topic)
    topic = np.where(np.concatenate([orders.late & ~goes_back, wide], axis=1) & (u < 0.5), "delivery", topic)
    at = _moments(streams, orders, topic, shape)
    about = np.broadcast_to(np.arange(SLOTS + 1) < SLOTS, shape)
    return handle(streams, levers, OFFICE, Opened(month, u < chance, at, topic, about, busy), hours)


def _moments(streams: Streams, orders: Orders, topic: NDArray[Any], shape: tuple[int, int]) -> Ints:
    month = orders.month
    begin, end = orders.span
    days = streams.uniform(shape, "cases/day", month)
    own = begin + (days[:, SLOTS:] * ((end - begin) // DAY)).astype(np.int64) * DAY
    waited = np.where(topic[:, :SLOTS] == "delivery", orders.promised, orders.at)
    arrived = np.isin(topic[:, :SLOTS], ("returns", "damaged")) & (orders.delivered != NEVER)
    waited = np.where(arrived, orders.delivered, waited)
    first = waited - waited % DAY + (1 + days[:, :SLOTS] * 7).astype(np.int64) * DAY
    return np.concatenate([first, own], axis=1) + clock_of(streams, shape, month)
