"""Two years in the life of a shop, month by month: what customers experience moves what they think, buy and do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from rapport.worlds.buying import Orders, buy
from rapport.worlds.clock import DAY, NEVER, seconds
from rapport.worlds.desk import Cases, opening_hours
from rapport.worlds.occasions import serve
from rapport.worlds.outreach import Consent, Sent, agree, reach_out
from rapport.worlds.people import People, settle
from rapport.worlds.plans import Plans
from rapport.worlds.rules import Levers, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams
from rapport.worlds.vigour import vigour_of
from rapport.worlds.voice import Asked, ask

MEMORY = 0.80
LEAVING = 0.020
WORKDAYS = 6


@dataclass(slots=True)
class Life:
    """Everything that happened, in local time, before anyone exported it."""

    people: People
    plans: Plans
    consent: Consent
    edges: Ints
    content: Floats
    left: Ints
    orders: list[Orders] = field(default_factory=list)
    cases: list[Cases] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


def live(streams: Streams, levers: Levers, customers: int, starts: list[date]) -> Life:
    """Return the whole life of the shop.

    A customer's satisfaction is what they came with plus what they remember of their experiences; it moves how often
    they buy, what they answer, and the hazard of leaving or cancelling. Nobody in the shop sees it.
    """
    edges = np.array([seconds(day) for day in starts], dtype=np.int64)
    people = settle(streams, customers, starts)
    life = Life(
        people,
        Plans.offer(streams, people, int(edges[0])),
        agree(streams, people.joined, edges),
        edges,
        people.base.copy(),
        np.full(customers, NEVER),
    )
    hours = opening_hours(levers, starts, WORKDAYS)
    remembered = np.zeros(customers)
    for month in range(len(starts) - 1):
        span = (int(edges[month]), int(edges[month + 1]))
        here = (people.joined < span[1]) & (life.left == NEVER)
        before = here & (people.joined < span[0])
        life.content = people.base + remembered
        vigour = vigour_of(streams, levers, people.joined, int(edges[0]), month, span[0])
        orders = buy(streams, levers, people, month, span, life.content, here, vigour)
        subscribed = life.plans.subscribed(span[0]) & before
        cases = serve(streams, levers, orders, hours, subscribed, before)
        life.orders.append(orders)
        life.cases.append(cases)
        life.asked += ask(streams, levers, orders, cases, life.content, before)
        life.sent += reach_out(streams, people.joined, life.consent, life.content, here, month, span)
        life.plans.month(streams, levers, month, span, life.content)
        felt = np.where(cases.there, cases.felt, 0.0).sum(axis=1) - 0.45 * orders.late.sum(axis=1)
        remembered = MEMORY * remembered + felt
        _leave(streams, levers, life, month, span, before)
    life.content = people.base + remembered
    return life


def _leave(streams: Streams, levers: Levers, life: Life, month: int, span: tuple[int, int], here: Bools) -> None:
    people = life.people
    columns = {
        "acquisition_channel": people.came_by,
        "acquisition_campaign": people.campaign,
        "region": people.region,
    }
    hazard = LEAVING * np.exp(-0.6 * life.content) * times(levers.leaving, columns, people.joined)
    goes = here & (streams.uniform(people.n, "leaving/goes", month) < hazard)
    life.left = np.where(goes, span[1], life.left)
    says = streams.uniform(people.n, "leaving/says", month) < 0.15
    people.closed = np.where(goes & says, span[1] + 3 * DAY, people.closed)
