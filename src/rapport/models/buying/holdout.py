"""Compares what was foretold with what then happened.

Sources: Poisson deviance, McCullagh & Nelder (1989), Generalized Linear Models, 2.3; Fader, Hardie & Lee (2005) for
tracking and for the conditional expectations by frequency.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rapport.models.buying.expectations import expected, known
from rapport.models.buying.fitting import Fit
from rapport.models.buying.histories import Floats, Histories, Index
from rapport.models.buying.purchase_days import PurchaseDays


@dataclass(frozen=True, eq=False)
class Origin:
    """A day in the past: what was known then, and what came after it.

    horizon : how long the customers were watched after it. ages, repeats : repeat purchases by the age at which they
    were made, until that day (see `Settling`). By row of the histories: bought, the customers' purchases after that
    day, added up; bought_log, Σ y·log y of them (0 for y = 0); bought_square, Σ y².
    """

    histories: Histories
    horizon: float
    ages: Floats
    repeats: Floats
    bought: Floats
    bought_log: Floats
    bought_square: Floats

    def thinned(self, rows: int) -> Origin:
        """Return at most about so many distinct histories, evenly spread, and what these customers did."""
        step = max(1, -(-self.histories.rows // rows))
        if step == 1:
            return self
        kept = np.arange(0, self.histories.rows, step)
        part = self.histories.some(kept)
        share = float(part.count @ part.x) / float(self.histories.count @ self.histories.x)
        sums = self.bought[kept], self.bought_log[kept], self.bought_square[kept]
        return Origin(part, self.horizon, self.ages, self.repeats * share, *sums)


@dataclass(frozen=True, slots=True)
class Score:
    """How a forecast fared.

    actual, foretold : purchases of all customers; deviance : Poisson, over customers, 0 for a forecast that was right
    of each; dispersion : Pearson's X² over customers, 1 if each bought like Poisson about the forecast;
    relative_error : standard error of log(foretold) from the parameters alone.
    """

    actual: float
    foretold: float
    deviance: float
    dispersion: float
    relative_error: float


@dataclass(frozen=True, slots=True)
class Frequency:
    """Customers with `least` to `most` repeats (None: any more), and their purchases after, per customer."""

    least: int
    most: int | None
    customers: int
    actual: float
    foretold: float


def origin(days: PurchaseDays, end: float, until: float) -> Origin:
    """Return the origin at the end of a day, watched until another. Raises ValueError if nobody had bought."""
    histories, index, who = days.histories(end)
    if not who.size:
        raise ValueError("nobody had bought by that day")
    y = days.bought(end, until, who)
    ages, repeats = days.repeat_ages(end)
    logs = y * np.log(np.maximum(y, 1.0))
    plain, logged, square = (_sums(index, part, histories.rows) for part in (y, logs, y * y))
    return Origin(histories, until - end, ages, repeats, plain, logged, square)


def _sums(index: Index, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(index, values, size), dtype=np.float64)


def score(fit: Fit, past: Origin) -> Score:
    """Return how a fit on what was known at the origin foretold what came after it."""
    mean, slope = expected(fit, past.histories, past.horizon)
    foretold = past.histories.count * mean
    total = float(foretold.sum())
    direction = slope @ foretold / total
    return Score(
        float(past.bought.sum()),
        total,
        deviance(past, mean),
        _dispersion(past, mean),
        math.sqrt(max(0.0, float(direction @ known(fit) @ direction))),
    )


def deviance(past: Origin, mean: Floats) -> float:
    """Return 2·Σ (y·log(y/mean) − y + mean) over customers; mean : foretold for a customer of each row."""
    floor = np.maximum(mean, _LEAST)
    gap = past.bought_log - past.bought * np.log(floor) - past.bought + past.histories.count * floor
    return 2 * float(gap.sum())


_LEAST = 1e-12


def _dispersion(past: Origin, mean: Floats) -> float:
    """Σ (y − mean)²/mean over customers, by their number."""
    floor = np.maximum(mean, _LEAST)
    square = past.bought_square - 2 * past.bought * floor + past.histories.count * floor**2
    return float((square / floor).sum() / past.histories.customers)


def by_frequency(fit: Fit, past: Origin, most: int = 7) -> Sequence[Frequency]:
    """Return purchases per customer after the origin, foretold and actual, by repeats before; the last row is open."""
    mean, _ = expected(fit, past.histories, past.horizon)
    group = np.minimum(past.histories.x, most).astype(np.intp)
    count = np.bincount(group, past.histories.count, most + 1)
    actual = np.bincount(group, past.bought, most + 1)
    foretold = np.bincount(group, past.histories.count * mean, most + 1)
    return tuple(
        Frequency(x, None if x == most else x, round(count[x]), actual[x] / count[x], foretold[x] / count[x])
        for x in range(most + 1)
        if count[x]
    )


def tracking(fit: Fit, ages: Floats, count: Floats, times: Floats) -> Floats:
    """Return the repeat purchases expected of a cohort by each of these times since its beginning, added up.

    ages, count : how old its customers are at the end of what was observed, shape (k,); their own beginnings lie that
    long before the end. times : from the end, negative before it, shape (t,). What they then did is not used: this is
    what the model would have said of new customers, the plot by which such models are judged.
    """
    since = np.maximum(np.add.outer(times, ages), 0.0)
    span, index = np.unique(since, return_inverse=True)
    new = Histories(np.zeros(span.size), np.zeros(span.size), np.zeros(span.size), np.ones(span.size))
    terms = fit.model.terms(fit.logs, new)
    each = np.exp(terms.active - terms.likelihood) * fit.model.while_active(fit.logs, new, span)
    return np.asarray(each[index.reshape(since.shape)] @ count)


def starts_of(histories: Histories) -> tuple[Floats, Floats]:
    """Return the distinct ages of the customers and how many have each, for `tracking`."""
    return histories.by_age.values, _sums(histories.by_age.index, histories.count, histories.by_age.values.size)
