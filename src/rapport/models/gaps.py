"""Finds days on which part of the rows stopped arriving: a broken import, a mailbox nobody forwards any more.

Every window of 3 to 60 days is compared with its own weekly rhythm (`weekly_rhythm`). Counts scatter more than
Poisson's; by how much is read from the series itself, for each length of window, by the median absolute deviation of
all windows of that length: seasons and wandering levels widen the yardstick of long windows. Because tens of thousands
of windows are looked at, the p-value of the worst is that of the maximum of the scan (Siegmund & Venkatraman 1995,
Annals of Statistics 23:255; Siegmund 1988 for two free ends).

Not a gap: one or two days far below (a public holiday; they are left out, as are bursts such as a monthly mailing,
which would pass off the days without one as poor), a window in which fewer than three active days, or fewer than three
in five, are clearly low, less than a fifth missing, and what happens every year at that time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rapport.models.student import normal_tail
from rapport.models.weekly_rhythm import LENGTHS, Floats, Mask, Windows, day_levels, windows

LEAST_DAYS = 42
"""Shorter series have no rhythm to speak of."""
LEAST_MISSING, LEAST_LOW_DAYS, LEAST_LOW_SHARE = 0.2, 3, 0.6
ACTIVE = 0.25
"""A day is active if its weekday brings at least this part of an average day."""
FAR_BELOW, OTHERS, AGAIN = 2.5, 3.0, 2.0
"""Standard errors: of a day that may be a holiday; of a gap without two such days; of the same gap last year."""
ESTIMATED = 2.0
"""Factor on the p-value because the yardstick is itself estimated (without it 6.5 % alarm at a scatter of 3)."""
BURST, FAR_ABOVE = 3.0, 6.0
"""Times its level, and standard errors above it, from which a day's rows are a burst that comes by another rhythm."""
YEAR, YEAR_SLACK, FORTNIGHT = 365, 10, 14


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of days, start to end inclusive (positions in the series), in which rows are missing.

    expected, observed : rows in the run, days shut left out; missing_share : 1 − observed/expected;
    p_value : of so large a gap anywhere in a series of this length, by chance.
    """

    start: int
    end: int
    expected: float
    observed: float
    missing_share: float
    p_value: float


def find_gaps(counts: ArrayLike, closed: ArrayLike | None = None, alpha: float = 0.05) -> list[Gap]:
    """Return the gaps of a daily series, in order of time, none overlapping another.

    counts : shape (days,), rows a day, consecutive days, 0 where none; closed : shape (days,), True on days known to
    be shut; alpha : chance of any false gap in a series without one. Fewer than six weeks give an empty list.
    Raises ValueError for negative counts or shapes that differ.
    """
    y = np.asarray(counts, dtype=np.float64)
    shut = np.zeros(y.shape, dtype=bool) if closed is None else np.asarray(closed, dtype=bool)
    if y.ndim != 1 or y.shape != shut.shape or np.any(y < 0) or not np.all(np.isfinite(y)):
        raise ValueError("counts must be one list of numbers not below 0, closed of the same length")
    if y.size < LEAST_DAYS:
        return []
    level = day_levels(y, ~shut)
    dispersion = _dispersion_of_days(y, level, ~shut)
    used = ~shut & ~_lonely(y, level, dispersion, ~shut) & ~_bursts(y, level, dispersion)
    seen = windows(y, used, dispersion)
    score = _scores(seen, dispersion)
    gaps: list[Gap] = []
    taken = np.zeros(y.size, dtype=bool)
    for flat in np.argsort(score, axis=None)[::-1]:
        row, column = divmod(int(flat), LENGTHS.size)
        p = min(1.0, ESTIMATED * scan_p(float(score[row, column]), y.size))
        if p > alpha:
            break
        span = slice(row, row + int(LENGTHS[column]))
        if taken[span].any() or not _is_gap(y, used, level, dispersion, seen, score, row, column):
            continue
        taken[span] = True
        expected, observed = float(seen.expected[row, column]), float(seen.observed[row, column])
        gaps.append(Gap(span.start, span.stop - 1, expected, observed, 1 - observed / expected, p))
    return sorted(gaps, key=lambda gap: gap.start)


def scan_p(z: float, days: int) -> float:
    """Return P(the largest of all windows' normal scores is at least z), by Siegmund's approximation, at most 1.

    days · z³φ(z)/4 · Σ_L ν²(z/√L)/L², ν(x) = exp(−0.583·x) for discrete time; bounded by counting every window.
    """
    if not z > 0:
        return 1.0
    nu = np.exp(-0.583 * z / np.sqrt(LENGTHS))
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    clumps = days * z**3 * density / 4 * float(np.sum(nu**2 / LENGTHS**2))
    return min(1.0, max(clumps, normal_tail(z)), days * LENGTHS.size * normal_tail(z))


def _dispersion_of_days(y: Floats, level: Floats, used: Mask) -> float:
    """Variance over mean of a day's count, robust, at least 1 (Poisson)."""
    good = used & (level > 0)
    if not good.any():
        return 1.0
    return max(1.0, float(_spread((y[good] - level[good]) / np.sqrt(level[good]))) ** 2)


def _spread(values: Floats) -> Floats:
    """Standard deviation by the median absolute deviation along the first axis, NaN left out."""
    return np.asarray(1.4826 * np.nanmedian(np.abs(values - np.nanmedian(values, axis=0)), axis=0))


def _lonely(y: Floats, level: Floats, dispersion: float, used: Mask) -> Mask:
    """Days far below their rhythm while the active days around them are not: holidays, not gaps."""
    active = np.flatnonzero(used & (level > ACTIVE * np.nanmean(level)))
    lonely = np.zeros(y.size, dtype=bool)
    if active.size < 5:
        return lonely
    ratio = y[active] / level[active]
    around = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(ratio, 2, mode="edge"), 5), axis=1)
    far = (1 - ratio) * level[active] > FAR_BELOW * np.sqrt(dispersion * level[active])
    lonely[active[far & (around - ratio > (1 - ratio) / 2)]] = True
    return lonely


