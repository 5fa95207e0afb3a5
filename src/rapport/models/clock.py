"""Notices that from some day on all times are an hour (or eight) off: a changed time zone, not changed customers.

The hours of the day before and after are compared twice, as they are and turned by k hours. A clock that was moved has
two marks, and both are asked for:

- turning makes the two profiles much more alike: the G statistic of "one profile" falls by more than it could be large
  by chance if nothing had changed (F test, 23 degrees of freedom, the scatter of days about their profile, Pearson's
  X²/df, below: rows of a day are alike; the fall is at most G itself, so trying 23 shifts needs no correction), and
  the days of each side fit the turned profile of the other one better (Student's t over days, averaged, above 2);
- turning explains nearly all of the difference: what remains of G beyond sampling noise is at most a quarter. New
  evening customers fit "an hour later" a little better too, but leave most of the difference; their p-value is 1.

Source: likelihood ratios for multinomial profiles, McCullagh & Nelder (1989), Generalized Linear Models, 5.4 and 4.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

HOURS = 24
SHIFTS = tuple(k for k in range(-11, 13) if k)
TURNS = (0, *SHIFTS)
_TURNED = (np.arange(HOURS) + np.array(TURNS)[:, None]) % HOURS
EXPLAINED = 0.75
"""Least part of the difference that a shift has to explain."""
BETTER = 2.0
"""Least mean t by which days have to prefer the turned profile."""
SIDE_DAYS, LEAST_DAYS = 56, 14
"""Days compared on each side of a change, at most and at least."""
LEAST_ROWS = 100

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClockShift:
    """The best shift: a time h before is h + hours after (modulo 24); 0 hours and p_value 1 if none fits better.

    p_value : of so good a fit without any shift; explained : part of the difference of the two profiles that the
    shift explains, 0 to 1; n_before, n_after : rows.
    """

    hours: int
    p_value: float
    explained: float
    n_before: int
    n_after: int


def shift_between(before: ArrayLike, after: ArrayLike) -> ClockShift:
    """Return the shift between two periods.

    before, after : counts by hour of the day, shape (days, 24); with shape (24,) the scatter of days is unknown and
    rows are taken as independent. Raises ValueError for other shapes or negative counts.
    """
    first, second = _days(before), _days(after)
    a, b = first.sum(axis=0), second.sum(axis=0)
    if min(a.sum(), b.sum()) < LEAST_ROWS:
        return ClockShift(0, 1.0, 0.0, _rows(first), _rows(second))
    return _judged(first, second, _distances(a, b))


def _judged(first: Floats, second: Floats, distances: Floats) -> ClockShift:
    """Return the best shift between the days of two periods, given the distance of their profiles for each of TURNS."""
    best, still = TURNS[1 + int(np.argmin(distances[1:]))], float(distances[0])
    turned = float(distances[TURNS.index(best)])
    if turned >= still:
        return ClockShift(0, 1.0, 0.0, _rows(first), _rows(second))
    scatter = max(_scatter(first), _scatter(second))
    noise = (HOURS - 1) * scatter
    beyond = still - noise
    explained = 1 - max(0.0, turned - noise) / beyond if beyond > 0 else 0.0
    a = first.sum(axis=0)
    if explained < EXPLAINED or (_side(second, a, best) + _side(first, second.sum(axis=0), -best)) / 2 < BETTER:
        return ClockShift(best, 1.0, max(0.0, explained), _rows(first), _rows(second))
    p = _f_tail((still - turned) / noise, first.shape[0] + second.shape[0] - 2)
    return ClockShift(best, p, explained, _rows(first), _rows(second))


def _rows(days: Floats) -> int:
    return round(float(days.sum()))


def find_shift(days: ArrayLike, alpha: float = 0.05) -> list[tuple[int, ClockShift]]:
    """Return the days on which the clock changed: (position of the first day after, the shift), in order of time.

    days : counts by hour, shape (days, 24), consecutive days. Each day is tried with up to 56 days before and after
    it (at least 14). Neighbouring days look at nearly the same data: p-values are multiplied by twice the number of
    stretches of 14 days in the series (simulated: under 5 % false alarms on a flat profile, the worst case). The
    best change splits the series, and both parts are searched again (binary segmentation).
    Raises ValueError for other shapes or negative counts.
    """
    counts = _days(days)
    pending, found = [(0, counts.shape[0])], []
    tests = 2 * counts.shape[0] / LEAST_DAYS
    while pending:
        start, end = pending.pop()
        best = _best(counts[start:end], tests, alpha)
        if best is not None:
            found.append((start + best[0], best[1]))
            pending += [(start, start + best[0]), (start + best[0], end)]
    return sorted(found, key=lambda item: item[0])


def _best(counts: Floats, tests: float, alpha: float) -> tuple[int, ClockShift] | None:
    """The change that gains most in a stretch of days, if any has an adjusted p-value of at most alpha.

    What is gained is the log-likelihood of a shift at this day, the days around it under one profile.
    """
    chosen, most = None, -math.inf
    days = _promising(counts)
    before, after = _around(counts, days)
    enough = np.minimum(before.sum(axis=1), after.sum(axis=1)) >= LEAST_ROWS
    days, turns = days[enough], _distances(before[enough], after[enough])
    sure = _least_p(turns, days, counts.shape[0]) * tests <= alpha
    for day, distances in zip(days[sure], turns[sure], strict=True):
        shift = _judged(counts[max(0, day - SIDE_DAYS) : day], counts[day : day + SIDE_DAYS], distances)
        p = min(1.0, shift.p_value * tests)
        gain = float(distances[0] - distances.min())
        if shift.hours and p <= alpha and gain > most:
            adjusted = ClockShift(shift.hours, p, shift.explained, shift.n_before, shift.n_after)
            chosen, most = (int(day), adjusted), gain
    return chosen


def _least_p(distances: Floats, days: NDArray[np.int64], count: int) -> Floats:
    """Return the p-value of the best shift at each day if days scattered no more than rows do: never above its own."""
    from scipy.special import fdtrc

    around = np.minimum(days, SIDE_DAYS) + np.minimum(count - days, SIDE_DAYS)
    ratio = (distances[:, 0] - distances.min(axis=1)) / (HOURS - 1)
    return np.asarray(fdtrc(HOURS - 1, (around - 2) * (HOURS - 1), ratio))


def _days(counts: ArrayLike) -> Floats:
    array = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    if array.ndim != 2 or array.shape[1] != HOURS or np.any(array < 0):
        raise ValueError(f"counts by hour have shape (days, 24) and are not negative, not {array.shape}")
    return array


def _log_profile(counts: Floats) -> Floats:
    """Logarithm of the share of each hour, half a row added to every hour; last axis: hours."""
    return np.asarray(np.log((counts + 0.5) / (counts.sum(axis=-1, keepdims=True) + HOURS / 2)))


def _distances(a: Floats, b: Floats) -> Floats:
    """G² of "both have one profile", b turned back by each of TURNS: twice the log-likelihood lost by pooling.

    a, b : counts by hour, shape (..., 24); the result has shape (..., len(TURNS)).
    """
    turned = b[..., _TURNED]
    first = np.broadcast_to(_likelihood(a)[..., None], turned.shape[:-1])
    return np.asarray(2 * (first + _likelihood(turned) - _likelihood(a[..., None, :] + turned)))


def _likelihood(counts: Floats) -> Floats:
    """Largest multinomial log-likelihood of one profile, up to a constant; last axis: hours."""
    shares = np.maximum(counts, 1e-9) / counts.sum(axis=-1, keepdims=True)
    return np.asarray(np.sum(counts * np.log(shares), axis=-1))


def _scatter(days: Floats) -> float:
    """Pearson's X²/df of the days about their common profile, at least 1; 1 for a single day."""
    used = days[days.sum(axis=1) > 0]
    if used.shape[0] < 2:
        return 1.0
    profile = used.sum(axis=0) / used.sum()
    seen = profile > 0
    expected = used.sum(axis=1, keepdims=True) * profile[seen]
    chi2 = float(np.sum((used[:, seen] - expected) ** 2 / expected))
    df = (int(used.shape[0]) - 1) * max(1, int(seen.sum()) - 1)
    return max(1.0, chi2 / df)


