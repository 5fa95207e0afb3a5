"""How long until it happens, counting fairly those to whom it has not happened yet.

Sources: Kaplan & Meier (1958), JASA 53:457; Greenwood (1926); Brookmeyer & Crowley (1982), Biometrics 38:29 (interval
of the median, on the log-log scale); Mantel (1966) for the log-rank test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.core.interval import Interval
from rapport.models.log_bins import LOG_BINS, LogBins
from rapport.models.student import normal_tail, two_sided

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan–Meier curve; arrays of one length, one entry a distinct time (or bin), in ascending order.

    starts, times : where the step begins and where it is complete, in the unit of the durations; equal for exact
    times (the curve drops at `times`), the edges of the bin for binned ones (the curve falls evenly between them).
    events, censored : counts at that time; an event comes before a censoring at the same time.
    design_effect : by how much clustering of rows enlarges every variance.
    """

    starts: Floats
    times: Floats
    events: Floats
    censored: Floats
    design_effect: float = 1.0

    @property
    def n(self) -> int:
        """Rows behind the curve."""
        return round(float(self.events.sum() + self.censored.sum()))

    @cached_property
    def at_risk(self) -> Floats:
        """Rows still waiting just before each time."""
        leaving = self.events + self.censored
        return np.asarray(leaving[::-1].cumsum()[::-1])

    @cached_property
    def survival(self) -> Floats:
        """Share still waiting just after each time: the product of 1 − events/at_risk."""
        return np.asarray(np.cumprod(1 - self.events / self.at_risk), dtype=np.float64)

    @cached_property
    def variance(self) -> Floats:
        """Greenwood's variance of `survival`, times the design effect; 0 where nobody is left."""
        return np.where(self.survival > 0, self.survival**2 * self._greenwood, 0.0)

    @cached_property
    def _greenwood(self) -> Floats:
        left = self.at_risk - self.events
        terms = np.divide(self.events, self.at_risk * left, out=np.zeros_like(left), where=left > 0)
        return np.cumsum(terms) * self.design_effect

    def at(self, t: float) -> float:
        """Return the share still waiting after t; NaN beyond the last time if some were still waiting there."""
        return self._read(self.survival, 1.0, t)

    def se_at(self, t: float) -> float:
        """Return the standard error of `at(t)`.

        Where the share is exactly 0 or 1 Greenwood gives 0; then two events and two non-events are added (Agresti &
        Coull 1998) at the rows that were at risk.
        """
        share = self.at(t)
        if 0 < share < 1:
            return math.sqrt(self._read(self.variance, 0.0, t))
        n = self.n / self.design_effect
        adjusted = (share * n + 2) / (n + 4)
        return math.sqrt(adjusted * (1 - adjusted) / (n + 4))

    def quantile(self, q: float = 0.5, level: float = 0.95) -> Interval:
        """Return the time by which a share q has had the event (0.5: the median), with its interval.

        value is infinite if fewer than q ever had it within what was observed; a bound is None where the limit of the
        curve never gets that low. NaN without rows. Bounds: where the log-log limits of the curve cross 1 − q.
        """
        if not self.n:
            return Interval(math.nan, None, None, 0, level)
        lower, upper = self._limits(level)
        value = self._crossing(self.survival, 1 - q)
        low, high = self._crossing(lower, 1 - q), self._crossing(upper, 1 - q)
        return Interval(value, None if math.isinf(low) else low, None if math.isinf(high) else high, self.n, level)

    def _limits(self, level: float) -> tuple[Floats, Floats]:
        """Pointwise log-log limits; 1 before the first event; where nobody is left 0 and the last upper limit."""
        inside = (self.survival > 0) & (self.survival < 1)
        log = np.log(self.survival, out=np.full_like(self.survival, -1.0), where=inside)
        spread = np.exp(two_sided(level) * np.sqrt(self._greenwood) / np.abs(log))
        lower = np.where(inside, np.exp(log * spread), np.where(self.survival > 0, 1.0, 0.0))
        upper = np.where(inside, np.exp(log / spread), 1.0)
        gone = np.flatnonzero(self.survival <= 0)
        if gone.size:
            upper[gone[0] :] = upper[gone[0] - 1] if gone[0] else 1.0
        return np.minimum.accumulate(lower), np.minimum.accumulate(upper)

    def _crossing(self, levels: Floats, target: float) -> float:
        reached = np.flatnonzero(levels <= target + 1e-12)
        if not reached.size:
            return math.inf
        i = int(reached[0])
        above = float(levels[i - 1]) if i else 1.0
        part = (above - target) / (above - float(levels[i])) if above > levels[i] else 1.0
        return float(self.starts[i] + min(1.0, max(0.0, part)) * (self.times[i] - self.starts[i]))

    def _read(self, levels: Floats, first: float, t: float) -> float:
        i = int(np.searchsorted(self.times, t, side="right"))  # steps complete by t
        before = float(levels[i - 1]) if i else first
        if i == self.times.size:
            open_end = not i or (t > self.times[-1] and self.survival[-1] > 0)
            return math.nan if open_end else before
        if t <= self.starts[i]:
            return before
        part = (t - float(self.starts[i])) / float(self.times[i] - self.starts[i])
        return before + part * (float(levels[i]) - before)


