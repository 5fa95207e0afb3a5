"""What can be done for a customer, when it is proposed, and what it is taken to be worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAVE_ALONE = "leave alone"
SILENT_DAYS = 60.0
"""Days without a useful contact after which a customer at risk should hear from somebody."""
RENEWAL_DAYS = 60.0
AT_RISK = 1.5
"""Odds of leaving over the average from which a contact is proposed."""
LEAST_ACTIVE = 0.05
"""A smaller probability to be active is taken for this where an amount is divided by it."""
BAD_SCORE = 0.4
"""Answers up to here on 0 to 1 are bad news: a detractor, a hard task, a customer who was not satisfied."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done.

    effect : the share of the risk of leaving that it takes away, with limits: an assumption, stated beside every value,
    until tasks with a holdout show it. contacts : what it costs, in contacts. marketing : whether it needs consent.
    """

    id: str
    effect: tuple[float, float, float]
    contacts: float
    marketing: bool
    reason: str


ACTIONS = (
    Action("fix", (0.10, 0.30, 0.50), 2.0, False, "a problem is unsolved, came back or left bitter words"),
    Action("renew", (0.05, 0.15, 0.25), 1.0, False, "the contract is about to be renewed"),
    Action(
        "contact", (0.02, 0.10, 0.20), 1.0, False, "more likely to leave than others, and nobody was in touch lately"
    ),
    Action("offer", (0.00, 0.05, 0.10), 1.0, True, "is drifting away, and something goes with what they have"),
    Action("reward", (0.00, 0.04, 0.08), 1.0, True, "among the best customers, and nobody has shown it in a year"),
    Action("thank", (0.00, 0.03, 0.06), 1.0, False, "recommends you or answers with good scores"),
    Action("ask", (0.00, 0.02, 0.04), 0.2, False, "was not asked for a year"),
)
"""From what cures to what is pleasant: of two that are worth the same the first is proposed."""


@dataclass(frozen=True, eq=False)
class Situation:
    """What is known of customers, one place each; NaN or False where nothing is.

    risk : of leaving; odds : over the average; value : expected margin; active : probability to be a customer still;
    per_week, ceiling : contacts.
    """

    risk: Floats
    odds: Floats
    value: Floats
    active: Floats
    problem: Bools
    renewal_days: Floats
    useful_days: Floats
    best: Bools
    rewarded: Bools
    glad: Bools
    asked: Bools
    goes_with: Bools
    refused: Bools
    per_week: Floats
    ceiling: float

    def fits(self, action: Action) -> Bools:
        """Return for whom an action is meant at all, consent and ceiling aside."""
        drifting = self.odds >= AT_RISK
        silent = np.isnan(self.useful_days) | (self.useful_days > SILENT_DAYS)
        meant: dict[str, Bools] = {
            "fix": self.problem,
            "renew": self.renewal_days <= RENEWAL_DAYS,
            "contact": drifting & silent,
            "offer": drifting & self.goes_with,
            "reward": self.best & ~self.rewarded,
            "thank": self.glad & ~self.rewarded,
            "ask": ~self.asked,
        }
        return meant[action.id]


@dataclass(frozen=True, eq=False)
class Advice:
    """For each customer the place of the action in `ACTIONS` (−1: leave alone), its value with limits, and why.

    value, low, high : expected margin kept, less the cost. why : the reason in words.
    """

    action: NDArray[np.int64]
    low: Floats
    value: Floats
    high: Floats
    why: NDArray[np.object_]


def advise(seen: Situation, contact_cost: float) -> Advice:
    """Return the next best action of each customer: the one that keeps the most margin beyond its cost.

    What is kept is risk × margin of who is there × the share of the risk taken away; the margin of who is there is the
    expected margin over the probability to be active. Nothing that needs consent is proposed to who objected to
    marketing, nor, a problem apart, anything to who is contacted up to the ceiling.
    """
    at_stake = np.nan_to_num(seen.risk * seen.value / np.maximum(seen.active, LEAST_ACTIVE))
    full = seen.per_week >= seen.ceiling
    worth = np.full((3, len(ACTIONS), at_stake.size), -np.inf)
    fits = np.zeros((len(ACTIONS), at_stake.size), dtype=np.bool_)
    for i, action in enumerate(ACTIONS):
        fits[i] = seen.fits(action)
        allowed = fits[i] & ~(seen.refused & action.marketing) & ~(full & (action.id != "fix"))
        for j, effect in enumerate(action.effect):
            worth[j, i, allowed] = at_stake[allowed] * effect - action.contacts * contact_cost
    best = np.argmax(worth[1], axis=0)
    gain = np.take_along_axis(worth[1], best[None, :], axis=0)[0]
    act = gain > 0
    low, high = (np.take_along_axis(worth[j], best[None, :], axis=0)[0] for j in (0, 2))
    why = np.array([a.reason for a in ACTIONS], dtype=object)[best]
    why[~act] = "nothing that could be done is worth its cost"
    why[~act & ~fits.any(axis=0)] = "all is as it should be"
    why[~act & fits.any(axis=0) & seen.refused] = "objected to marketing, and nothing else is called for"
    why[~act & full] = "is contacted as often as the ceiling allows"
    none = np.zeros_like(gain)
    return Advice(
        np.where(act, best, -1),
        np.where(act, low, none),
        np.where(act, gain, none),
        np.where(act, high, none),
        why,
    )
