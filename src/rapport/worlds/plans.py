"""The shop's small subscription: who takes the linen club, at which price, and who leaves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR
from rapport.worlds.people import People
from rapport.worlds.rules import Levers, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick

PLANS = {"Linen Club": 9.90, "Linen Club Plus": 19.90, "Studio": 39.00}
REASONS = ("too expensive", "I do not use it enough", "nobody answered me", "I moved", "the quality went down")


@dataclass(slots=True)
class Plans:
    """The subscriptions as they stand, and the periods that have ended so far; times are local seconds."""

    has: Bools
    begins: Ints
    plan: NDArray[Any]
    period: Ints
    ended: list[dict[str, NDArray[Any]]] = field(default_factory=list)
    live: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @classmethod
    def offer(cls, streams: Streams, people: People, opened: int) -> Plans:
        """Return who takes which plan, up to two months after joining; the club opened when the record begins."""
        n = people.n
        u = streams.uniform(n, "plans/takes")
        days = (streams.uniform(n, "plans/day") * 60).astype(np.int64)
        shop = np.array(list(PLANS))[pick(streams.uniform(n, "plans/plan"), [0.55, 0.35, 0.10])]
        plan = np.where(people.organisation, "Studio", shop)
        has = u < np.where(people.organisation, 0.60, 0.34)
        return cls(
            has, np.maximum(people.joined, opened) + days * DAY, plan, np.ones(n, dtype=np.int64), live=has.copy()
        )

    def subscribed(self, at: int) -> Bools:
        """Return who has a subscription at a moment."""
        return self.live & (self.begins <= at)

    def month(self, streams: Streams, levers: Levers, month: int, span: tuple[int, int], content: Floats) -> Bools:
        """Let a month pass: some cancel, some payments fail for good, some move up; return who stopped."""
        begin, end = span
        n = len(self.has)
        running = self.live & (self.begins < begin)
        when = begin + (streams.uniform(n, "plans/when", month) * (end - begin - HOUR)).astype(np.int64)
        hazard = 0.024 * np.exp(-0.55 * content) * times(levers.cancelling, {"plan": self.plan}, when)
        cancels = running & (streams.uniform(n, "plans/cancel", month) < hazard)
        fails = running & ~cancels & (streams.uniform(n, "plans/fail", month) < 0.004)
        rises = running & ~cancels & ~fails & (self.plan == "Linen Club")
        rises &= streams.uniform(n, "plans/rise", month) < 0.010
        said = np.array(REASONS)[pick(streams.uniform(n, "plans/said", month), [3.0, 3.0, 1.0, 1.0, 1.0])]
        for which, reason in ((cancels, "cancelled"), (fails, "payment_failure"), (rises, "upgrade")):
            if which.any():
                self.ended.append(self._rows(which, when, reason, said if reason == "cancelled" else None))
        self.live = self.live & ~(cancels | fails)
        self.begins = np.where(rises, when, self.begins)
        self.period = np.where(rises, self.period + 1, self.period)
        self.plan = np.where(rises, "Linen Club Plus", self.plan)
        return cancels | fails

    def close(self, end: int) -> list[dict[str, NDArray[Any]]]:
        """Return every period, those that last included."""
        lasting = self.live & (self.begins < end)
        never = np.full(len(self.has), np.int64(-(2**60)))
        return [*self.ended, self._rows(lasting, never, "", None)]

    def _rows(self, which: Bools, when: Ints, reason: str, said: NDArray[Any] | None) -> dict[str, NDArray[Any]]:
        return {
            "who": np.flatnonzero(which),
            "period": self.period[which],
            "plan": self.plan[which],
            "begins": self.begins[which],
            "ends": when[which],
            "reason": np.full(int(which.sum()), reason, dtype="<U16"),
            "said": said[which] if said is not None else np.full(int(which.sum()), "", dtype="<U24"),
        }
