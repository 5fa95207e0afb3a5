"""A small service desk for tests: two years of tickets, healthy unless one of its arrays is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa

from rapport.core.outcome import Looked, Status
from rapport.models.multiplicity import simes
from tests.stage import Stage

END = datetime(2026, 1, 1)
START = datetime(2024, 1, 1)
DAY = 86400.0
DAYS = (END - START).days
TEAM = {"invoice": "Billing", "payment": "Billing", "delivery": "Logistics", "damaged": "Logistics", "product": "Shop"}


@dataclass
class Desk:
    """Tickets as arrays: seconds since the start, waits in seconds (infinite: never)."""

    seed: int
    n: int = 4000
    columns: dict = field(default_factory=dict)

    def __post_init__(self):
        r = self.random = np.random.default_rng(self.seed)
        n = self.n
        self.opened = np.sort(r.uniform(0, DAYS * DAY, n))
        self.customer = r.integers(0, n // 2, n)
        self.topic = r.choice(list(TEAM), n, p=[0.25, 0.2, 0.2, 0.15, 0.2])
        self.team = np.array([TEAM[t] for t in self.topic])
        self.channel = r.choice(["email", "chat", "phone"], n, p=[0.5, 0.3, 0.2])
        self.wait = np.exp(np.log(2 * 3600) + 0.9 * r.standard_normal(n)) * np.where(self.channel == "chat", 0.5, 1.0)
        self.work = np.exp(np.log(12 * 3600) + 0.9 * r.standard_normal(n))
        self.wait[r.random(n) < 0.005] = np.inf
        self.reopened = r.random(n) < 0.05
        self.hand_offs = r.poisson(0.2, n)

    @property
    def hour(self):
        return (self.opened % DAY) / 3600

    @property
    def weekday(self):
        """0 is Monday; the start, 1 January 2024, was one."""
        return (self.opened // DAY).astype(int) % 7

    @property
    def month(self):
        return np.array(START, dtype="datetime64[s]") + self.opened.astype("timedelta64[s]")

    def tickets(self):
        """Return the table of tickets as the record holds it at the end."""
        start = np.array(START, dtype="datetime64[us]")

        def times(seconds):
            known = np.isfinite(seconds) & (seconds < DAYS * DAY)
            stamps = start + (np.where(known, seconds, 0) * 1e6).astype("timedelta64[us]")
            return pa.array(stamps, pa.timestamp("us"), mask=~known)

        replied = self.opened + self.wait
        first = replied + self.work
        last = first + np.where(self.reopened, 2 * DAY, 0)
        solved = np.isfinite(last) & (last < DAYS * DAY)
        return pa.table(
            {
                "ticket_id": pa.array([f"t{i:05}" for i in range(self.n)]),
                "customer_id": pa.array([f"c{c}" for c in self.customer]),
                "opened_at": times(self.opened),
                "team": pa.array(self.team),
                "topic": pa.array(self.topic),
                "channel": pa.array(self.channel),
                "first_reply_at": times(replied),
                "first_resolved_at": times(first),
                "resolved_at": times(last),
                "reopens": pa.array(self.reopened.astype(int), pa.int64(), mask=~solved),
                "handoffs": pa.array(self.hand_offs, pa.int64(), mask=~solved),
                **self.columns,
            }
        )

    def stage(self, **words):
        return Stage({"tickets": self.tickets()}, as_of=END, start=START, **words)


def asked(desk, audit, **words):
    """Return the outcome of an audit on this desk."""
    found = desk.stage(**words).ask(audit)
    assert isinstance(found, Looked), found
    return found


def worst(outcome):
    """Return the most certain test for the worse, and the p-value of the whole audit."""
    worse = [t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE]
    return min(worse, key=lambda t: (t.p_value, -abs(t.effect.value))), simes([t.p_value for t in worse])


def quiet(outcome):
    """Say whether nothing is found for the worse."""
    return worst(outcome)[1] > 0.05


def heads(outcome, p=0.001):
    """Return the scopes for the worse that no other one explains, with their onset."""
    worse = [t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE and t.p_value < p]
    explained = [dict(s) for t in worse for s in t.explains]
    return [(dict(t.scope), t.onset) for t in worse if dict(t.scope) not in explained]
