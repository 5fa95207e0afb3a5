"""What a company does for its customers unasked: a word now and then, and thanks to those who stay."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, HOUR
from rapport.worlds.outreach import Sent, send
from rapport.worlds.streams import Floats, Ints, Streams

A_WORD, SETTLED = 0.40, 60
"""The chance of a personal word in a month, and after how many days a customer begins to get any."""
THANKS, MORE_THANKS = 0.006, 0.13
"""The chance of thanks in a month for anybody, and what the longest and most frequent customers have beyond it."""
LONG = 730


def loyalty_of(joined: Ints, often: Floats, at: int) -> Floats:
    """Return how loyal each customer is at a moment, 0 to 1: `often` is 0 to 1, two years are long."""
    tenure: Floats = np.clip((at - joined) / (LONG * DAY), 0.0, 1.0)
    return tenure * often


def goodwill(
    streams: Streams, joined: Ints, until: Ints, often: list[Floats], content: Floats, edges: Ints, team: str
) -> list[Sent]:
    """Return the personal words and the thanks of all months, to those who are customers then (local seconds).

    Parameters
    ----------
    joined, until : shape (customers,), when each began and ended.
    often : for each month how often each comes, 0 to 1; who comes often and has stayed long is thanked more often.
    content : how content each is, which moves what they open.
    edges : the beginnings of the months, and the end.
    team : who sends it.
    """
    sent: list[Sent] = []
    for month, comes in enumerate(often):
        begin, end = int(edges[month]), int(edges[month + 1])
        loyal = loyalty_of(joined, comes, begin)
        chances = (
            ("service", "how are you getting on", np.full(len(joined), A_WORD)),
            ("reward", "thank you", THANKS + MORE_THANKS * loyal**2),
        )
        for purpose, campaign, chance in chances:
            u = streams.uniform((len(joined), 2), f"goodwill/{purpose}", month)
            at = begin + (u[:, 1] * ((end - begin) // DAY)).astype(np.int64) * DAY + 11 * HOUR
            to = (u[:, 0] < chance) & (at >= joined + SETTLED * DAY) & (at < until)
            part = send(streams, purpose, campaign, at, to, content, month, by=campaign)
            part.team, part.automated = team, False
            sent.append(part)
    return sent
