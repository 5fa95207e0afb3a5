"""A service desk: which team answers, how long it takes, and what that does to those who wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, NEVER, WorkTime
from rapport.worlds.rules import Levers, plus, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick, poisson

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


Hours = tuple[WorkTime, WorkTime, int]
"""The opening hours as staffed, those as announced, and the local second from which the first hold."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who sits at a desk: the team for each topic, and how long a first answer and a solution usually take."""

    teams: Mapping[str, str]
    reply_hours: float = 1.5
    work_hours: float = 3.5


@dataclass(frozen=True, slots=True)
class Opened:
    """What is brought to the desk in a month; `order` says what is about an order, `busy` how full the desk is."""

    month: int
    there: Bools
    at: Ints
    topic: NDArray[Any]
    order: Bools
    busy: float = field(default=1.0)


@dataclass(slots=True)
class Cases:
    """The cases of one month: a slot for each customer and possible case, `there` says which were opened."""

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


def handle(streams: Streams, levers: Levers, office: Office, opened: Opened, hours: Hours) -> Cases:
    """Return the cases of one month with what became of them."""
    month, topic, at, shape = opened.month, opened.topic, opened.at, opened.there.shape
    team = np.vectorize(office.teams.get, otypes=["<U12"])(topic)
    channel = np.array(list(CHANNELS))[pick(streams.uniform(shape, "cases/channel", month), list(CHANNELS.values()))]
    columns = {"topic": topic, "team": team, "channel": channel}
    quick = np.vectorize(QUICKNESS.get, otypes=[float])(channel)
    wait = np.exp(np.log(office.reply_hours) + 0.8 * streams.normal(shape, "cases/wait", month)) * quick
    wait = wait * times(levers.reply, columns, at) * opened.busy * HOUR
    replied = _after(hours, at, wait)
    dropped = streams.uniform(shape, "cases/dropped", month) < 0.004 + plus(levers.dropped, columns, at)
    handoffs = poisson(streams.uniform(shape, "cases/handoffs", month), 0.18 + plus(levers.handed_on, columns, at), 4)
    work = np.exp(np.log(office.work_hours) + 0.85 * streams.normal(shape, "cases/work", month)) * (1 + 0.3 * handoffs)
    work = work * times(levers.resolve, columns, at) * opened.busy * HOUR
    first_resolved = _after(hours, replied, work)
    again = streams.uniform(shape, "cases/again", month) < 0.05 + plus(levers.reopened, columns, at)
    pause = np.exp(np.log(9) + 0.6 * streams.normal(shape, "cases/pause", month)) * HOUR
    resolved = np.where(again, _after(hours, first_resolved, pause), first_resolved)
    felt = 0.25 - 0.16 * np.log1p((replied - at) / HOUR / 8) - 0.10 * np.log1p((resolved - at) / HOUR / 24)
    felt = np.where(dropped, -1.1, felt - 0.5 * again - 0.18 * np.maximum(handoffs - 1, 0))
    urgency = pick(streams.uniform(shape, "cases/priority", month), list(PRIORITIES.values()))
    return Cases(
        month=month,
        who=np.broadcast_to(np.arange(shape[0])[:, None], shape),
        slot=np.broadcast_to(np.arange(shape[1]), shape),
        there=opened.there,
        at=at,
        order=opened.order,
        topic=topic,
        team=team,
        channel=channel,
        priority=np.array(list(PRIORITIES))[urgency],
        replied=np.where(dropped, NEVER, replied),
        first_resolved=np.where(dropped, NEVER, first_resolved),
        resolved=np.where(dropped, NEVER, resolved),
        reopens=(again & ~dropped).astype(np.int64),
        handoffs=np.where(dropped, 0, handoffs),
        felt=felt,
    )


def clock_of(streams: Streams, shape: tuple[int, int], month: int) -> Ints:
    """Return at which second of the day each case is opened."""
    whole = pick(streams.uniform(shape, "cases/hour", month), list(WRITES)) * HOUR
    return whole + (streams.uniform(shape, "cases/minute", month) * HOUR).astype(np.int64)


def opening_hours(levers: Levers, starts: list[date], days: int) -> Hours:
    """Return when the desk is staffed and when it says so; `days` are those of the week, Monday first."""
    first, last = starts[0] - timedelta(20), starts[-1] + timedelta(120)
    announced = WorkTime.of(first, last, days=days)
    if not levers.unstaffed:
        return announced, announced, 0
    since = min(levers.unstaffed.values())
    closed = {day: date(1970, 1, 1) + timedelta(at // DAY) for day, at in levers.unstaffed.items()}
    return WorkTime.of(first, last, closed, days), announced, since


def _after(hours: Hours, at: Ints, wait: Floats) -> Ints:
    staffed, announced, since = hours
    usual = announced.after(at, wait)
    return usual if staffed is announced else np.where(at >= since, staffed.after(at, wait), usual)
