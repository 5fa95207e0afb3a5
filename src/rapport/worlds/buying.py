"""What customers buy in a month: orders, what is in them, how they arrive and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, NEVER, calendar_month, weekday
from rapport.worlds.people import SEASON, People
from rapport.worlds.rules import Levers, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick, poisson

SLOTS = 3
LINES = 3
PROMISED_DAYS = 5
LONG, OFTEN = 365, 0.2
"""Who has been here for so many days, and comes more often a month than so, is a partner of the shop."""
WEEK = (1.05, 1.0, 0.98, 1.0, 1.02, 0.9, 1.15)
HOURS = (1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 2, 3, 4, 4.6, 4.8, 5, 4.6, 4.2, 4.2, 4.6, 5.2, 6, 7, 7.4, 6.4, 4, 2)
SOLD_BY = {"webshop": 0.50, "app": 0.22, "marketplace": 0.28}
CATEGORIES = ("bed linen", "towels", "curtains", "table linen")
PRODUCTS = tuple(
    (f"P{c * 10 + p:02d}", f"{category}, {name}", category, price * (1 + 0.35 * p))
    for c, (category, price) in enumerate(zip(CATEGORIES, (34.9, 14.9, 29.9, 19.9), strict=True))
    for p, name in enumerate(("plain", "striped", "washed", "woven", "embroidered"))
)
PRICES = np.array([round(p[3], 2) for p in PRODUCTS])


@dataclass(slots=True)
class Orders:
    """The orders of one month: a slot for each customer and possible order, `there` says which were made."""

    month: int
    span: tuple[int, int]
    who: Ints
    slot: Ints
    there: Bools
    first: Bools
    at: Ints
    channel: NDArray[Any]
    products: Ints
    quantities: Ints
    amount: Floats
    discount: Floats
    promised: Ints
    shipped: Ints
    delivered: Ints
    returned: Ints
    cancelled: Bools

    @property
    def late(self) -> Bools:
        """Which orders came after the promised day."""
        return self.there & ~self.cancelled & (self.delivered > self.promised)


def buy(
    streams: Streams,
    levers: Levers,
    people: People,
    month: int,
    span: tuple[int, int],
    content: Floats,
    here: Bools,
    vigour: Floats,
) -> Orders:
    """Return the orders of one month; `content` is each customer's satisfaction, `here` who has not left.

    `vigour` is how much of their usual each customer buys.
    """
    n, shape = people.n, (people.n, SLOTS)
    begin, end = span
    of_year = calendar_month(begin)
    joining = (people.joined >= begin) & (people.joined < end)
    start = np.where(joining, people.joined, begin)
    share = (end - start) / (end - begin)
    columns = {
        "acquisition_channel": people.came_by,
        "acquisition_campaign": people.campaign,
        "region": people.region,
        "standing": np.where((begin - people.joined >= LONG * DAY) & (people.rate >= OFTEN), "partner", ""),
    }
    mean = people.rate * SEASON[of_year - 1] * levers.busy(begin) * np.exp(0.25 * content) * share
    mean = mean * times(levers.again, columns, np.full(n, begin)) * vigour
    more = poisson(streams.uniform(n, "orders/count", month), np.where(here, mean, 0.0), SLOTS)
    more = np.minimum(more, SLOTS - joining)
    slot = np.broadcast_to(np.arange(SLOTS), shape)
    there = (slot < (more + joining)[:, None]) & (here | joining)[:, None]
    first = joining[:, None] & (slot == 0)
    at = np.where(first, people.joined[:, None] + 240, _moments(streams, month, begin, end, shape))
    # What would fall before a customer came is moved into the rest of the month, at the same time of day.
    rest = np.maximum(1, (end - start) // DAY)[:, None]
    moved = start[:, None] - start[:, None] % DAY + DAY + (at - begin) // DAY % rest * DAY + at % DAY
    at = np.where(at < start[:, None], np.minimum(moved, end - HOUR), at)

    promotion = 0.38 if of_year in (1, 7, 11) else 0.14
    reduced = streams.uniform(shape, "orders/promotion", month) < promotion
    rate = np.where(reduced, 0.15 + 0.10 * np.round(streams.uniform(shape, "orders/rate", month)), 0.0)
    kept = times(levers.full_price, {"acquisition_channel": np.broadcast_to(people.came_by[:, None], shape)}, at)
    there = there & (first | reduced | (streams.uniform(shape, "orders/full-price", month) < kept))

    products, quantities = _baskets(streams, people, month, shape)
    gross = np.round((PRICES[products] * quantities).sum(axis=-1), 2)
    discount = np.round(gross * rate, 2)

    shipped, delivered = _travels(streams, month, at, levers.busy(begin))
    cancelled = streams.uniform(shape, "orders/cancelled", month) < 0.015
    goes_back = ~cancelled & (streams.uniform(shape, "orders/returned", month) < 0.07)
    back = delivered + (DAY * (3 + 11 * streams.uniform(shape, "orders/back", month))).astype(np.int64)
    return Orders(
        month=month,
        span=span,
        who=np.broadcast_to(np.arange(n)[:, None], shape),
        slot=slot,
        there=there,
        first=first,
        at=at,
        channel=np.array(list(SOLD_BY))[pick(streams.uniform(shape, "orders/channel", month), list(SOLD_BY.values()))],
        products=products,
        quantities=quantities,
        amount=np.round(gross - discount, 2),
        discount=discount,
        promised=at - at % DAY + (PROMISED_DAYS + 1) * DAY,
        shipped=np.where(cancelled, NEVER, shipped),
        delivered=np.where(cancelled, NEVER, delivered),
        returned=np.where(cancelled, at + 3 * HOUR, np.where(goes_back, back, NEVER)),
        cancelled=cancelled,
    )


def _baskets(streams: Streams, people: People, month: int, shape: tuple[int, int]) -> tuple[Ints, Ints]:
    """Return which product each line of each order is, and how many pieces; none where there is no such line."""
    deep = (*shape, LINES)
    products = pick(streams.uniform(deep, "lines/product", month), [1.0] * len(PRODUCTS))
    quantities = 1 + poisson(
        streams.uniform(deep, "lines/quantity", month), np.broadcast_to((0.3 * people.basket)[:, None, None], deep), 8
    )
    quantities[..., 1] *= streams.uniform(shape, "lines/second", month) < 0.45
    quantities[..., 2] *= streams.uniform(shape, "lines/third", month) < 0.15
    return products, quantities


def _travels(streams: Streams, month: int, at: Ints, busy: float) -> tuple[Ints, Ints]:
    """Return when what was ordered at these times is shipped and when it arrives: never on a Sunday."""
    shape = at.shape
    shipped = at + (HOUR * (6 + 24 * streams.uniform(shape, "orders/shipped", month))).astype(np.int64)
    travel = np.exp(np.log(2.2) + 0.25 * np.log(busy) + 0.34 * streams.normal(shape, "orders/travel", month))
    delivered = shipped - shipped % DAY + 10 * HOUR + (travel * DAY).astype(np.int64)
    return shipped, np.maximum(delivered, shipped + 6 * HOUR) + np.where(weekday(delivered) == 6, DAY, 0)


def _moments(streams: Streams, month: int, begin: int, end: int, shape: tuple[int, int]) -> Ints:
    days = np.arange(begin, end, DAY)
    weights = np.array(WEEK)[weekday(days)]
    if calendar_month(begin) == 12:
        weights = weights * np.where(np.arange(len(days)) < 20, 1.35, 0.55)
    day = days[pick(streams.uniform(shape, "orders/day", month), weights)]
    hours = pick(streams.uniform(shape, "orders/hour", month), list(HOURS))
    return day + hours * HOUR + (streams.uniform(shape, "orders/minute", month) * HOUR).astype(np.int64)
