"""What accounts bring to the desk, what they are asked, and what is sent to them."""

from __future__ import annotations

import numpy as np

from rapport.worlds.clock import DAY, HOUR, NEVER
from rapport.worlds.desk import Cases, Hours, Office, Opened, clock_of, handle
from rapport.worlds.outreach import Consent, Sent, send
from rapport.worlds.rules import Levers
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick, poisson
from rapport.worlds.subscription.accounts import Accounts
from rapport.worlds.voice import Asked, Question, answers

OFFICE = Office(
    {
        "billing": "Accounts",
        "contract": "Accounts",
        "how to": "Helpline",
        "login": "Helpline",
        "mobile app": "Engineering",
        "integration": "Engineering",
        "fault": "Engineering",
    },
    reply_hours=1.8,
    work_hours=4.0,
)
TOPICS = {"billing": 0.20, "contract": 0.08, "how to": 0.26, "login": 0.12, "mobile app": 0.14, "integration": 0.20}
POINTS = {"billing": "billing", "contract": "billing", "integration": "integration"}
SLOTS = 3
YOUNG = 60
QUIET = 0.4


def serve(
    streams: Streams,
    levers: Levers,
    accounts: Accounts,
    hours: Hours,
    month: int,
    span: tuple[int, int],
    until: Ints,
    trouble: tuple[Bools, Bools, Bools],
) -> Cases:
    """Return the cases of one month; `trouble` says whom an outage hit, whose payment failed, and who is fading.

    New accounts ask more than others; those who are on their way out ask less.
    """
    begin, end = span
    hit, failed, fading = trouble
    shape = (accounts.n, SLOTS)
    busy = levers.busy(begin)
    young = (begin - accounts.joined) < YOUNG * DAY
    mean = accounts.asks * busy * np.where(young, 2.2, 1.0) * np.where(fading, QUIET, 1.0) + 0.5 * hit + 0.35 * failed
    count = poisson(streams.uniform(accounts.n, "cases/count", month), mean, SLOTS)
    topic = np.array(list(TOPICS))[pick(streams.uniform(shape, "cases/topic", month), list(TOPICS.values()))]
    first = np.arange(SLOTS) == 0
    topic = np.where(first & hit[:, None], "fault", np.where(first & (failed & ~hit)[:, None], "billing", topic))
    day = (streams.uniform(shape, "cases/day", month) * ((end - begin) // DAY)).astype(np.int64)
    at = begin + day * DAY + clock_of(streams, shape, month)
    there = (np.arange(SLOTS) < count[:, None]) & (at > accounts.joined[:, None]) & (at < until[:, None])
    about = np.zeros(shape, dtype=np.bool_)
    return handle(streams, levers, OFFICE, Opened(month, there, at, topic, about, busy), hours)


def ask(
    streams: Streams, levers: Levers, joined: Ints, cases: Cases, span: tuple[int, int], until: Ints, content: Floats
) -> list[Asked]:
    """Return what was asked in a month: after cases, a month after joining, in the software, and for the whole."""
    begin, end = span
    month, n = cases.month, len(content)
    own = content[:, None]
    solved = cases.there & (cases.resolved != NEVER)
    half = streams.uniform(cases.there.shape, "voice/case", month) < 0.5
    point = np.vectorize(lambda topic: POINTS.get(topic, "support"), otypes=["<U12"])(cases.topic)
    mood = own + 1.2 * cases.felt
    day = (streams.uniform((n, 2), "voice/day", month) * ((end - begin) // DAY)).astype(np.int64)
    at = begin + day * DAY + 10 * HOUR
    here = (at > joined[:, None] + 14 * DAY) & (at < until[:, None])
    begun = (joined + 30 * DAY)[:, None]
    due = (begun >= begin) & (begun < end) & (begun < until[:, None])
    prompted = here[:, 1:] & (streams.uniform((n, 1), "voice/prompted", month) < 0.16)
    turn = here[:, :1] & ((np.arange(n) + month) % 3 == 0)[:, None]
    questions = (
        Question("csat", "case", solved & half, cases.resolved + HOUR, point, mood),
        Question("ces", "case", solved & ~half, cases.resolved + HOUR, point, mood),
        Question("csat", "onboarding", due, begun, np.full((n, 1), "onboarding"), own),
        Question("csat", "app", prompted, at[:, 1:], np.full((n, 1), "app"), own),
        Question("ces", "app", ~prompted & here[:, 1:] & turn, at[:, 1:], np.full((n, 1), "app"), own),
        Question("nps", "", turn, at[:, :1], np.full((n, 1), "relationship"), own),
    )
    return [answers(streams, levers, question, month) for question in questions]


def reach_out(
    streams: Streams,
    joined: Ints,
    annual: Bools,
    consent: Consent,
    content: Floats,
    month: int,
    span: tuple[int, int],
    until: Ints,
) -> list[Sent]:
    """Return what was sent: welcome, set-up, a call after thirty days, notices before a year ends, the newsletter."""
    begin, end = span
    year = joined + ((end - joined) // (365 * DAY) + 1) * 365 * DAY - 45 * DAY
    moments = (
        ("onboarding", "welcome", joined + HOUR, "Success", True),
        ("onboarding", "set-up", joined + 7 * DAY, "Success", True),
        ("check_in", "day-30 check-in", joined + 30 * DAY, "Success", False),
        ("renewal", "renewal notice", np.where(annual, year, NEVER), "Success", True),
    )
    sent: list[Sent] = []
    for purpose, campaign, at, team, automated in moments:
        to = (at >= begin) & (at < end) & (at < until)
        part = send(streams, purpose, campaign, at, to, content, month, by=campaign)
        part.team, part.automated = team, automated
        sent.append(part)
    at = (
        begin
        + 9 * DAY
        + 9 * HOUR
        + (streams.uniform(len(joined), "outreach/jitter", month) * 5 * HOUR).astype(np.int64)
    )
    may = (joined < at) & (at < until) & consent.holds(at)
    sent.append(send(streams, "promotion", f"newsletter {month + 1}", at, may, content, month))
    return sent
