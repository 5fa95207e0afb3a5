"""What accounts pay for: plans, seats, changes of both, the slow way out, and payments that fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, NEVER
from rapport.worlds.rules import Columns, Levers, plus, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick
from rapport.worlds.subscription.accounts import Accounts
from rapport.worlds.subscription.paying import PROVIDERS, Paid, attempts

PLANS = ("Solo", "Crew", "Site")
BASE = np.array([19.0, 49.0, 149.0])
SEAT = np.array([4.0, 9.0, 8.0])
LEAVING = 0.019
FADES = (0.52, 0.18, 0.14, 0.10, 0.06)
"""How many months accounts fade between deciding to leave and leaving: none, one, two, three, four."""
ANNUAL = 0.20
NOTICE = 2
PRICE = "too expensive"
REASONS = {
    PRICE: 3.0,
    "we do not use it enough": 3.0,
    "nobody answered us": 1.0,
    "we closed the business": 1.5,
    "another program does more": 1.5,
}
ALWAYS = np.int64(2**60)


@dataclass(slots=True)
class Contracts:
    """The subscriptions as they stand, the periods that have ended, and who has decided to leave in which month."""

    begins: Ints
    plan: Ints
    seats: Ints
    annual: Bools
    provider: NDArray[Any]
    live: Bools
    period: Ints
    leaves: Ints
    decided: Ints
    until: Ints
    price: Floats
    resents: Bools
    ended: list[dict[str, NDArray[Any]]] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)

    @classmethod
    def sign(cls, streams: Streams, accounts: Accounts, opened: int) -> Contracts:
        """Return the first contracts; the billing system knows those of earlier accounts from its first day on."""
        n = accounts.n
        u = streams.uniform(n, "contracts/plan")
        solo = np.where(accounts.size == "small", 0.62, np.where(accounts.size == "medium", 0.12, 0.02))
        site = np.where(accounts.size == "large", 0.60, np.where(accounts.size == "medium", 0.18, 0.03))
        plan = np.where(u < solo, 0, np.where(u > 1 - site, 2, 1))
        return cls(
            begins=np.maximum(accounts.joined, opened),
            plan=plan.astype(np.int64),
            seats=np.where(plan == 0, np.minimum(accounts.staff, 3), accounts.staff),
            annual=streams.uniform(n, "contracts/annual") < ANNUAL,
            provider=np.array(list(PROVIDERS))[
                pick(streams.uniform(n, "contracts/provider"), list(PROVIDERS.values()))
            ],
            live=np.ones(n, dtype=np.bool_),
            period=np.ones(n, dtype=np.int64),
            leaves=np.full(n, -1),
            decided=np.full(n, NEVER),
            until=np.full(n, ALWAYS),
            price=np.ones(n),
            resents=np.zeros(n, dtype=np.bool_),
        )

    @property
    def mrr(self) -> Floats:
        """What each pays a month."""
        return self._priced(self.plan, self.seats)

    def _priced(self, plan: Ints, seats: Ints) -> Floats:
        return np.round(self.price * (BASE[plan] + SEAT[plan] * seats), 2)

    def running(self, at: int) -> Bools:
        """Return whose subscription runs at a moment."""
        return self.live & (self.begins <= at)

    def fading(self, month: int) -> Ints:
        """Return for how many months, this one included, each account has been on its way out; 0: it is not."""
        return np.where(self.live & (self.decided != NEVER), np.maximum(month - self.decided + 1, 0), 0)

    def decide(
        self, streams: Streams, levers: Levers, accounts: Accounts, month: int, edges: Ints, urge: Floats
    ) -> None:
        """Let some decide to leave, at once or after months in which they use less and less and say nothing.

        `urge` is the log of how much more likely each is to go than usual. Who pays by the year can leave when the year
        is over and decides two months before. Before the record begins (`month` below 0) the decisions are those that
        are still to be carried out when it does.
        """
        n = len(self.live)
        delay = pick(streams.uniform(n, "contracts/fades", month + 12), list(FADES))
        year = (self._anniversary(accounts.joined) - _month_of(edges[0]) - month - NOTICE) % 12 == 0
        delay = np.where(self.annual, NOTICE, delay)
        goes = month + delay
        at = edges[np.clip(goes, 0, len(edges) - 1)]
        columns = self._columns(accounts)
        hazard = LEAVING * np.exp(urge) * times(levers.cancelling, columns, at + DAY)
        hazard = hazard * times(levers.leaving, columns, accounts.joined)
        hazard = np.where(self.annual, np.where(year, np.minimum(10 * hazard, 0.6), 0.0), hazard)
        here = self.running(edges[max(month, 0)]) & (self.leaves < 0)
        decides = here & (goes >= 0) & (streams.uniform(n, "contracts/decides", month + 12) < hazard)
        self.leaves = np.where(decides, goes, self.leaves)
        self.decided = np.where(decides, month, self.decided)

    def turn_away(
        self, streams: Streams, levers: Levers, accounts: Accounts, month: int, begin: int, ignored: Bools
    ) -> None:
        """Let some of those whom the desk left without an answer last month leave in this one, and blame the price."""
        chance = plus(levers.unheard, self._columns(accounts), np.full(len(self.live), begin))
        draws = streams.uniform(len(self.live), "contracts/unheard", month)
        goes = ignored & self.running(begin) & (self.leaves < 0) & (draws < chance)
        self.leaves, self.decided = np.where(goes, month, self.leaves), np.where(goes, month, self.decided)
        self.resents = self.resents | goes

    def walk_out(
        self, streams: Streams, levers: Levers, accounts: Accounts, month: int, begin: int, bereft: Bools
    ) -> None:
        """Let some of those who lost their champion lately leave in this month, however much they use."""
        chance = plus(levers.unsponsored, self._columns(accounts), np.full(len(self.live), begin))
        draws = streams.uniform(len(self.live), "contracts/unsponsored", month)
        goes = bereft & self.running(begin) & (self.leaves < 0) & (draws < chance)
        self.leaves, self.decided = np.where(goes, month, self.leaves), np.where(goes, month, self.decided)

    def reprice(self, levers: Levers, accounts: Accounts, span: tuple[int, int]) -> None:
        """Raise the price of those for whom a rise begins in this month: a period ends, the next one costs more."""
        begin, end = span
        for rule in levers.repriced:
            if rule.since is None or not begin <= rule.since < end:
                continue
            when = np.full(len(self.live), begin)
            which = self.running(begin) & rule.holds(self._columns(accounts), np.full(len(self.live), rule.since))
            self._end(which, when, "expired", None)
            self.price = np.where(which, self.price * rule.by, self.price)
            self.begins, self.period = np.where(which, when, self.begins), self.period + which

    def _columns(self, accounts: Accounts) -> Columns:
        return {
            "plan": np.array(PLANS)[self.plan],
            "acquisition_channel": accounts.came_by,
            "acquisition_campaign": accounts.campaign,
            "region": accounts.region,
            "cohort": accounts.cohort,
        }

    def month(
        self, streams: Streams, levers: Levers, accounts: Accounts, month: int, span: tuple[int, int], content: Floats
    ) -> tuple[Bools, Bools]:
        """Let a month pass: payments, departures, changes; return who had a failed payment, and who left."""
        begin, end = span
        n = len(self.live)
        running = self.running(begin)
        self.reprice(levers, accounts, span)
        failed, lost, lost_at = self._pay(streams, levers, accounts, month, span, running)
        when = begin + (streams.uniform(n, "contracts/when", month) * (end - begin - HOUR)).astype(np.int64)
        goes = running & (self.leaves == month) & ~(lost & (lost_at < when))
        lost &= ~goes
        said = np.array(list(REASONS))[pick(streams.uniform(n, "contracts/said", month), list(REASONS.values()))]
        says = np.where(streams.uniform(n, "contracts/says", month) < 0.7, said, "")
        self._end(goes, when, "cancelled", np.where(self.resents, PRICE, says))
        self._end(lost, lost_at, "payment_failure", None)
        self.until = np.where(goes, when, np.where(lost, lost_at, self.until))
        self.live = self.live & ~goes & ~lost
        self._change(streams, levers, accounts, month, running & self.live & (self.leaves < 0), when, content)
        return failed, goes | lost

    def _pay(
        self, streams: Streams, levers: Levers, accounts: Accounts, month: int, span: tuple[int, int], running: Bools
    ) -> tuple[Bools, Bools, Ints]:
        due = span[0] + ((accounts.joined // DAY) % 28) * DAY + 6 * HOUR
        asked = running & (due >= self.begins)
        paid, failed, lost = attempts(streams, levers, month, asked, due, self.provider, self.mrr)
        self.paid += paid
        return failed, lost, due + 14 * DAY

    def _change(
        self,
        streams: Streams,
        levers: Levers,
        accounts: Accounts,
        month: int,
        may: Bools,
        when: Ints,
        content: Floats,
    ) -> None:
        n = len(self.live)
        u, size = streams.uniform(n, "contracts/change", month), streams.uniform(n, "contracts/size", month)
        rises = may & (u < 0.012 * np.exp(0.5 * content + 0.3 * accounts.drive))
        less = 0.007 * np.exp(-0.45 * content) * times(levers.shrinking, self._columns(accounts), when)
        sinks = may & ~rises & (u > 1 - less)
        moves = size < 0.35
        plan = np.clip(self.plan + np.where(moves & rises, 1, 0) - np.where(moves & sinks, 1, 0), 0, 2)
        share = np.where(rises, 1.15 + 0.5 * size, np.where(sinks, 0.85 - 0.3 * size, 1.0))
        seats = np.where(moves, self.seats, np.maximum(1, np.round(self.seats * share)).astype(np.int64))
        seats = np.where(rises & (seats == self.seats) & (plan == self.plan), seats + 1, seats)
        before, after = self.mrr, self._priced(plan, seats)
        for which, reason in (((rises & (after > before)), "upgrade"), ((sinks & (after < before)), "downgrade")):
            self._end(which, when, reason, None)
            self.plan, self.seats = np.where(which, plan, self.plan), np.where(which, seats, self.seats)
            self.begins, self.period = np.where(which, when, self.begins), self.period + which

    def _anniversary(self, joined: Ints) -> Ints:
        return joined.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)

    def _end(self, which: Bools, when: Ints, reason: str, said: NDArray[Any] | None) -> None:
        if which.any():
            self.ended.append(self._rows(which, when, reason, said))

    def close(self, end: int) -> list[dict[str, NDArray[Any]]]:
        """Return every period, those that last included."""
        return [*self.ended, self._rows(self.live & (self.begins < end), np.full(len(self.live), NEVER), "", None)]

    def _rows(self, which: Bools, when: Ints, reason: str, said: NDArray[Any] | None) -> dict[str, NDArray[Any]]:
        n = int(which.sum())
        return {
            "who": np.flatnonzero(which),
            "period": self.period[which],
            "plan": np.array(PLANS)[self.plan[which]],
            "mrr": self.mrr[which],
            "begins": self.begins[which],
            "ends": when[which],
            "reason": np.full(n, reason, dtype="<U16"),
            "said": said[which] if said is not None else np.full(n, "", dtype="<U32"),
        }


def _month_of(local: Any) -> int:
    return int(np.datetime64(int(local), "s").astype("datetime64[M]").astype(np.int64))
