"""How accounts use the software: what they take up, on which days they work with it, what they meet there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR, weekday
from rapport.worlds.rules import Levers, times
from rapport.worlds.streams import Bools, Floats, Ints, Streams, pick, poisson
from rapport.worlds.subscription.accounts import Accounts
from rapport.worlds.subscription.contracts import PLANS

FEATURES = ("schedule", "timesheets", "photos", "invoicing", "reports", "api")
TAKEN_UP = np.array([0.96, 0.70, 0.52, 0.45, 0.34, 0.16])
DAILY = np.array([0.42, 0.32, 0.20, 0.12, 0.07, 0.28])
OFFERED = np.array([[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1]], dtype=np.bool_)
"""Which features each plan has: Solo, Crew, Site."""
WEEK = np.array([1.0, 1.0, 1.0, 1.0, 0.92, 0.30, 0.06])
YEAR = (0.94, 0.97, 1.0, 1.02, 1.02, 1.01, 0.97, 0.94, 1.0, 1.03, 1.02, 0.95)
HOLIDAYS = 0.3
"""How much of the usual use remains between Christmas and New Year."""
HOURS = (0.2, 0.1, 0.1, 0.1, 0.3, 2, 6, 8, 7, 6, 5.4, 5, 4, 4.6, 5, 5, 5.4, 4.6, 3, 2, 1.6, 1.2, 0.8, 0.4)
FADING = 0.55
STEPS = {"project created": (1.5, 0.96), "crew invited": (5.0, 0.90), "first plan shared": (9.0, 0.85)}
"""The steps of the onboarding: the usual day after joining, and the share that ever takes it."""
ALL_OR_NOTHING = 2.0
"""How much more the drive decides on what is taken up, for each unit by which loyalty follows from it."""
LOGIN = 0.25
OUTAGE = 0.02


@dataclass(slots=True)
class Adoption:
    """Which feature each account takes up, and when (local seconds); `breadth` is how much more than others.

    `slow` is how many times as long as usual everything takes in the beginning.
    """

    takes: Bools
    since: Ints
    breadth: Floats
    slow: Floats

    @classmethod
    def of(cls, streams: Streams, levers: Levers, accounts: Accounts, plan: Ints) -> Adoption:
        """Return what the accounts will take up of what their first plan offers; how widely foretells how they stay."""
        shape = (accounts.n, len(FEATURES))
        drive = (1 + ALL_OR_NOTHING * levers.heavy) * accounts.drive[:, None]
        chance = 1 / (1 + np.exp(-(np.log(TAKEN_UP / (1 - TAKEN_UP)) + drive)))
        takes = streams.uniform(shape, "using/takes") < chance
        kept = _kept(levers, accounts, plan)
        takes &= streams.uniform(shape, "using/kept") < kept
        slow = times(levers.beginning, {"plan": np.array(PLANS)[plan]}, accounts.joined)
        days = streams.pack("using/since").exponential(35.0, shape) * slow[:, None]
        offered = OFFERED[plan]
        usual = (TAKEN_UP * offered).sum(axis=1)
        spread = np.sqrt((TAKEN_UP * (1 - TAKEN_UP) * offered).sum(axis=1))
        return cls(
            takes,
            accounts.joined[:, None] + (days * DAY).astype(np.int64),
            ((takes & offered).sum(axis=1) - usual) / spread,
            slow,
        )


def _kept(levers: Levers, accounts: Accounts, plan: Ints) -> Floats:
    """Return the share of what would be taken up that is: 1 where no rule holds."""
    own = np.array(PLANS)[plan]
    parts = [times(levers.unused, {"plan": own, "feature": np.full(accounts.n, f)}, accounts.joined) for f in FEATURES]
    return np.stack(parts, axis=1)


@dataclass(slots=True)
class Used:
    """The use of one month, a row for each account, feature and day with any; and the logins."""

    who: Ints
    feature: Ints
    day: Ints
    events: Ints
    login_who: Ints
    login_at: Ints
    mobile: Bools


def use(
    streams: Streams,
    accounts: Accounts,
    adoption: Adoption,
    month: int,
    span: tuple[int, int],
    plan: Ints,
    until: Ints,
    vigour: Floats,
) -> Used:
    """Return the use of one month by those whose contract runs, `until` when; `vigour` is how much of their usual."""
    begin, end = span
    days = np.arange(begin, end, DAY)
    n = accounts.n
    whole = WEEK[weekday(days)] * _season(days)
    open_ = (days[None, :] >= accounts.joined[:, None]) & (days[None, :] < until[:, None])
    has = adoption.takes & OFFERED[plan]
    rate = np.minimum(np.exp(accounts.drive)[:, None] * DAILY * has, 0.97) * vigour[:, None]
    u = streams.uniform((n, len(FEATURES), len(days)), "using/day", month).astype(np.float32)
    mean = (rate[:, :, None] * whole).astype(np.float32)
    there = (u < mean) & open_[:, None, :] & (days >= adoption.since[:, :, None])
    who, feature, place = np.nonzero(there)
    more = poisson((u[there] / mean[there]).astype(np.float64), np.minimum(2.2 * rate[who, feature] + 0.3, 4.0), 9)
    active = there.any(axis=1)
    logs_in = active & (streams.uniform(active.shape, "using/login", month) < LOGIN)
    own, day = np.nonzero(logs_in)
    draws = streams.uniform((*active.shape, 3), "using/moment", month)[logs_in]
    at = days[day] + pick(draws[:, 0], list(HOURS)) * HOUR + (draws[:, 1] * HOUR).astype(np.int64)
    return Used(who, feature, days[place], 1 + more, own, at, draws[:, 2] < 0.42)


def _season(days: Ints) -> Floats:
    """Return how much of the usual use a day of the year brings: it changes from month to month, not at midnight."""
    months = days.astype("datetime64[s]").astype("datetime64[M]")
    within = (days - months.astype("datetime64[s]").astype(np.int64)) / DAY
    of_year = months.astype(np.int64) % 12 + within / 30.5
    level = np.interp(of_year, np.arange(12) + 0.5, YEAR, period=12)
    quiet = ((of_year > 11) & (within >= 23)) | ((of_year < 1) & (within < 1))
    return np.where(quiet, HOLIDAYS * level, level)


def onboarding(streams: Streams, accounts: Accounts, slow: Floats) -> list[tuple[str, Ints, Ints]]:
    """Return the steps of the onboarding: name, which accounts took it, when; `slow` is as in `Adoption`."""
    speed = slow * np.exp(0.5 * streams.normal(accounts.n, "onboarding/speed") - 0.3 * accounts.drive)
    steps: list[tuple[str, Ints, Ints]] = []
    for name, (days, share) in STEPS.items():
        u = streams.uniform((accounts.n, 2), f"onboarding/{name}")
        who = np.flatnonzero(u[:, 0] < share)
        late = (days * speed * (0.5 + u[:, 1]) * DAY).astype(np.int64)
        steps.append((name, who, (accounts.joined + late)[who]))
    return steps


def outages(
    streams: Streams, n: int, month: int, span: tuple[int, int], here: Bools
) -> tuple[Ints, Ints, NDArray[Any]]:
    """Return whom an outage of the service hit in a month, when, and for how many seconds."""
    u = streams.uniform((n, 3), "outages/hit", month)
    who = np.flatnonzero(here & (u[:, 0] < OUTAGE))
    at = span[0] + (u[who, 1] * (span[1] - span[0])).astype(np.int64)
    return who, at, np.round(600 + 9000 * u[who, 2])
