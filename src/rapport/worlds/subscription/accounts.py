"""Who the accounts of Plumbline are: building firms, where they are, how many people they have, who speaks for us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, NEVER, seconds
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick
from rapport.worlds.winning import TEAMS, campaign_of, team_of

REGIONS = {"north": 0.24, "south": 0.30, "east": 0.20, "west": 0.26}
COUNTRIES = {"DE": 0.70, "AT": 0.12, "CH": 0.10, "NL": 0.08}
INDUSTRIES = {"carpentry": 0.26, "roofing": 0.22, "electrical": 0.22, "plumbing": 0.18, "landscaping": 0.12}
CAME_BY = {"search": 0.34, "referral": 0.20, "trade fair": 0.16, "partner": 0.16, "outbound": 0.14}
CAMPAIGNS = {
    "search": {"trial offer": 0.40, "site planning": 0.35, "other programs": 0.25},
    "referral": {"crews bring crews": 0.7, "thank-you code": 0.3},
    "trade fair": {"builders' fair": 0.6, "roofing days": 0.4},
    "partner": {"wholesaler bundle": 0.55, "accountants' bundle": 0.45},
    "outbound": {"call list": 0.6, "letters to firms": 0.4},
}
SIZES = {"small": 0.52, "medium": 0.36, "large": 0.12}
STAFF = {"small": 3.0, "medium": 9.0, "large": 18.0}
SEASON = (1.10, 1.08, 1.06, 1.02, 1.0, 0.96, 0.92, 0.90, 1.0, 1.04, 1.02, 0.92)
HERE_BEFORE = 0.36
ROLES = ("owner", "office manager", "site lead", "accountant")


@dataclass(slots=True)
class Accounts:
    """The accounts, one place in each array for one of them; times are local seconds."""

    id: NDArray[Any]
    joined: Ints
    region: NDArray[Any]
    country: NDArray[Any]
    industry: NDArray[Any]
    size: NDArray[Any]
    came_by: NDArray[Any]
    campaign: NDArray[Any]
    won_by: NDArray[Any]
    name: Ints
    staff: Ints
    base: Floats
    drive: Floats
    asks: Floats

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.id)

    @property
    def cohort(self) -> NDArray[Any]:
        """The year in which each joined."""
        return self.joined.astype("datetime64[s]").astype("datetime64[Y]").astype(str)


def _choice(streams: Streams, n: int, name: str, weights: dict[str, float]) -> NDArray[Any]:
    return np.array(list(weights))[pick(streams.uniform(n, name), list(weights.values()))]


def settle(streams: Streams, n: int, starts: list[date]) -> Accounts:
    """Return `n` accounts: some were here before, the others join day by day, with the season."""
    edges = np.array([seconds(day) for day in starts], dtype=np.int64)
    days = np.arange(edges[0], edges[-1], DAY)
    weights = np.interp(days, edges[:-1] + 15 * DAY, [SEASON[day.month - 1] for day in starts[:-1]])
    u = streams.uniform(n, "accounts/day")
    clock = 8 * HOUR + (streams.uniform(n, "accounts/hour") * 10 * HOUR).astype(np.int64)
    new = days[pick(u, weights)] + clock
    old = edges[0] - (1 + u * 900).astype(np.int64) * DAY + clock
    before = streams.uniform(n, "accounts/before") < HERE_BEFORE
    size = _choice(streams, n, "accounts/size", SIZES)
    usual = np.array([STAFF[s] for s in size])
    came_by = _choice(streams, n, "accounts/came-by", CAME_BY)
    return Accounts(
        id=np.array([f"A{i:05d}" for i in range(1, n + 1)]),
        joined=np.where(before, old, new).astype(np.int64),
        region=_choice(streams, n, "accounts/region", REGIONS),
        country=_choice(streams, n, "accounts/country", COUNTRIES),
        industry=_choice(streams, n, "accounts/industry", INDUSTRIES),
        size=size,
        came_by=came_by,
        campaign=campaign_of(streams, came_by, CAMPAIGNS),
        won_by=team_of(streams, n, TEAMS),
        name=(streams.uniform(n, "accounts/name") * 10_000).astype(np.int64),
        staff=np.maximum(1, np.round(usual * np.exp(0.3 * streams.normal(n, "accounts/staff")))).astype(np.int64),
        base=0.25 + 0.75 * streams.normal(n, "accounts/base"),
        drive=0.45 * streams.normal(n, "accounts/drive"),
        asks=streams.pack("accounts/asks").gamma(1.5, 0.48 / 1.5, n),
    )


@dataclass(slots=True)
class Contacts:
    """The people at the accounts: one place for each account and role; who left is kept, a successor takes the place.

    One person an account is the champion. When the champion leaves, the account is without one until another person
    takes it up.
    """

    there: Bools
    started: Ints
    name: Ints
    champion: Ints
    generation: Ints
    gone: list[dict[str, Ints]] = field(default_factory=list)

    @classmethod
    def meet(cls, streams: Streams, accounts: Accounts) -> Contacts:
        """Return the people whom the company knows when an account begins."""
        shape = (accounts.n, len(ROLES))
        known = np.where(accounts.size == "small", 1.3, np.where(accounts.size == "medium", 2.4, 3.6))
        there = streams.uniform(shape, "contacts/there") < known[:, None] / len(ROLES)
        there[:, 0] |= ~there.any(axis=1)
        champion = np.argmax(there * (0.1 + streams.uniform(shape, "contacts/champion")), axis=1)
        name = (streams.uniform(shape, "contacts/name") * 10_000).astype(np.int64)
        started = np.broadcast_to(accounts.joined[:, None], shape).copy()
        return cls(there, started, name, champion.astype(np.int64), np.zeros(shape, dtype=np.int64))

    def month(self, streams: Streams, month: int, span: tuple[int, int], here: Bools) -> Bools:
        """Let a month pass: some people leave, some places are filled again; return who has lost the champion."""
        begin, end = span
        shape = self.there.shape
        when = begin + (streams.uniform(shape, "contacts/when", month) * (end - begin)).astype(np.int64)
        when = when - when % DAY + 9 * HOUR
        leaves = self.there & here[:, None] & (self.started < begin)
        leaves &= streams.uniform(shape, "contacts/leaves", month) < 0.009
        place, role = np.nonzero(leaves)
        if place.size:
            self.gone.append(self._rows(place, role, when[place, role]))
        lost = leaves[np.arange(len(here)), np.maximum(self.champion, 0)] & (self.champion >= 0)
        follows = leaves & (streams.uniform(shape, "contacts/follows", month) < 0.75)
        self.there = (self.there & ~leaves) | follows
        self.started = np.where(follows, when + 20 * DAY, self.started)
        self.generation = self.generation + follows
        self.champion = np.where(lost, -1, self.champion)
        found = here & (self.champion < 0) & ~lost & self.there.any(axis=1)
        found &= streams.uniform(len(here), "contacts/found", month) < 0.22
        self.champion = np.where(found, np.argmax(self.there, axis=1), self.champion)
        return lost

    def close(self) -> list[dict[str, Ints]]:
        """Return everybody, those who stay included."""
        place, role = np.nonzero(self.there)
        return [*self.gone, self._rows(place, role, np.full(place.size, NEVER))]

    def _rows(self, place: Ints, role: Ints, left: Ints) -> dict[str, Ints]:
        return {
            "who": place,
            "role": role,
            "generation": self.generation[place, role],
            "name": self.name[place, role] + 7 * self.generation[place, role],
            "started": self.started[place, role],
            "left": left,
            "champion": (self.champion[place] == role).astype(np.int64),
        }
