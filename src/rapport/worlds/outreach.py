"""What the shop sends on its own account, and what customers agreed to receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, NEVER
from rapport.worlds.streams import Bools, Floats, Ints, Streams

PROMOTIONS = 2
MACHINES = 0.30


@dataclass(slots=True)
class Consent:
    """Who agreed to marketing when joining, and when they took it back."""

    given: Bools
    withdrawn: Ints

    def holds(self, at: Ints) -> Bools:
        """Return who may be written to at a moment."""
        may: Bools = self.given & ((self.withdrawn == NEVER) | (at < self.withdrawn))
        return may


@dataclass(slots=True)
class Sent:
    """Contacts of one kind; times are local seconds."""

    who: Ints
    at: Ints
    purpose: str
    campaign: NDArray[Any]
    opened: Ints
    clicked: Ints
    unsubscribed: Ints
    team: str = "Marketing"
    automated: bool = True


def agree(streams: Streams, joined: Ints, edges: Ints) -> Consent:
    """Return the consents: four in five agree, and about one in two hundred takes it back in a month."""
    n = len(joined)
    given = streams.uniform(n, "consent/given") < 0.80
    months = streams.pack("consent/lasts").exponential(190.0, n)
    start = np.maximum(joined, edges[0])
    at = start + (months * 30.44 * DAY).astype(np.int64)
    return Consent(given, np.where(given & (at < edges[-1]), at, NEVER))


def reach_out(
    streams: Streams, joined: Ints, consent: Consent, content: Floats, here: Bools, month: int, span: tuple[int, int]
) -> list[Sent]:
    """Return what was sent in a month: a welcome, a check-in after thirty days, promotions to those who agreed."""
    begin, end = span
    n = len(joined)
    joining = (joined >= begin) & (joined < end)
    sent = [
        send(streams, "onboarding", "welcome", joined + HOUR, joining, content, month),
        send(streams, "check_in", "day-30 check-in", joined + 30 * DAY, joining, content, month),
    ]
    for number in range(PROMOTIONS):
        jitter = (streams.uniform(n, f"outreach/jitter/{number}", month) * 5 * HOUR).astype(np.int64)
        at = begin + (5 + 14 * number) * DAY + 9 * HOUR + jitter
        may = here & (joined < at) & consent.holds(at)
        sent.append(send(streams, "promotion", f"letter {month * PROMOTIONS + number + 1}", at, may, content, month))
    return sent


def send(
    streams: Streams, purpose: str, campaign: str, at: Ints, to: Bools, content: Floats, month: int, by: str = ""
) -> Sent:
    """Return one kind of contact, sent to some at a moment of their own, and who opened and clicked it.

    `by` names what is drawn for it; if empty, the campaign of a promotion, the purpose of anything else.
    """
    n = len(to)
    name = f"outreach/{by or (campaign if purpose == 'promotion' else purpose)}"
    u = streams.uniform((n, 3), name, month)
    opened = u[:, 0] < MACHINES + 0.10 * np.exp(0.2 * content)
    clicked = opened & (u[:, 1] < 0.14 * np.exp(0.2 * content))
    after = at + (u[:, 2] * 20 * HOUR).astype(np.int64)
    return Sent(
        who=np.flatnonzero(to),
        at=at[to],
        purpose=purpose,
        campaign=np.full(int(to.sum()), campaign, dtype="<U24"),
        opened=np.where(opened, after, NEVER)[to],
        clicked=np.where(clicked, after + 60, NEVER)[to],
        unsubscribed=np.full(int(to.sum()), NEVER),
    )
