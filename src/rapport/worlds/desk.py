"""The service desk: what customers write about, which team answers, how long it takes, and what that does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.buying import SLOTS, Orders
from rapport.worlds.clock import DAY, HOUR, NEVER, WorkTime
from rapport.worlds.people import People
from rapport.worlds.rules import Levers, plus, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick, poisson

TEAM = {
    "invoice": "Billing",
    "payment": "Billing",
    "subscription": "Billing",
    "product": "Shop",
    "order change": "Shop",
    "delivery": "Logistics",
    "damaged": "Logistics",
    "returns": "Returns",
}
ABOUT_ORDERS = {
    "invoice": 0.24,
    "payment": 0.16,
    "product": 0.24,
    "order change": 0.12,
    "delivery": 0.14,
    "damaged": 0.10,
}
CHANNELS = {"email": 0.46, "chat": 0.28, "form": 0.14, "phone": 0.12}
QUICKNESS = {"email": 1.0, "chat": 0.5, "form": 1.1, "phone": 0.6}
PRIORITIES = {"normal": 0.80, "high": 0.15, "low": 0.05}
WRITES = (
    0.2,
    0.1,
    0.1,
    0.1,
    0.1,
    0.3,
    0.9,
    2.2,
    4.2,
    5.6,
    6,
    5.8,
    5,
    4.8,
    5.2,
    5.4,
    5.2,
    5,
    4.6,
    4,
    3.6,
    2.8,
    1.6,
    0.6,
)


@dataclass(slots=True)
class Cases:
    """The cases of one month: a slot for each order and one more for each customer, `there` says which were opened."""

    month: int
    who: Ints
    slot: Ints
    there: Bools
    at: Ints
    order: Bools
    topic: NDArray[Any]
    team: NDArray[Any]
    channel: NDArray[Any]
    priority: NDArray[Any]
    replied: Ints
    first_resolved: Ints
    resolved: Ints
    reopens: Ints
    handoffs: Ints
    felt: Floats


def serve(
    streams: Streams,
    levers: Levers,
    people: People,
    orders: Orders,
    desk: tuple[WorkTime, WorkTime, int],
    subscribed: Bools,
    here: Bools,
) -> Cases:
    """Return the cases of one month, opened by orders, late parcels, returns and subscriptions.

    `desk` is the opening hours as staffed, those as announced, and the local second from which the first holds.
    """
    month, n = orders.month, people.n
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
    team = np.vectorize(TEAM.get, otypes=["<U12"])(topic)
    channel = np.array(list(CHANNELS))[pick(streams.uniform(shape, "cases/channel", month), list(CHANNELS.values()))]
    columns = {"topic": topic, "team": team, "channel": channel}

    quick = np.vectorize(QUICKNESS.get, otypes=[float])(channel)
    wait = np.exp(np.log(1.5) + 0.8 * streams.normal(shape, "cases/wait", month)) * quick
    wait = wait * times(levers.reply, columns, at) * busy * HOUR
    replied = _after(desk, at, wait)
    dropped = streams.uniform(shape, "cases/dropped", month) < 0.004 + plus(levers.dropped, columns, at)
    handoffs = poisson(streams.uniform(shape, "cases/handoffs", month), 0.18 + plus(levers.handed_on, columns, at), 4)
    work = np.exp(np.log(3.5) + 0.85 * streams.normal(shape, "cases/work", month)) * (1 + 0.3 * handoffs)
    work = work * times(levers.resolve, columns, at) * busy * HOUR
    first_resolved = _after(desk, replied, work)
    again = streams.uniform(shape, "cases/again", month) < 0.05 + plus(levers.reopened, columns, at)
    pause = np.exp(np.log(9) + 0.6 * streams.normal(shape, "cases/pause", month)) * HOUR
    resolved = np.where(again, _after(desk, first_resolved, pause), first_resolved)
    felt = 0.25 - 0.16 * np.log1p((replied - at) / HOUR / 8) - 0.10 * np.log1p((resolved - at) / HOUR / 24)
    felt = np.where(dropped, -1.1, felt - 0.5 * again - 0.18 * np.maximum(handoffs - 1, 0))
    return Cases(
        month=month,
        who=np.broadcast_to(np.arange(n)[:, None], shape),
        slot=np.broadcast_to(np.arange(SLOTS + 1), shape),
        there=u < chance,
        at=at,
        order=np.broadcast_to(np.arange(SLOTS + 1) < SLOTS, shape),
        topic=topic,
        team=team,
        channel=channel,
        priority=np.array(list(PRIORITIES))[
            pick(streams.uniform(shape, "cases/priority", month), list(PRIORITIES.values()))
        ],
        replied=np.where(dropped, NEVER, replied),
        first_resolved=np.where(dropped, NEVER, first_resolved),
        resolved=np.where(dropped, NEVER, resolved),
        reopens=(again & ~dropped).astype(np.int64),
        handoffs=np.where(dropped, 0, handoffs),
        felt=felt,
    )


def _after(desk: tuple[WorkTime, WorkTime, int], at: Ints, wait: Floats) -> Ints:
    staffed, announced, since = desk
    usual = announced.after(at, wait)
    return usual if staffed is announced else np.where(at >= since, staffed.after(at, wait), usual)


def _moments(streams: Streams, orders: Orders, topic: NDArray[Any], shape: tuple[int, int]) -> Ints:
    month = orders.month
    begin, end = orders.span
    clock = pick(streams.uniform(shape, "cases/hour", month), list(WRITES)) * HOUR
    clock = clock + (streams.uniform(shape, "cases/minute", month) * HOUR).astype(np.int64)
    days = streams.uniform(shape, "cases/day", month)
    own = begin + (days[:, SLOTS:] * ((end - begin) // DAY)).astype(np.int64) * DAY
    waited = np.where(topic[:, :SLOTS] == "delivery", orders.promised, orders.at)
    arrived = np.isin(topic[:, :SLOTS], ("returns", "damaged")) & (orders.delivered != NEVER)
    waited = np.where(arrived, orders.delivered, waited)
    first = waited - waited % DAY + (1 + days[:, :SLOTS] * 7).astype(np.int64) * DAY
    return np.concatenate([first, own], axis=1) + clock