def kaplan_meier(times: ArrayLike, events: ArrayLike, censored: ArrayLike, design_effect: float = 1.0) -> Curve:
    """Return the curve of exact durations.

    times : shape (k,), in any order, repeated or not; events, censored : shape (k,), how many rows had the event, or
    were last seen without it, at that time. Raises ValueError for counts below 0 or a time that is not finite.
    """
    time, event, lost = (np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (times, events, censored))
    _check(time, event, lost)
    distinct, index = np.unique(time, return_inverse=True)
    event, lost = (np.bincount(index, x, distinct.size).astype(np.float64) for x in (event, lost))
    some = (event + lost) > 0
    return Curve(distinct[some], distinct[some], event[some], lost[some], design_effect)


def from_bins(
    bins: ArrayLike, events: ArrayLike, censored: ArrayLike, design_effect: float = 1.0, log_bins: LogBins = LOG_BINS
) -> Curve:
    """Return the curve of durations counted in the logarithmic bins of `log_bins`.

    bins : shape (k,), bin numbers; events, censored : shape (k,). Within a bin events come before censorings, and the
    curve falls evenly from the bin's lower to its upper edge.
    """
    number, event, lost = (np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (bins, events, censored))
    _check(number, event, lost)
    exact = kaplan_meier(number, event, lost)
    return Curve(
        log_bins.lower(exact.times), log_bins.lower(exact.times + 1), exact.events, exact.censored, design_effect
    )


@dataclass(frozen=True, slots=True)
class LogRank:
    """z > 0 if the first curve has its events sooner than if both were alike; two-sided p-value."""

    z: float
    p: float


def logrank(a: Curve, b: Curve) -> LogRank:
    """Test whether two independent curves (on the same bins, if binned) are the same; z = 0, p = 1 without events.

    Source: Mantel (1966). The larger of the two design effects enlarges the variance.
    """
    grid = np.union1d(a.times, b.times)
    (ea, ra), (eb, rb) = _on(grid, a), _on(grid, b)
    e, r = ea + eb, ra + rb
    expected = e * ra / r
    rest = np.divide(r - e, r - 1, out=np.zeros_like(r), where=r > 1)
    variance = float(np.sum(expected * (rb / r) * rest)) * max(a.design_effect, b.design_effect)
    if variance <= 0:
        return LogRank(0.0, 1.0)
    z = float(np.sum(ea - expected)) / math.sqrt(variance)
    return LogRank(z, 2 * normal_tail(abs(z)))


def landmark_difference(a: Curve, b: Curve, t: float) -> tuple[float, float]:
    """Return S_a(t) − S_b(t) and its standard error, for independent curves; (NaN, inf) where one is not observed."""
    effect = a.at(t) - b.at(t)
    if math.isnan(effect):
        return math.nan, math.inf
    return effect, math.hypot(a.se_at(t), b.se_at(t))


def _on(grid: Floats, curve: Curve) -> tuple[Floats, Floats]:
    """Events at, and rows at risk just before, each time of a grid that holds all times of the curve."""
    events = np.zeros(grid.size)
    events[np.searchsorted(grid, curve.times)] = curve.events
    later = np.append(curve.at_risk, 0.0)
    return events, later[np.searchsorted(curve.times, grid, side="left")]


def _check(times: Floats, events: Floats, censored: Floats) -> None:
    if not times.shape == events.shape == censored.shape:
        raise ValueError("times, events and censored must have one length")
    if not np.all(np.isfinite(times)) or np.any(events < 0) or np.any(censored < 0):
        raise ValueError("times must be finite and counts not negative")
