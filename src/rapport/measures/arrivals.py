"""Counts the rows of each day, and finds the stretches in which they did not arrive as usual."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from rapport.core.outcome import Bar, Chart
from rapport.models.gaps import find_gaps

Floats = NDArray[np.float64]
SILENT_DAYS, TIMES_LONGEST, WEEKS_BACK = 7, 2, 8
AROUND = 28
CHI2_MEDIAN = 0.455
"""Median of chi-square with one degree of freedom, to read a variance from the middle of squares."""
TURN_OF_YEAR = frozenset({(12, d) for d in range(24, 32)} | {(1, 1)})
"""Days on which many are closed without saying so: nothing is expected of them."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Days start to end (positions) where rows are missing; `missing` is 1 − observed/expected; `scatter` of a day."""

    start: int
    end: int
    expected: float
    observed: float
    missing: float
    p_value: float
    scatter: float


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Rows by day from `first` on, without holes; `closed` marks holidays, of which nothing is expected."""

    first: date
    counts: Floats
    closed: NDArray[np.bool_]

    @classmethod
    def of(cls, days: Mapping[date, float], end: date, closed: frozenset[date]) -> Arrivals:
        """Return the series of the days given, up to `end` (exclusive)."""
        first = min(days)
        length = max(1, (end - first).days)
        counts: Floats = np.zeros(length)
        for when, n in days.items():
            if when < end:
                counts[(when - first).days] += n
        dates = [first + timedelta(days=i) for i in range(length)]
        return cls(
            first, counts, np.array([d in closed or (d.month, d.day) in TURN_OF_YEAR for d in dates], dtype=np.bool_)
        )

    @property
    def total(self) -> float:
        """All rows."""
        return float(self.counts.sum())

    def day(self, position: int) -> date:
        """Return the day at a position."""
        return self.first + timedelta(days=position)

    def without(self, part: Arrivals) -> Arrivals:
        """Return the rows that are not in a part of it."""
        counts = self.counts.copy()
        offset = (part.first - self.first).days
        counts[offset : offset + part.counts.size] -= part.counts
        return Arrivals(self.first, np.maximum(counts, 0.0), self.closed)

    def shortfall(self, outage: Outage, of: Arrivals | None = None) -> float:
        """Return how many rows this series is short of in the days of another one's outage, by the weeks around."""
        offset = ((of or self).first - self.first).days
        start, stop = outage.start + offset, outage.end + offset + 1
        length = stop - start
        weeks = 7 * max(1, math.ceil(min(AROUND, max(7, length)) / 7))
        before, after = self.counts[max(0, start - weeks) : start], self.counts[stop : stop + weeks]
        around = [x.mean() for x in (before, after) if x.size >= 7]
        return float(np.mean(around) * length - self.counts[start:stop].sum()) if around else 0.0

    def picture(self, outage: Outage, name: str) -> Chart:
        """Return the weeks around an outage as a line by week."""
        start = max(0, outage.start - 8 * 7)
        stop = min(self.counts.size, outage.end + 1 + 8 * 7)
        bars = []
        for i in range(start, stop - 6, 7):
            inside = i <= outage.end and outage.start <= i + 6
            total = float(self.counts[i : i + 7].sum())
            bars.append(Bar(self.day(i).isoformat(), total, None, None, round(total), inside))
        return Chart("line", f"Rows by week, {name}", "count", tuple(bars))


def outages(arrivals: Arrivals) -> tuple[Outage, ...]:
    """Return the gaps of a series (see `models.gaps`), and its end where it stops long before the last day."""
    counts = arrivals.counts
    scatter = scatter_of_days(counts)
    found = [
        Outage(g.start, g.end, g.expected, g.observed, g.missing_share, g.p_value, scatter)
        for g in find_gaps(counts, arrivals.closed)
    ]
    stop = _stopped(counts, scatter)
    return (*found, stop) if stop is not None else tuple(found)


def scatter_of_days(counts: Floats) -> float:
    """Return the variance of a day's rows over their mean, weekdays apart, at least 1: the middle of the weekdays'."""
    if counts.size < 28:
        return 1.0
    found = []
    for weekday in range(7):
        values = counts[weekday::7]
        if values.mean() > 0:
            # the middle of the differences of successive weeks: neither a trend nor a gap is scatter
            found.append(float(np.median(np.diff(values) ** 2) / CHI2_MEDIAN / 2 / values.mean()))
    return max(1.0, float(np.median(found))) if found else 1.0


def _stopped(counts: Floats, scatter: float) -> Outage | None:
    """Return the end of a series that stops: silent for a week and twice its longest earlier silence."""
    there = np.flatnonzero(counts)
    if there.size < 2:
        return None
    last, tail = int(there[-1]), counts.size - 1 - int(there[-1])
    longest = int(np.diff(there).max()) - 1
    if tail < SILENT_DAYS or tail <= TIMES_LONGEST * longest:
        return None
    rate = float(counts[max(0, last + 1 - 7 * WEEKS_BACK) : last + 1].mean())
    p = min(1.0, counts.size * math.exp(-rate * tail / scatter))
    return Outage(last + 1, counts.size - 1, rate * tail, 0.0, 1.0, p, scatter) if p <= 0.05 else None
