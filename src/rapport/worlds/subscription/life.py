"""The accounts' life, month by month: what they experience moves what they think, use, buy and whether they stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, NEVER, seconds
from rapport.worlds.desk import Cases, opening_hours
from rapport.worlds.outreach import Consent, Sent, agree
from rapport.worlds.rules import Levers
from rapport.worlds.streams import Bools, Floats, Ints, Streams
from rapport.worlds.subscription.accounts import Accounts, Contacts, settle
from rapport.worlds.subscription.care import ask, reach_out, serve
from rapport.worlds.subscription.contracts import FADES, Contracts
from rapport.worlds.subscription.loyal import loyalty
from rapport.worlds.subscription.using import FADING, Adoption, Used, outages, use
from rapport.worlds.vigour import vigour_of
from rapport.worlds.voice import Asked

MEMORY = 0.80
WORKDAYS = 5
BEREFT = 6
"""Months for which an account feels that its champion has left."""


@dataclass(slots=True)
class Referred:
    """Recommendations of one month: who made them, when, and when the other became a customer."""

    month: int
    who: Ints
    at: Ints
    converted: Ints


@dataclass(slots=True)
class Life:
    """Everything that happened, in local time, before anyone exported it."""

    accounts: Accounts
    contacts: Contacts
    contracts: Contracts
    adoption: Adoption
    consent: Consent
    edges: Ints
    content: Floats
    cases: list[Cases] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    outages: list[tuple[Ints, Ints, NDArray[Any]]] = field(default_factory=list)
    referred: list[Referred] = field(default_factory=list)


def live(streams: Streams, levers: Levers, customers: int, starts: list[date]) -> Life:
    """Return the whole life of the company.

    An account's satisfaction is what it came with plus what it remembers: waits and unsolved cases, outages, failed
    payments, a champion who left. It moves use, words, scores, upgrades and the decision to leave, which breadth of use
    holds back. Who decides to leave often fades for months before, uses less, asks less and says nothing.
    """
    edges = np.array([seconds(day) for day in starts], dtype=np.int64)
    accounts = settle(streams, customers, starts)
    contracts = Contracts.sign(streams, accounts, int(edges[0]))
    contacts = Contacts.meet(streams, accounts)
    adoption = Adoption.of(streams, levers, accounts, contracts.plan)
    consent = agree(streams, accounts.joined, edges)
    life = Life(accounts, contacts, contracts, adoption, consent, edges, accounts.base.copy())
    hours = opening_hours(levers, starts, WORKDAYS)
    alone, ignored = np.zeros(customers, dtype=np.bool_), np.zeros(customers, dtype=np.bool_)
    loyal = loyalty(levers, accounts, adoption, contracts.plan, int(edges[0]))
    for month in range(1 - len(FADES), 0):
        contracts.decide(streams, levers, accounts, month, edges, _urge(life, alone) - loyal)
    remembered, bereft = np.zeros(customers), np.full(customers, BEREFT)
    for month in range(len(starts) - 1):
        span = (int(edges[month]), int(edges[month + 1]))
        life.content = accounts.base + remembered
        here = contracts.running(span[0])
        lost = contacts.month(streams, month, span, here)
        alone = contacts.champion < 0
        loyal = loyalty(levers, accounts, adoption, contracts.plan, span[0])
        contracts.decide(streams, levers, accounts, month, edges, _urge(life, alone) - loyal)
        contracts.turn_away(streams, levers, accounts, month, span[0], ignored)
        bereft = np.where(lost, 0, bereft + 1)
        contracts.walk_out(streams, levers, accounts, month, span[0], bereft < BEREFT)
        fading = contracts.fading(month)
        plan, joins = contracts.plan.copy(), contracts.running(span[1])
        failed, _ = contracts.month(streams, levers, accounts, month, span, life.content)
        until = np.where(joins, contracts.until, span[0])
        vigour = np.exp(0.15 * life.content) * FADING**fading * np.where(alone, levers.alone, 1.0)
        vigour *= vigour_of(streams, levers, accounts.joined, int(edges[0]), month, span[0])
        life.used.append(use(streams, accounts, adoption, month, span, plan, until, vigour))
        hit = np.zeros(customers, dtype=np.bool_)
        life.outages.append(outages(streams, customers, month, span, here))
        hit[life.outages[-1][0]] = True
        trouble = (hit, failed, fading > 0)
        cases = serve(streams, levers, accounts, hours, month, span, until, trouble)
        life.cases.append(cases)
        ignored = (cases.there & (cases.replied == NEVER)).any(axis=1)
        life.asked += ask(streams, levers, accounts.joined, cases, span, until, life.content)
        life.sent += reach_out(streams, accounts.joined, contracts.annual, consent, life.content, month, span, until)
        _recommend(streams, life, month, span, here & (fading == 0), loyal)
        felt = np.where(cases.there, cases.felt, 0.0).sum(axis=1) - 0.30 * hit - 0.30 * failed - 0.35 * lost
        remembered = MEMORY * remembered + felt
    life.content = accounts.base + remembered
    return life


def _urge(life: Life, alone: Bools) -> Floats:
    """Return the log of how much more likely than usual each account is to decide to leave."""
    urge: Floats = -0.6 * life.content - 0.25 * life.adoption.breadth + 0.6 * alone
    return urge


def _recommend(streams: Streams, life: Life, month: int, span: tuple[int, int], here: Bools, loyal: Floats) -> None:
    u = streams.uniform((len(here), 3), "referrals/made", month)
    who = np.flatnonzero(here & (u[:, 0] < 0.006 * np.exp(0.6 * life.content + loyal)))
    at = span[0] + (u[who, 1] * (span[1] - span[0])).astype(np.int64)
    life.referred.append(Referred(month, who, at, np.where(u[who, 2] < 0.35, at + 20 * DAY, NEVER)))
