"""Learns from who left before how likely each customer is to leave, beginning from what experts expect.

A logistic regression whose coefficients a ridge draws, not to 0, but to a stated prior: with few leavers it says what
the prior says, with many what the record says. How strong the ridge is, the newest of the earlier moments decides, by
a fit without it. Intervals carry the uncertainty of the coefficients, a customer's rows together, how far the ridge
drew them aside, and how much the level moved from one moment to the next.
Sources: le Cessie & van Houwelingen (1992), Applied Statistics 41:191 (ridge in logistic regression); Liang & Zeger
(1986), Biometrika 73:13 (rows in clusters).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from rapport.models.ridge_to_prior import STEPS, likelihood, losses, ridge_fit
from rapport.models.student import two_sided

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_LEAVERS = 30
"""Fewer say too little about any coefficient: the prior alone is used."""
STRENGTHS = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Ridges to choose from: the weight of the prior in customers' worth of information about one coefficient."""
LEAST_KNOWN = 0.1
"""A column of which less is known in the past is left out: what few teach does not hold for all."""
PRIOR_SD = 0.3
"""Of a prior coefficient: how far experts' opinions on it lie apart, in log odds for one standard deviation."""
BEFORE, OUT_OF = 1.0, 5.0
"""With few leavers the level is that of the record and of five more customers one of whom left."""


@dataclass(frozen=True, eq=False)
class Past:
    """What was known of customers at earlier moments, and what became of them; arrays of one length.

    rows : shape (n, columns), missing values NaN; left : whether they left in time; who : customers' numbers;
    when : the moment's number, ascending in time.
    """

    rows: Floats
    left: Bools
    who: Ints
    when: Ints

    def some(self, chosen: Bools) -> Past:
        """Return these rows alone."""
        return Past(self.rows[chosen], self.left[chosen], self.who[chosen], self.when[chosen])

    @property
    def leavers(self) -> int:
        """How many different customers left."""
        return int(np.unique(self.who[self.left]).size)


@dataclass(frozen=True, eq=False)
class Leaving:
    """A fitted model.

    centre, scale : of each column, from the rows learned from; level : log odds of the average customer; coefficients :
    log odds for one standard deviation; prior : those of the experts; covariance : of level and coefficients;
    drift : standard deviation of the level between moments; strength : of the ridge, infinite for the prior alone;
    leavers : different customers who left; log_likelihood : of the rows learned from, without the ridge.
    """

    centre: Floats
    scale: Floats
    level: float
    coefficients: Floats
    prior: Floats
    covariance: Floats
    drift: float
    strength: float
    leavers: int
    log_likelihood: float

    def standard(self, rows: Floats) -> Floats:
        """Return rows in standard deviations from the average; what is missing is average."""
        return np.asarray(np.nan_to_num((rows - self.centre) / self.scale))

    def odds(self, rows: Floats) -> Floats:
        """Return the log odds of leaving."""
        return np.asarray(self.level + self.standard(rows) @ self.coefficients)

    def risk(self, rows: Floats, level: float = 0.95) -> tuple[Floats, Floats, Floats]:
        """Return the probability of leaving with its limits."""
        standard = self.standard(rows)
        odds = self.level + standard @ self.coefficients
        design = np.column_stack([np.ones(rows.shape[0]), standard])
        variance = np.einsum("ij,ij->i", design @ self.covariance, design) + self.drift**2
        half = two_sided(level) * np.sqrt(np.maximum(variance, 0.0))
        return expit(odds), expit(odds - half), expit(odds + half)

    def contributions(self, rows: Floats) -> Floats:
        """Return by how much each column moves the log odds away from the average customer's."""
        return np.asarray(self.standard(rows) * self.coefficients)


def learn(past: Past, prior: Floats, present: Floats | None = None) -> Leaving:
    """Return the model that a past teaches, the experts' alone where fewer than 30 customers left, or stayed.

    present : rows of today, by which the average customer is told where there is no past at all.
    """
    centre, scale = _standards(present if present is not None and not past.left.size else past.rows)
    design = np.nan_to_num((past.rows - centre) / scale)
    leavers = past.leavers
    if min(leavers, np.unique(past.who[~past.left]).size) < LEAST_LEAVERS:
        return _expert(design, past, prior, centre, scale)
    told = np.isfinite(scale)
    design = design[:, told]
    strength = _strength(design, past, prior[told])
    some = ridge_fit(design, past.left, prior[told], strength, None)
    free = ridge_fit(design, past.left, prior[told], STRENGTHS[0], some)
    coefficients, covariance = prior.copy(), np.zeros((prior.size + 1, prior.size + 1))
    coefficients[told] = some[1:]
    covariance[np.ix_(np.append(True, told), np.append(True, told))] = _sandwich(design, past, free) + np.outer(
        some - free, some - free
    )
    drift = _drift(design, past, some)
    height = likelihood(some[0] + design @ some[1:], past.left)
    return Leaving(centre, scale, float(some[0]), coefficients, prior, covariance, drift, strength, leavers, height)


