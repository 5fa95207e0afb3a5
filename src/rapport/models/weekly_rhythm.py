"""What a run of days should have brought, judged by the same weekdays in the weeks before and after it.

The expectation of a window comes from the eight weeks before it and the eight weeks after it, never from the window
itself. Of the values of one weekday the middle half is averaged, so that a campaign, a strike or another gap nearby
does not move it. Where the two sides disagree (a season, a trend, the end of December) the lower one counts: a gap is
lower than what was before *and* than what came after. Where nothing came after yet, the lowest of the last three, eight
and 26 weeks counts, so that January is not measured against December, and windows are at most four weeks long. The
first weeks of a series, with nothing before them, are its left edge and are not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SHORTEST, LONGEST, LONGEST_AT_END = 3, 60, 28
"""Days a window may be long; with one side only, not longer than a trend may be neglected."""
WEEKS, LONG_WEEKS, LEAST_WEEKS = 8, 26, 3
"""Weeks on a side; weeks looked back at the end of the series; with fewer values of a weekday a side is unknown."""
SIDES_AGREE = 1.5
"""Standard errors by which two sides may differ and still be averaged."""
MIDDLE_HALF = 1.2
"""Variance of the mean of the middle half, against the plain mean, on normal values (1.195 in large samples)."""
LENGTHS = np.arange(SHORTEST, LONGEST + 1)


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows, shape (days, lengths); row: first day; column: length in LENGTHS; NaN where nothing is known.

    expected, observed : rows in the window; weight : variance of observed − expected, in units of the dispersion.
    """

    expected: Floats
    observed: Floats
    weight: Floats


def day_levels(counts: Floats, used: Mask) -> Floats:
    """Return what each day should bring, shape (days,): the mean of its weekday's levels before and after."""
    values = np.where(used, counts, np.nan)
    before = _levels_before(values, WEEKS)[0][:, 0]
    after = _levels_before(values[::-1], WEEKS)[0][::-1, 0]
    both = np.where(np.isnan(before), after, np.where(np.isnan(after), before, (before + after) / 2))
    return np.asarray(both)


def windows(counts: Floats, used: Mask, dispersion: float) -> Windows:
    """Return expectation and observation of every window; days not `used` (shut) count in neither.

    dispersion : variance of a day's count divided by its mean; decides whether the two sides agree.
    """
    days = counts.size
    row, length = np.arange(days)[:, None], LENGTHS[None, :]
    fits = row + length <= days
    mirrored = np.where(fits, days - row - length, 0)
    column = np.arange(LENGTHS.size)[None, :]
    before, n_before = _side(counts, used, WEEKS)
    after, n_after = (x[mirrored, column] for x in _side(counts[::-1], used[::-1], WEEKS))
    earlier = _side(counts, used, LONG_WEEKS)[0]
    just_before = _side(counts, used, LEAST_WEEKS)[0]
    observed = _running(np.where(used, counts, 0.0)[:, None], np.ones((days, LONGEST), dtype=bool), shifted=True)
    noise_before, noise_after = before * MIDDLE_HALF * length / n_before, after * MIDDLE_HALF * length / n_after
    agree = np.abs(before - after) <= SIDES_AGREE * np.sqrt(dispersion * (noise_before + noise_after))
    known_before, known_after = ~np.isnan(before), ~np.isnan(after)
    lower = np.fmin(before, after)
    lower = np.where(known_before & ~known_after, np.fmin(np.fmin(before, earlier), just_before), lower)
    fits &= known_before & (known_after | (length <= LONGEST_AT_END))
    noise = np.where(before <= after, noise_before, noise_after)
    noise = np.where(known_before & known_after, noise, np.fmax(noise_before, noise_after))
    expected = np.where(agree, (before + after) / 2, lower)
    weight = expected + np.where(agree, (noise_before + noise_after) / 4, noise)
    expected = np.where(fits & (weight > 0), expected, np.nan)
    return Windows(expected, observed, weight)


def _side(counts: Floats, used: Mask, weeks: int) -> tuple[Floats, Floats]:
    """Expected rows of every window from the weeks before it, and how many days stand behind that."""
    levels, known = _levels_before(np.where(used, counts, np.nan), weeks)
    open_days = np.lib.stride_tricks.sliding_window_view(np.append(used, np.zeros(LONGEST - 1, dtype=bool)), LONGEST)
    expected = _running(levels, open_days)
    return expected, np.broadcast_to(np.maximum(known, 1.0)[:, None], expected.shape)


def _running(levels: Floats, open_days: Mask, shifted: bool = False) -> Floats:
    """Sums over the first LENGTHS days from each row on of the level of that day (columns of levels repeat)."""
    if shifted:
        padded = np.append(levels[:, 0], np.zeros(LONGEST - 1))
        ahead = np.lib.stride_tricks.sliding_window_view(padded, LONGEST)
    else:
        ahead = levels[:, np.arange(LONGEST) % levels.shape[1]]
    return np.asarray(np.cumsum(np.where(open_days, ahead, 0.0), axis=1)[:, LENGTHS - 1])


def _levels_before(values: Floats, weeks: int) -> tuple[Floats, Floats]:
    """Level of each weekday in the weeks before each day: shape (days, 7), column j for the weekday of day + j.

    Also the number of days known there, shape (days,). NaN where a weekday has fewer than LEAST_WEEKS values.
    """
    padded = np.concatenate([np.full(7 * weeks, np.nan), values])
    blocks = np.lib.stride_tricks.sliding_window_view(padded, 7 * weeks)[: values.size]
    ordered = np.sort(blocks.reshape(values.size, weeks, 7), axis=1)
    known = np.sum(~np.isnan(ordered), axis=1)
    sums = np.concatenate([np.zeros((values.size, 1, 7)), np.cumsum(np.nan_to_num(ordered), axis=1)], axis=1)
    cut = known // 4
    top = np.take_along_axis(sums, (known - cut)[:, None, :], axis=1)[:, 0]
    bottom = np.take_along_axis(sums, cut[:, None, :], axis=1)[:, 0]
    level = np.where(known >= LEAST_WEEKS, (top - bottom) / np.maximum(known - 2 * cut, 1), np.nan)
    return level, known.sum(axis=1).astype(np.float64)