def _bursts(y: Floats, level: Floats, dispersion: float) -> Mask:
    """Days far above their rhythm: a mailing to everybody once a month is no week's rhythm, and its absence no gap."""
    usual = np.nan_to_num(level, nan=np.inf)
    return np.asarray((y > BURST * usual) & (y - usual > FAR_ABOVE * np.sqrt(dispersion * np.maximum(usual, 1.0))))


def _scores(seen: Windows, dispersion: float) -> Floats:
    """Standardised missing rows of every window; −inf where nothing is known.

    The root of Poisson's deviance is nearly normal far into the tail (McCullagh & Nelder 1989, 2.4); what remains of a
    bias (the lower side counts) and the scatter are read from all windows of a length, the scatter as a straight line.
    """
    score = np.full(seen.expected.shape, -np.inf)
    known = np.isfinite(seen.expected) & (seen.expected > 0)
    columns = known.sum(axis=0) >= 2
    if columns.sum() < 2:
        return score
    expected, weight = np.where(known, seen.expected, 1.0), np.where(known, seen.weight, 1.0)
    observed = seen.observed
    deviance = observed * np.log(np.maximum(observed, 1e-9) / expected) - observed + expected
    raw = np.sign(expected - observed) * np.sqrt(2 * np.maximum(deviance, 0.0) * expected / weight)
    raw = np.where(known, raw, np.nan)[:, columns]
    slope, base = np.polyfit(LENGTHS[columns], _spread(raw) ** 2, 1)
    spread = np.sqrt(np.maximum(dispersion, base + max(0.0, float(slope)) * LENGTHS[columns]))
    standard = (raw - np.minimum(0.0, np.nanmedian(raw, axis=0))) / spread
    score[:, columns] = np.where(known[:, columns], standard, -np.inf)
    return score


def _is_gap(
    y: Floats, used: Mask, level: Floats, dispersion: float, seen: Windows, score: Floats, row: int, column: int
) -> bool:
    share = float(1 - seen.observed[row, column] / seen.expected[row, column])
    if share < LEAST_MISSING:
        return False
    days = np.arange(row, row + int(LENGTHS[column]))
    active = days[used[days] & (level[days] > ACTIVE * np.nanmean(level))]
    # the window's own expectation, spread over its days as their levels are
    expected = level[active] * seen.expected[row, column] / max(float(np.sum(level[days] * used[days])), 1e-9)
    missing = expected - y[active]
    low = int(np.sum(missing > expected * share / 2))
    if low < LEAST_LOW_DAYS or low < LEAST_LOW_SHARE * active.size:
        return False
    worst = np.argsort(missing)[-2:]  # holidays, perhaps
    far = missing[worst] > FAR_BELOW * np.sqrt(dispersion * expected[worst])
    rest = np.delete(np.arange(active.size), worst[far])
    left, usual = float(missing[rest].sum()), float(expected[rest].sum())
    if left < max(OTHERS * math.sqrt(dispersion * usual), LEAST_MISSING * usual):
        return False
    edges = min(
        _edge(y, used, row, days.size, share), _edge(y[::-1], used[::-1], y.size - row - days.size, days.size, share)
    )
    return edges >= share / 2 and not _every_year(seen, score, row, column, share)


def _edge(y: Floats, used: Mask, row: int, length: int, share: float) -> float:
    """How much of the rows is lost between the fortnight before a window and its own first fortnight, by weekday.

    Seasons come gradually, a broken import overnight. At the edge of the series nothing is known: `share` itself.
    """
    inside, outside = np.arange(row, row + min(length, FORTNIGHT)), np.arange(max(0, row - FORTNIGHT), row)
    if outside.size < FORTNIGHT:
        return share
    weekday, seen = outside % 7, used[outside]
    sums, days = np.bincount(weekday, y[outside] * seen, 7), np.bincount(weekday, seen, 7)
    usual = np.divide(sums, days, out=np.zeros(7), where=days > 0)
    inside = inside[used[inside] & (days[inside % 7] > 0)]
    expected = float(usual[inside % 7].sum())
    return 1 - float(y[inside].sum()) / expected if expected > 0 else 0.0


def _every_year(seen: Windows, score: Floats, row: int, column: int, share: float) -> bool:
    """Whether a year earlier or later about the same was missing at about the same time."""
    for middle in (row - YEAR, row + YEAR):
        near = np.arange(max(0, middle - YEAR_SLACK), min(seen.expected.shape[0], middle + YEAR_SLACK + 1))
        expected = np.nan_to_num(seen.expected[near, column])
        less = seen.observed[near, column] <= expected * (1 - share / 2)
        if np.any((expected > 0) & less & (score[near, column] >= AGAIN)):
            return True
    return False
