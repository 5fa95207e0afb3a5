"""Follows the hours at which customers act, and finds the day from which a source keeps another time than the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from rapport.core.outcome import Bar, Chart
from rapport.measures.summer_time import like_summer_time
from rapport.models.clock import EXPLAINED, HOURS, LEAST_DAYS, SIDE_DAYS, ClockShift, find_shift, shift_between
from rapport.models.clustered import contrast_between
from rapport.models.moments import Moments
from rapport.models.student import upper_tail

Counts = NDArray[np.float64]
EPOCH = date(1970, 1, 1)
CERTAIN, NEAR_DAYS, DOMINANT = 0.001, 25, 0.9
SURE, SEASON_DAYS, NEIGHBOURS = 0.05, 150, 60
"""Days compared around a change of clocks, up to the next one; those of two continents are weeks apart."""
NEARLY_ALL = 0.9
CHI2_95 = (0.0, 0.0, *((k * (1 - 2 / (9 * k) + 1.645 * math.sqrt(2 / (9 * k))) ** 3) for k in range(1, HOURS)))
"""95 % limit of chi-square by the number of hours in use (Wilson & Hilferty 1931); one degree of freedom less."""


@dataclass(frozen=True, eq=False)
class Hours:
    """Rows by local day and hour, shape (days, 24), from `first` on, without holes."""

    first: int
    counts: Counts

    @classmethod
    def of(cls, days: Mapping[int, Mapping[str, Any]]) -> Hours:
        """Return the series of the days given; values are `h0` to `h23`."""
        first, last = min(days), max(days)
        counts: Counts = np.zeros((last - first + 1, HOURS))
        for day, v in days.items():
            counts[day - first] = [float(v[f"h{h}"] or 0) for h in range(HOURS)]
        return cls(first, counts)

    @property
    def rows(self) -> float:
        """All rows."""
        return float(self.counts.sum())

    @property
    def spread(self) -> bool:
        """Whether the rows lie in more than one hour: else it is a machine's clock, or none."""
        return self.rows > 0 and float(self.counts.sum(axis=0).max()) < DOMINANT * self.rows

    def day(self, position: int) -> date:
        """Return the day at a position."""
        return EPOCH + timedelta(days=self.first + position)

    def at(self, day: date) -> int:
        """Return the position of a day."""
        return (day - EPOCH).days - self.first

    def around(self, position: int) -> tuple[Counts, Counts]:
        """Return the days before and after a change."""
        return self.counts[max(0, position - SIDE_DAYS) : position], self.counts[position : position + SIDE_DAYS]

    def without(self, part: Hours) -> Hours:
        """Return the rows that are not in a part of it."""
        counts = self.counts.copy()
        offset = part.first - self.first
        counts[offset : offset + part.counts.shape[0]] -= part.counts
        return Hours(self.first, np.maximum(counts, 0.0))

    def picture(self, position: int, name: str) -> Chart:
        """Return the shares of the hours after a change, those before as the label's counterpart."""
        before, after = (x.sum(axis=0) for x in self.around(position))
        bars = []
        for label, counts, marked in (("before", before, False), ("since", after, True)):
            total = max(1.0, float(counts.sum()))
            bars += [
                Bar(
                    f"{hour:02d}:00 {label}",
                    float(counts[hour]) / total,
                    None,
                    None,
                    round(float(counts[hour])),
                    marked,
                )
                for hour in range(HOURS)
                if before[hour] + after[hour] > 0
            ]
        return Chart("dots", f"Hours of the day, {name}", "share", tuple(bars))


