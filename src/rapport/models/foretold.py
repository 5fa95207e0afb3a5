"""Judges who was foretold to leave by who left: how well they were ranked, and what the list that can be worked held.

Every moment is judged by itself and the moments are pooled; intervals come from drawing customers anew, each with all
of their rows. Customers with the same score are treated alike: the edge of a list takes a share of each of them.
Sources: Hanley & McNeil (1982), Radiology 143:29 (the area under the curve); Field & Welsh (2007), J. Royal
Statistical Society B 69:369 (resampling of clusters).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.core.interval import Interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DRAWS = 200
"""Samples of customers: the limits of a 95 % interval are then known to about a tenth of its width."""
AT_ONCE = 4_000_000
"""Numbers held in memory at a time."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Who left, and how they were drawn.

    left, who, when : of the rows, customers' numbers from 0 and moments' numbers; draws : shape (samples, customers),
    how often each customer is in each sample; the first sample is the one that was observed.
    """

    left: Bools
    who: Ints
    when: Ints
    draws: NDArray[np.int8]

    @classmethod
    def of(cls, left: Bools, who: Ints, when: Ints, seed: int, samples: int = DRAWS) -> Judged:
        """Return rows to be judged; `seed` decides the samples."""
        _, number = np.unique(who, return_inverse=True)
        customers = int(number.max()) + 1 if number.size else 0
        drawn = np.random.default_rng(seed).poisson(1.0, (samples, customers))
        draws = np.vstack([np.ones((1, customers)), np.minimum(drawn, 100)]).astype(np.int8)
        return cls(left, number.astype(np.int64), when, draws)

    def moments(self) -> list[Ints]:
        """Return the rows of each moment."""
        return [np.flatnonzero(self.when == moment) for moment in np.unique(self.when)]

    def sums(self, columns: Mapping[str, Floats]) -> dict[str, Floats]:
        """Return the sum of each column in each sample."""
        customers = self.draws.shape[1]
        per = np.stack([np.bincount(self.who, column, customers) for column in columns.values()], axis=1)
        return dict(zip(columns, (self.draws.astype(np.float64) @ per).T, strict=True))

    def auc(self, score: Floats) -> Floats:
        """Return the area under the curve in each sample: P(a leaver scores above a stayer of the same moment)."""
        above, pairs = np.zeros(self.draws.shape[0]), np.zeros(self.draws.shape[0])
        for rows in self.moments():
            order = rows[np.argsort(score[rows], kind="stable")]
            starts = np.flatnonzero(np.append(True, np.diff(score[order]) > 0))
            step = max(1, AT_ONCE // max(order.size, 1))
            for begin in range(0, self.draws.shape[0], step):
                some = slice(begin, begin + step)
                weight = self.draws[some][:, self.who[order]].astype(np.float32)
                gone = np.add.reduceat(weight * self.left[order], starts, axis=1).astype(np.float64)
                stay = np.add.reduceat(weight * ~self.left[order], starts, axis=1).astype(np.float64)
                below = np.cumsum(stay, axis=1) - stay / 2
                above[some] += (gone * below).sum(axis=1)
                pairs[some] += gone.sum(axis=1) * stay.sum(axis=1)
        return np.asarray(above / np.maximum(pairs, 1e-9))


def listed(score: Floats, when: Ints, share: float, least: float = 0.0) -> Floats:
    """Return the share of each row that is on its moment's list: the top `share` of it, at least `least` rows."""
    on = np.zeros(score.size)
    for moment in np.unique(when):
        rows = np.flatnonzero(when == moment)
        room = min(max(share * rows.size, least), rows.size)
        values = np.sort(score[rows])[::-1]
        edge = values[max(int(np.ceil(room)) - 1, 0)]
        above, at = score[rows] > edge, score[rows] == edge
        on[rows] = above + at * np.clip((room - above.sum()) / max(at.sum(), 1), 0, 1)
    return on


@dataclass(frozen=True, eq=False)
class OnList:
    """In each sample: the share of the list that left, of leavers that were listed, and the lift over the base."""

    precision: Floats
    recall: Floats
    lift: Floats


def on_list(judged: Judged, on: Floats) -> OnList:
    """Return what a list held; the lift is over what lists of the same lengths drawn at random would have held."""
    gone = judged.left.astype(np.float64)
    expected = np.zeros(gone.size)
    for rows in judged.moments():
        expected[rows] = on[rows].mean()
    found = judged.sums({"on": on, "hit": on * gone, "gone": gone, "chance": expected * gone})
    precision = found["hit"] / np.maximum(found["on"], 1e-9)
    recall = found["hit"] / np.maximum(found["gone"], 1e-9)
    return OnList(precision, recall, found["hit"] / np.maximum(found["chance"], 1e-9))


def interval(samples: Floats, n: int, level: float = 0.95) -> Interval:
    """Return the observed value with the limits between which that share of the samples lies."""
    low, high = np.quantile(samples[1:], ((1 - level) / 2, (1 + level) / 2)).tolist()
    value = float(samples[0])
    return Interval(value, min(low, value), max(high, value), n, level)


def edges_at(score: Floats, left: Bools, when: Ints, alarms: float) -> Floats:
    """Return for each row the score above which that share of those who stayed at its moment would be a false alarm."""
    edge = np.zeros(score.size)
    for moment in np.unique(when):
        mine = when == moment
        stayed = score[mine & ~left]
        edge[mine] = np.quantile(stayed, 1 - alarms) if stayed.size else np.inf
    return edge
