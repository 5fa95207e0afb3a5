"""How healthy each relationship is, from 0 to 100: contributions that add up, each measured against a customer's peers.

A measurement with stated weights, not a forecast: nothing is learned from who left (that is the risk, which is kept
apart). Of every indicator a customer has a place among their peers, from −1 (worst) to 1 (best), 0 in the middle, so
that the contributions of a peer group sum to nothing. Few observations say little: the place is drawn to 0 by the
reliability n/(n + k), the Spearman–Brown formula for the mean of n observations of which k carry as much noise as
signal. What is not known contributes 0 and widens the interval; the weights of what is known are not raised for it.

Source: Lord & Novick (1968), Statistical Theories of Mental Test Scores, 5.10 (reliability of a lengthened test) and
3.7 (the regression of the true score on the observed one).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.models.student import two_sided

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIDDLE = 50.0
UNKNOWN_VARIANCE = 1 / 3
"""Of a place among peers of which nothing is known: evenly anywhere from −1 to 1."""


@dataclass(frozen=True, eq=False)
class Health:
    """Scores of n customers on m indicators.

    contributions : points, shape (n, m); they sum to score − 50. reliability : from 0 (nothing known) to 1, same shape.
    score, low, high : shape (n,), with the interval of the true score given what is known.
    """

    contributions: Floats
    reliability: Floats
    score: Floats
    low: Floats
    high: Floats

    def domain(self, members: NDArray[np.intp], weights: Floats) -> tuple[Floats, Floats]:
        """Return the points of some indicators together, and their coverage: the weighted mean of what is known."""
        whole = weights[:, members].sum(axis=1)
        known = (weights[:, members] * self.reliability[:, members]).sum(axis=1)
        coverage = np.divide(known, whole, out=np.zeros_like(whole), where=whole > 0)
        return self.contributions[:, members].sum(axis=1), coverage


def places(values: Floats, peers: Ints) -> Floats:
    """Return each value's place among its peers, −1 to 1: twice the share of peers below, ties counted half, less 1.

    values : shape (n,), NaN where unknown, more is better. peers : group numbers from 0, shape (n,). Unknown values
    stay NaN and are nobody's peers. The places of a group sum to 0.
    """
    found = np.full(values.size, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return found
    order = known[np.lexsort((values[known], peers[known]))]
    group, value = peers[order], values[order]
    new_group = np.append(True, group[1:] != group[:-1])
    new_value = new_group | np.append(True, value[1:] != value[:-1])
    start = np.flatnonzero(new_group)
    size = np.diff(np.append(start, order.size))
    of_group = np.cumsum(new_group) - 1
    first = np.flatnonzero(new_value)
    ties = np.diff(np.append(first, order.size))
    of_value = np.cumsum(new_value) - 1
    below = first[of_value] - start[of_group]
    found[order] = (2 * below + ties[of_value]) / size[of_group] - 1
    return found


def measure(
    values: Floats, counts: Floats, half_known: Floats, weights: Floats, peers: Ints, level: float = 0.95
) -> Health:
    """Return the health of each customer.

    Parameters
    ----------
    values : shape (n, m), more is better; NaN where nothing is known.
    counts : shape (n, m), on how many observations each value rests.
    half_known : shape (m,), the k of each indicator: of so many observations half of what shows is the customer's own.
    weights : shape (n, m), points at most to either side; each row sums to at most 50.
    peers : shape (n,), group numbers from 0.

    Raises
    ------
    ValueError
        If the weights of a customer exceed 50 points, so that a score could leave 0 to 100.
    """
    if np.any(weights.sum(axis=1) > MIDDLE * (1 + 1e-12)) or np.any(weights < 0):
        raise ValueError(f"weights must be at least 0 and sum to at most {MIDDLE:g}")
    contributions, reliability = np.zeros(values.shape), np.zeros(values.shape)
    for i in range(values.shape[1]):
        place = places(values[:, i], peers)
        known = ~np.isnan(place)
        n = counts[known, i]
        reliability[known, i] = n / (n + half_known[i])
        contributions[known, i] = weights[known, i] * reliability[known, i] * place[known]
    score = MIDDLE + contributions.sum(axis=1)
    variance = (weights**2 * UNKNOWN_VARIANCE * (1 - reliability)).sum(axis=1)
    half = two_sided(level) * np.sqrt(variance)
    return Health(contributions, reliability, score, np.maximum(score - half, 0.0), np.minimum(score + half, 100.0))
