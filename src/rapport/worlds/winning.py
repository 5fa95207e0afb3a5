"""How customers were won: through which campaign, by which team, and what winning and keeping them cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.worlds.clock import DAY
from rapport.worlds.export import money, stacked, text
from rapport.worlds.streams import Ints, Streams, pick

Campaigns = Mapping[str, Mapping[str, float]]
"""For each channel its campaigns, with the share of the channel's customers that each of them brings."""
TEAMS = {"Marketing": 0.62, "Success": 0.38}
EVEN = 0.06
"""How much a month's spend differs from the plan, as a standard deviation of its logarithm."""
CURRENCY = "EUR"


def campaign_of(streams: Streams, came_by: NDArray[Any], campaigns: Campaigns) -> NDArray[Any]:
    """Return the campaign through which each customer came."""
    u = streams.uniform(len(came_by), "winning/campaign")
    found = np.full(len(came_by), "", dtype="<U24")
    for channel, weights in campaigns.items():
        here = came_by == channel
        found[here] = np.array(list(weights))[pick(u[here], list(weights.values()))]
    return found


def team_of(streams: Streams, n: int, teams: Mapping[str, float]) -> NDArray[Any]:
    """Return the team that won each customer."""
    return np.array(list(teams))[pick(streams.uniform(n, "winning/team"), list(teams.values()))]


def spend_table(
    streams: Streams, joined: Ints, came_by: NDArray[Any], edges: Ints, costs: Mapping[str, float], keeping: float
) -> pa.Table:
    """Return what was spent month by month: on each channel for those it won, and on keeping those who were there.

    costs : what a customer won through a channel costs on average; keeping : what keeping one costs a month. What is
    spent follows the plan made on who joins, not what becomes of them.
    """
    begins, ends = edges[:-1], edges[1:]
    rows = []
    for channel, cost in costs.items():
        won = np.histogram(joined[came_by == channel], np.append(edges[:-1], edges[-1]))[0]
        noise = np.exp(EVEN * streams.normal(len(begins), f"winning/spend/{channel}"))
        rows.append(_rows(begins, "acquisition", channel, "Marketing", cost * np.maximum(won, won.mean() / 4) * noise))
    there = np.searchsorted(np.sort(joined), ends)
    noise = np.exp(EVEN * streams.normal(len(begins), "winning/spend/keeping"))
    rows.append(_rows(begins, "retention", "email", "Success", keeping * there * noise))
    return stacked(rows)


def _rows(begins: Ints, kind: str, channel: str, team: str, amount: NDArray[Any]) -> dict[str, Any]:
    n = len(begins)
    days = pa.array((begins // DAY).astype(np.int32)).cast(pa.date32())
    return {
        "spend_id": [f"K-{kind}-{channel}-{day}" for day in days.to_pylist()],
        "month": days,
        "kind": text(np.full(n, kind)),
        "channel": text(np.full(n, channel)),
        "team": text(np.full(n, team)),
        "amount": money(amount),
        "currency": text(np.full(n, CURRENCY)),
    }