def _side(days: Floats, profile: Floats, hours: int) -> float:
    """How much better the days fit the profile turned by these hours: Student's t over days (over rows for one day)."""
    log = _log_profile(profile)
    score = np.roll(log, hours) - log
    gains = (days @ score)[days.sum(axis=1) > 0]
    if gains.size >= 2:
        error = float(np.std(gains, ddof=1)) / math.sqrt(gains.size)
        return float(gains.mean()) / error if error > 0 else 0.0
    by_hour, total = days.sum(axis=0), float(gains.sum())
    variance = float(np.sum(by_hour * (score - total / by_hour.sum()) ** 2))
    return total / math.sqrt(variance) if variance > 0 else 0.0


def _f_tail(ratio: float, days: int) -> float:
    """P(F > ratio) with 23 degrees of freedom above; below 23 for each day the scatter was read from (or none)."""
    from scipy.special import chdtrc, fdtrc

    if days <= 0:
        return float(chdtrc(HOURS - 1, ratio * (HOURS - 1)))
    return float(fdtrc(HOURS - 1, days * (HOURS - 1), ratio))


def _promising(counts: Floats) -> NDArray[np.int64]:
    """Days around which some shift fits the two sides better than none: a quick look by running sums."""
    days: NDArray[np.int64] = np.arange(LEAST_DAYS, counts.shape[0] - LEAST_DAYS + 1)
    if not days.size:
        return days
    before, after = _around(counts, days)
    log, weight = _log_profile(before), after / np.maximum(after.sum(axis=1, keepdims=True), 1.0)
    still = np.sum(weight * log, axis=1)
    turned = np.max([np.sum(weight * np.roll(log, k, axis=1), axis=1) for k in SHIFTS], axis=0)
    return np.compress(turned > still, days)


def _around(counts: Floats, days: NDArray[np.int64]) -> tuple[Floats, Floats]:
    sums = np.concatenate([np.zeros((1, HOURS)), np.cumsum(counts, axis=0)])
    before = sums[days] - sums[np.maximum(0, days - SIDE_DAYS)]
    after = sums[np.minimum(counts.shape[0], days + SIDE_DAYS)] - sums[days]
    return before, after
