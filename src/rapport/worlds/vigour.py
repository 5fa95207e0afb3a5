"""How much of their usual customers do in a month: where a cohort fades, and where it only goes up and down."""

from __future__ import annotations

import numpy as np

from rapport.worlds.rules import Levers, times
from rapport.worlds.streams import Floats, Ints, Streams

OLDEST = "oldest third"
HALF_YEAR = 6


def vigour_of(streams: Streams, levers: Levers, joined: Ints, opened: int, month: int, begin: int) -> Floats:
    """Return the factor on what each customer does in a month: 1 where nothing is moved.

    joined : when customers began; opened, begin : the first moment of the record and of the month (local seconds). The
    oldest third are the first of those who were there before the record. Where customers are restless, each half-year
    is a draw of its own, 1 on average: who does much in one does as much as anybody in the next.
    """
    before = joined[joined < opened]
    cut = np.quantile(before, 1 / 3) if before.size else -np.inf
    cohort = np.where(joined <= cut, OLDEST, "others")
    factor = times(levers.fading, {"cohort": cohort}, np.full(joined.size, begin))
    if levers.restless:
        z = streams.normal(joined.size, "vigour/half-year", month // HALF_YEAR)
        factor = factor * np.exp(levers.restless * z - levers.restless**2 / 2)
    return factor
