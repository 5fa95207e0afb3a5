"""Customers who answer surveys for two years, healthy unless one of the arrays is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from rapport.core.outcome import Looked, Status
from tests.stage import Stage

END = datetime(2026, 1, 1)
DAYS = 730


@dataclass
class Answers:
    """Answers as arrays: day since the start, touchpoint, channel, region, score."""

    seed: int
    n: int = 6000
    kind: str = "nps"
    people: int | None = None

    def __post_init__(self):
        r = self.random = np.random.default_rng(self.seed)
        self.day = np.sort(r.uniform(0, DAYS, self.n))
        self.customer = r.integers(0, self.people, self.n) if self.people else np.arange(self.n)
        self.touchpoint = r.choice(["delivery", "support", "returns"], self.n)
        self.channel = r.choice(["email", "sms"], self.n)
        self.region = r.choice(["north", "south"], self.people or self.n)
        self.score = self.drawn(np.zeros(self.n))

    def drawn(self, worse):
        """Return scores; `worse` moves that share of the answers from best to worst (of NPS: twice that in points)."""
        u = self.random.random(self.n)
        high = {"nps": (9, 11), "csat": (4, 6), "ces": (6, 8)}[self.kind]
        low = {"nps": (0, 7), "csat": (1, 4), "ces": (1, 4)}[self.kind]
        middle = {"nps": (7, 9), "csat": (3, 4), "ces": (4, 6)}[self.kind]
        good, bad = {"nps": (0.5, 0.2), "csat": (0.8, 0.15), "ces": (0.6, 0.15)}[self.kind]
        top, bottom, between = (self.random.integers(*side, self.n) for side in (high, low, middle))
        return np.where(u < good - worse, top, np.where(u > 1 - bad - worse, bottom, between)).astype(float)

    def since(self, months):
        """Return which answers are of the newest months."""
        return self.day >= DAYS - months * 30.44

    def stage(self):
        when = np.datetime64(END, "us") - ((DAYS - self.day) * 86400e6).astype("timedelta64[us]")
        names = np.char.add("c", self.customer.astype(str))
        feedback = {
            "feedback_id": np.char.add("f", np.arange(self.n).astype(str)),
            "customer_id": names,
            "kind": np.full(self.n, self.kind),
            "answered_at": when,
            "score": self.score,
            "touchpoint": self.touchpoint,
            "channel": self.channel,
        }
        customers = {
            "customer_id": np.char.add("c", np.arange(len(self.region)).astype(str)),
            "region": self.region,
        }
        return Stage({"feedback": pa.table(feedback), "customers": pa.table(customers)}, as_of=END)


def certain(outcome, level=0.001):
    """Return the worse tests that are certain, the most certain first."""
    assert isinstance(outcome, Looked)
    worse = [t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE and t.p_value < level]
    return sorted(worse, key=lambda t: t.p_value)