def shifted(score: Floats, left: Bools) -> tuple[float, float]:
    """Return the level and the slope by which log odds foretell another outcome (leaving sooner, or later).

    A logistic regression on the one score with a slight pull to slope 1 and the outcome's own level.
    """
    if not left.any() or left.all():
        share = (float(left.sum()) + BEFORE) / (left.size + OUT_OF)
        return float(logit(share)) - float(score.mean()) if score.size else 0.0, 1.0
    centre = float(score.mean())
    level, slope = ridge_fit(score[:, None] - centre, left, np.ones(1), 10.0, None).tolist()
    return level - slope * centre, slope


def _standards(rows: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each column, 0 and 1 where a column says nothing."""
    known = np.isfinite(rows)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, rows, 0.0)
    centre = filled.sum(axis=0) / count
    scale = np.sqrt((np.where(known, rows - centre, 0.0) ** 2).sum(axis=0) / count)
    says = (scale > 1e-9) & (known.mean(axis=0) >= LEAST_KNOWN)
    return centre, np.where(says, scale, np.inf)


def _expert(design: Floats, past: Past, prior: Floats, centre: Floats, scale: Floats) -> Leaving:
    """The prior's coefficients; only the level is the record's."""
    share = (float(past.left.sum()) + BEFORE) / (past.left.size + OUT_OF)
    lean = design @ prior
    level = float(logit(share))
    for _ in range(STEPS if lean.size else 0):  # so that the average risk is the share
        chance = expit(level + lean)
        level += float(np.clip((share - chance.mean()) / np.maximum((chance * (1 - chance)).mean(), 1e-9), -1, 1))
    people = np.unique(past.who).size + OUT_OF
    spread = np.full(prior.size + 1, PRIOR_SD**2)
    spread[0] = 1 / max(people * share * (1 - share), 1e-9)
    height = likelihood(level + lean, past.left)
    return Leaving(centre, scale, level, prior, prior, np.diag(spread), 0.0, np.inf, past.leavers, height)


def _strength(design: Floats, past: Past, prior: Floats) -> float:
    """Return the strongest ridge that foretells the newest moment as well as the best one, within a standard error.

    Where the others do not hold enough leavers, customers are foretold from other customers instead.
    """
    newest = past.when == past.when.max()
    inner, outer = ~newest, newest
    if inner.sum() == 0 or min(past.left[inner].sum(), (~past.left[inner]).sum()) < LEAST_LEAVERS:
        inner, outer = past.who % 2 == 0, past.who % 2 == 1
    found = []
    start: Floats | None = None
    for strength in STRENGTHS[::-1]:
        start = ridge_fit(design[inner], past.left[inner], prior, strength, start)
        found.append(losses(design[outer] @ start[1:], past.left[outer]))
    best = min(found, key=lambda one: float(one.mean()))
    for strength, loss in zip(STRENGTHS[::-1], found, strict=True):
        worse = loss - best
        if worse.mean() <= worse.std() / np.sqrt(worse.size):
            return strength
    return STRENGTHS[0]


def _sandwich(design: Floats, past: Past, point: Floats) -> Floats:
    """Return the covariance with the rows of one customer kept together, under the weakest ridge."""
    full = np.column_stack([np.ones(design.shape[0]), design])
    chance = expit(full @ point)
    weight = chance * (1 - chance)
    held = np.append(1e-9, np.full(point.size - 1, STRENGTHS[0]))
    bread = np.linalg.inv((full * weight[:, None]).T @ full + np.diag(held))
    _, number = np.unique(past.who, return_inverse=True)
    scores = np.zeros((int(number.max()) + 1, point.size))
    np.add.at(scores, number, full * (past.left - chance)[:, None])
    return np.asarray(bread @ (scores.T @ scores + np.diag(held)) @ bread)


def _drift(design: Floats, past: Past, point: Floats) -> float:
    """Return how far the level of one moment lies from that of all, beyond what chance brings."""
    moments = np.unique(past.when)
    if moments.size < 2:
        return 0.0
    score = point[0] + design @ point[1:]
    away, error = [], []
    for moment in moments:
        mine = past.when == moment
        chance = expit(score[mine])
        information = max(float((chance * (1 - chance)).sum()), 1e-9)
        away.append(float((past.left[mine] - chance).sum()) / information)
        error.append(1 / information)
    return float(np.sqrt(max(float(np.var(away, ddof=1)) - float(np.mean(error)), 0.0)))
