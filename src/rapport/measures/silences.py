"""How likely it is that a customer who has gone quiet is gone: by their own rhythm and pace, learned from the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtr

from rapport.models.hazard import Hazard, fit_hazard
from rapport.models.rhythm.signs_of_life import Floats, Gaps
from rapport.models.rhythm.silence import LEAST_GAPS, OWN_GAPS, Rhythm, fit_rhythm

Bools = NDArray[np.bool_]
STEP, MOST_HORIZON = 28, 168
"""Days between two looks; the horizon is a multiple of it."""
BEYOND = 0.05
"""Share of gaps of customers with a rhythm of their own that may be longer than the horizon."""
SHARE = 0.03
"""Share of the customers with a rhythm that are flagged a month where no capacity is declared."""
LEAST_GONE = 30
"""Customers who went, from whom is learned how to weigh what is known; of fewer the rhythm alone speaks."""
RIDGE = 3.0
WAYS = (1, 0, 1, -1, -1, -1)
"""Which way each feature may count: a longer or more surprising silence for leaving, a quicker pace against it."""


@dataclass(frozen=True, eq=False)
class Quiet:
    """What is known of customers at one moment, in the order of the table `rhythms`.

    own : who has a rhythm of their own; told, complained : who left with a word, who has a complaint on file.
    """

    ids: pa.Array
    gaps: Gaps
    rhythm: Rhythm
    own_gap: Floats
    silence_p: Floats
    features: Floats
    own: Bools
    told: Bools
    complained: Bools

    def watched(self, horizon: float) -> Bools:
        """Return whose silence can be judged: with a rhythm, not gone yet, not gone with a word or a complaint."""
        return self.own & ~self.told & ~self.complained & (self.gaps.silence < horizon)

    def gone_p(self, horizon: float) -> Floats:
        """Return by the rhythm alone the chance that no sign of life comes within the horizon."""
        leaving = self.rhythm.leaving.value
        later = self.rhythm.silence_p(self.gaps.silent_for(self.gaps.silence + horizon))
        now = leaving + (1 - leaving) * self.silence_p
        return np.asarray((leaving + (1 - leaving) * later) / np.maximum(now, 1e-300))


def quiet(rhythms: pa.Table, known: Rhythm | None = None) -> Quiet | None:
    """Return what the table `rhythms` says; None where no rhythm can be learned from the gaps.

    known : what customers alike have in common, where it is known from an earlier moment.
    """
    columns = {n: rhythms[n].to_numpy(zero_copy_only=False) for n in rhythms.column_names if n not in _TEXT}
    gaps = gaps_known(rhythms)
    if float(gaps.count.sum()) < LEAST_GAPS:
        return None
    try:
        rhythm = known or fit_rhythm(gaps)
    except ValueError:
        return None
    own_gap, silence_p = rhythm.usual(gaps), rhythm.silence_p(gaps)
    return Quiet(
        rhythms["customer_id"].combine_chunks(),
        gaps,
        rhythm,
        own_gap,
        silence_p,
        _features(columns, gaps, own_gap, silence_p),
        rhythm.own(gaps),
        columns["told"].astype(np.bool_),
        columns["complained"].astype(np.bool_),
    )


def gaps_known(rhythms: pa.Table) -> Gaps:
    """Return the gaps of the customers of the table `rhythms`."""
    names = ("gaps", "mean_log", "square_log", "total", "silent_days")
    return Gaps(*(rhythms[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in names))


_TEXT = ("customer_id", "last_day")


def _features(columns: dict[str, NDArray[Any]], gaps: Gaps, own_gap: Floats, silence_p: Floats) -> Floats:
    """Return what leaving is told by, shape (customers, features); a pace is recent days over those expected."""
    seen, all_ = np.maximum(columns["seen_days"].astype(np.float64), 1.0), columns["days_all"].astype(np.float64)
    paces = []
    for span in (7, 28, 91):
        recent = columns[f"days_{span}"].astype(np.float64)
        before = (all_ - recent + 1) / (np.maximum(seen - span, 1.0) + 30)
        paces.append(np.log((recent + 0.5) / (before * np.minimum(seen, span) + 0.5)))
    surprise = -np.log(np.clip(silence_p, 1e-9, 1.0))
    return np.stack([np.log1p(gaps.silence), np.log(own_gap), surprise, *paces], axis=1)


def horizon_of(gaps: Gaps) -> int | None:
    """Return within how many days nineteen of twenty gaps of customers with a rhythm of their own end (28 to 168).

    The logarithms of each customer's gaps are taken as normal about their own mean, with everybody's scatter. None
    where there are too few gaps to say.
    """
    own = gaps.some(gaps.count >= OWN_GAPS)
    free = float((own.count - 1).sum())
    if float(gaps.count.sum()) < LEAST_GAPS or free <= 0:
        return None
    spread = np.sqrt(float(own.square_log.sum()) / free * (1 + 1 / own.count)) + 1e-9
    for days in range(STEP, MOST_HORIZON, STEP):
        if float(ndtr((own.mean_log - np.log(days)) / spread).mean()) <= BEYOND:
            return days
    return MOST_HORIZON


@dataclass(frozen=True, eq=False)
class Weights:
    """How much each feature counts, learned from those who went: a logistic regression with a ridge."""

    fit: Hazard
    centre: Floats
    spread: Floats

    def chance(self, features: Floats) -> Floats:
        """Return the chance of being gone."""
        return np.asarray(self.fit.chances(_design((features - self.centre) / self.spread))[:, 0])


def weigh(features: Floats, gone: Bools) -> Weights | None:
    """Return the weights; None where fewer than thirty went or stayed.

    What would count the wrong way, as it may where features say nearly the same, is left out and the rest fitted again.
    """
    if min(int(gone.sum()), int((~gone).sum())) < LEAST_GONE:
        return None
    centre, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = _design((features - centre) / spread)
    held = np.array([0.0, *[RIDGE] * features.shape[1]])
    while True:
        fit = fit_hazard(design, np.ones(gone.size), gone.astype(np.float64), held)
        wrong = (fit.coefficients[0, 1:] * np.array(WAYS) < -_NOTHING) & (held[1:] < _OUT)
        if not wrong.any():
            return Weights(fit, centre, spread)
        held[1:][wrong] = _OUT


_OUT, _NOTHING = 1e12, 1e-6


def _design(scaled: Floats) -> Floats:
    return np.concatenate([np.ones((scaled.shape[0], 1)), scaled], axis=1)


def capacity(declared: int | None, watched: int) -> int:
    """Return how many are flagged a month: what the team can work, else three in a hundred of those watched."""
    return min(watched, declared if declared is not None else max(1, round(SHARE * watched)))


def highest(score: Floats, among: Bools, many: int) -> Bools:
    """Return the customers with the highest scores among some; ties by their place in the table."""
    places = np.flatnonzero(among)
    chosen = places[np.argsort(-score[places], kind="stable")[:many]]
    flagged = np.zeros(score.size, dtype=np.bool_)
    flagged[chosen] = True
    return flagged