def united(parts: list[Hours]) -> Hours | None:
    """Return several series together, None for none."""
    if not parts:
        return None
    first = min(p.first for p in parts)
    last = max(p.first + p.counts.shape[0] for p in parts)
    counts: Counts = np.zeros((last - first, HOURS))
    for p in parts:
        counts[p.first - first : p.first - first + p.counts.shape[0]] += p.counts
    return Hours(first, counts)


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of clock against the rest: from which day, by how many hours (later is positive), how sure.

    `shared` says that it looks like a change to or from summer time where the company declared no time zone.
    """

    day: date
    hours: int
    p_value: float
    explained: float
    rows: int
    shared: bool


def moved(own: Hours, rest: Hours | None, zone: str | None) -> list[Moved]:
    """Return the changes of one series' clock that the rest of the record did not make as well.

    Parameters
    ----------
    own, rest : the series and everything it can be compared with.
    zone : the company's time zone. None where it is not known: the hours are then UTC, what moves with summer time is
        right, and what stays while the rest moves is not.

    Every day is tried with the eight weeks on both sides; the days on which clocks change in the zone (or in most of
    Europe and America) with up to five months, since that is when clocks go wrong. Two searches: p-values are doubled.
    """
    days = clock_changes(own, zone)
    theirs = [] if rest is None or not rest.spread else _shifts(rest, days)
    found = []
    for day, shift in _shifts(own, days):
        same = [s for d, s in theirs if abs((d - day).days) <= NEAR_DAYS and s.hours == shift.hours]
        if not same:
            season = zone is None and like_summer_time(day, shift.hours)
            found.append(Moved(day, shift.hours, shift.p_value, shift.explained, shift.n_after, season))
    if zone is None and rest is not None:
        found += _stayed(own, rest, [(d, s) for d, s in theirs if like_summer_time(d, s.hours)])
    return found


def _stayed(own: Hours, rest: Hours, season: list[tuple[date, ClockShift]]) -> list[Moved]:
    """Return where the rest changed to or from summer time and this series did not."""
    found = []
    for day, theirs in season:
        position = own.at(day)
        before = own.counts[max(0, position - SEASON_DAYS) : max(0, position)]
        after = own.counts[max(0, position) : max(0, position) + SEASON_DAYS]
        if min(before.shape[0], after.shape[0]) < LEAST_DAYS:
            continue
        against = _by_an_hour(before, np.roll(after, -theirs.hours, axis=1))
        p = min(1.0, max(theirs.p_value, 2 * against.p_value * len(season)))
        if against.hours == -theirs.hours and p <= CERTAIN:
            found.append(Moved(day, against.hours, p, against.explained, against.n_after, False))
    return found


def _shifts(series: Hours, days: list[date]) -> list[tuple[date, ClockShift]]:
    """Return the shifts found by both searches, of those close to each other the most certain."""
    found = [
        (series.day(position), shift)
        for position, shift in find_shift(series.counts, SURE / 2)
        if shift.explained >= NEARLY_ALL or _fits(*series.around(position), shift.hours)
    ]
    for day in days:
        others = [series.at(d) for d in days if abs((d - day).days) > NEIGHBOURS]
        first = max([0, series.at(day) - SEASON_DAYS, *(at for at in others if at < series.at(day))])
        last = min(
            [series.counts.shape[0], series.at(day) + SEASON_DAYS, *(at for at in others if at > series.at(day))]
        )
        shift = _by_an_hour(series.counts[first : series.at(day)], series.counts[series.at(day) : last])
        p = min(1.0, shift.p_value * len(days))
        if abs(shift.hours) == 1 and p <= SURE / 2:
            found.append((day, replace(shift, p_value=p)))
    best: list[tuple[date, ClockShift]] = []
    for day, shift in sorted(found, key=lambda f: f[1].p_value):
        if all(abs((day - other).days) > NEAR_DAYS for other, _ in best):
            best.append((day, replace(shift, p_value=min(1.0, 2 * shift.p_value))))
    return sorted(best, key=lambda f: f[0])


def _by_an_hour(before: Counts, after: Counts) -> ClockShift:
    """Return the shift between two periods, its p-value from the one direction asked for: an hour forth or back.

    Rao's score for moving the common profile, averaged over the rows of each day and compared between the days of both
    sides (Welch); 1 unless turning by an hour explains the difference as `models.clock` asks for.
    """
    shift = shift_between(before, after)
    fits = shift.explained >= NEARLY_ALL or _fits(before, after, shift.hours)
    if abs(shift.hours) != 1 or shift.explained < EXPLAINED or not fits:
        return replace(shift, p_value=1.0)
    profile = before.sum(axis=0) + after.sum(axis=0) + 1
    score = np.clip((np.roll(profile, 1) - np.roll(profile, -1)) / (2 * profile), -2, 2)
    one, two = (of_rows_by_day(days, score) for days in (before, after))
    k = contrast_between(two, one, binary=False)
    if not np.isfinite(k.se):
        return replace(shift, p_value=1.0)
    return replace(shift, p_value=min(1.0, 2 * upper_tail(shift.hours * k.effect / k.se, k.df)))


def _fits(before: Counts, after: Counts, hours: int) -> bool:
    """Tell whether the profile after, turned back, is the one before: G² within what chance explains (95 %).

    A new shape of the day, such as new opening hours, is not made the same by turning.
    """
    a, b = before.sum(axis=0), np.roll(after.sum(axis=0), -hours)
    both = a + b
    if not both.any():
        return False
    expected = [np.maximum(both * x.sum() / both.sum(), 1e-9) for x in (a, b)]
    g = 2 * sum(float(np.sum(x * np.log(np.maximum(x, 1e-9) / e))) for x, e in zip((a, b), expected, strict=True))
    return g <= CHI2_95[int((both > 0).sum())]


def of_rows_by_day(days: Counts, score: Counts) -> Moments:
    """Return the moments of a score of the hour, each day's rows one cluster."""
    n, s = days.sum(axis=1), days @ score
    n, s = n[n > 0], s[n > 0]
    return Moments(
        float(n.sum()), float(s.sum()), int(n.size), float((n * n).sum()), float((s * s).sum()), float((n * s).sum())
    )


def clock_changes(series: Hours, zone: str | None) -> list[date]:
    """Return the days within a series, with two weeks on both sides, on which clocks change in a time zone.

    Without a zone, those of Europe and of North America.
    """
    inside = [series.day(i) for i in range(LEAST_DAYS, series.counts.shape[0] - LEAST_DAYS + 1)]
    if zone is None:
        return [d for d in inside if d.weekday() == 6 and (like_summer_time(d, 1, 0) or like_summer_time(d, -1, 0))]
    clock = ZoneInfo(zone)

    def offset(day: date) -> timedelta | None:
        return datetime(day.year, day.month, day.day, 12, tzinfo=clock).utcoffset()

    return [d for d in inside if offset(d) != offset(d - timedelta(days=1))]
