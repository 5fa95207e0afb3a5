"""Sets what customers say on leaving beside what came before it: for them, for stayers and for other leavers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.core.finding import Alternative, Cause
from rapport.core.outcome import Bar, Chart
from rapport.core.words import share
from rapport.measures.among_alike import Alike, against, less
from rapport.models.least_effect import p_beyond
from rapport.models.proportions import wilson
from rapport.models.stratified import Stratified

BETTER = 0.05
"""Level at which those who say a reason are told from others who left."""
PATHS = {
    "unanswered": "had waited a week or more in vain for an answer",
    "unpaid": "had had a payment fail",
    "risen": "had had a price rise",
}
"""What may have come before, as what somebody had been through in the three months before."""
NAMES = {"unanswered": "unanswered cases", "unpaid": "failed payments", "risen": "a price rise"}
SAYS = {"price": "risen", "service": "unanswered"}
"""The path that a reason itself names: to find it there is no contradiction."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came before leaving for those who said one thing: against those who stayed, and against other leavers."""

    said: str
    path: str
    stayers: Stratified
    leavers: Stratified


def seen_before(said: str, path: str, alike: Alike) -> Seen:
    """Compare those who left and said so with those who stayed and with the others who left."""
    own, gone = alike.of({"outcome": "left", "said": said}), alike.of({"outcome": "left"})
    return Seen(said, path, against(own, alike.of({"outcome": "stayed"})), against(own, less(gone, own)))


def who(said: str) -> str:
    """Return them as the subject of a sentence."""
    return "Who leaves and gives no reason" if said == "no reason" else f"Who leaves and says “{said}”"


def cause_of(seen: Seen, known: Mapping[str, Alike], writers: Alike | None) -> Cause:
    """Say how far it supports a cause: it must be more than among other leavers, and than among stayers who wrote."""
    others = seen.leavers
    more = math.isfinite(others.se) and p_beyond(others.effect, others.se, 0.0, 1) < BETTER
    tried = [
        Alternative(
            "all who leave had it", f"of others who left {share(others.others)}, of these {share(others.value)}"
        )
    ]
    if seen.path == "unanswered" and writers is not None:
        wrote = seen_before(seen.said, seen.path, writers).stayers
        if math.isfinite(wrote.se):
            more = more and p_beyond(wrote.effect, wrote.se, 0.0, 1) < BETTER
            result = (
                f"of those of them who wrote {share(wrote.value)}, of those who wrote and stayed {share(wrote.others)}"
            )
            tried.append(Alternative("they only wrote more often", result))
    own = SAYS.get(seen.said)
    if own is not None and own in known:
        it = seen_before(seen.said, own, known[own]).stayers
        tried.append(
            Alternative(
                f"it is as they say ({NAMES[own]})",
                f"{share(it.value)} of them, {share(it.others)} of those who stayed",
            )
        )
    if not more:
        return Cause(
            "hypothesis", "They had it more often than those who stayed; other leavers had it too.", tuple(tried)
        )
    said = (
        f"They had {NAMES[seen.path]} behind them more often than those who stayed and than others who left. Whether "
        "they would have stayed without it the record cannot say."
    )
    return Cause("supported", said, tuple(tried))


def chart_of(said: str, all_: Sequence[Seen]) -> Chart:
    """Return the picture of what came before, for those who left and for those who stayed."""
    bars = []
    for seen in all_:
        if seen.said == said:
            i = wilson(min(1.0, seen.stayers.value) * seen.stayers.n, seen.stayers.n)
            bars += [
                Bar(f"{NAMES[seen.path]} · left", i.value, i.low, i.high, seen.stayers.n, True),
                Bar(f"{NAMES[seen.path]} · stayed", seen.stayers.others, None, None, seen.stayers.n_others),
            ]
    return Chart("dots", f"{who(said)}: the three months before", "share", tuple(bars))
