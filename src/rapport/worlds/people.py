"""Who the customers of the shop are: where they come from, how much they like to buy, how content they begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, NEVER, seconds
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick
from rapport.worlds.winning import campaign_of

REGIONS = {"north": 0.22, "south": 0.30, "east": 0.18, "west": 0.30}
CAME_BY = {"search": 0.30, "social": 0.22, "referral": 0.16, "marketplace": 0.18, "newsletter": 0.14}
CAMPAIGNS = {
    "search": {"linen search": 0.45, "shop name": 0.30, "product ads": 0.25},
    "social": {"summer rooms": 0.4, "makers' films": 0.35, "seen before": 0.25},
    "referral": {"friends bring friends": 0.7, "gift card": 0.3},
    "marketplace": {"listing": 0.6, "listing ads": 0.4},
    "newsletter": {"welcome letter": 0.6, "autumn letter": 0.4},
}
COUNTRIES = {"DE": 0.84, "AT": 0.11, "NL": 0.05}
FIRST = [
    "Ada",
    "Bela",
    "Carl",
    "Dora",
    "Emil",
    "Frida",
    "Gero",
    "Hanna",
    "Ida",
    "Jan",
    "Kira",
    "Lars",
    "Mila",
    "Nils",
    "Olga",
    "Paul",
    "Rike",
    "Sven",
    "Tilda",
    "Udo",
    "Vera",
    "Wim",
]
LAST = [
    "Ahorn",
    "Birke",
    "Distel",
    "Erle",
    "Farn",
    "Ginster",
    "Hasel",
    "Iris",
    "Kiefer",
    "Linde",
    "Mohn",
    "Nelke",
    "Pappel",
    "Raute",
    "Salbei",
    "Tanne",
    "Ulme",
    "Weide",
]
SEASON = (1.02, 0.86, 0.92, 0.94, 0.96, 0.88, 0.90, 0.84, 1.00, 1.08, 1.34, 1.72)
HERE_BEFORE = 0.28


@dataclass(slots=True)
class People:
    """The customers, one place in each array for one of them; times are local seconds."""

    id: NDArray[Any]
    joined: Ints
    closed: Ints
    organisation: Bools
    region: NDArray[Any]
    country: NDArray[Any]
    came_by: NDArray[Any]
    campaign: NDArray[Any]
    first: NDArray[Any]
    last: NDArray[Any]
    base: Floats
    rate: Floats
    basket: Floats

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.id)


def _choice(streams: Streams, n: int, name: str, weights: dict[str, float]) -> NDArray[Any]:
    return np.array(list(weights))[pick(streams.uniform(n, name), list(weights.values()))]


def settle(streams: Streams, n: int, starts: list[date]) -> People:
    """Return `n` customers: some were here before, the others join month by month, with the season."""
    edges = np.array([seconds(day) for day in starts], dtype=np.int64)
    months = len(starts) - 1
    weights = [SEASON[starts[m].month - 1] * (1 + 0.01 * m) for m in range(months)]
    month = pick(streams.uniform(n, "people/month"), weights)
    u = streams.uniform(n, "people/day")
    clock = 8 * HOUR + (streams.uniform(n, "people/hour") * 14 * HOUR).astype(np.int64)
    new = edges[month] + (u * ((edges[month + 1] - edges[month]) // DAY)).astype(np.int64) * DAY + clock
    old = edges[0] - (1 + u * 540).astype(np.int64) * DAY + clock
    before = streams.uniform(n, "people/before") < HERE_BEFORE
    organisation = streams.uniform(n, "people/kind") < 0.07
    came_by = _choice(streams, n, "people/came-by", CAME_BY)
    return People(
        id=np.array([f"C{i:05d}" for i in range(1, n + 1)]),
        joined=np.where(before, old, new).astype(np.int64),
        closed=np.full(n, NEVER),
        organisation=organisation,
        region=_choice(streams, n, "people/region", REGIONS),
        country=_choice(streams, n, "people/country", COUNTRIES),
        came_by=came_by,
        campaign=campaign_of(streams, came_by, CAMPAIGNS),
        first=np.array(FIRST)[pick(streams.uniform(n, "people/first"), [1.0] * len(FIRST))],
        last=np.array(LAST)[pick(streams.uniform(n, "people/last"), [1.0] * len(LAST))],
        base=0.25 + 0.75 * streams.normal(n, "people/base"),
        rate=streams.pack("people/rate").gamma(1.5, 0.40 / 1.5, n),
        basket=np.exp(0.35 * streams.normal(n, "people/basket")) * np.where(organisation, 2.2, 1.0),
    )
