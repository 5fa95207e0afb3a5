"""Compares the last months with the same months a year before, so that December is measured against December.

Where there is no year before (under 13 months), the months just before are taken and the result says so: a change
found that way may be the season, and deserves low confidence at most. Source: conventions.md, "Season".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from rapport.models.student import two_sided

WINDOW = 3
"""Months compared; the newest that exist."""


class Month(NamedTuple):
    """One month of a series: rows, mean, and the cluster-robust standard error of the mean (same unit)."""

    month: date
    n: float
    mean: float
    se: float


@dataclass(frozen=True, slots=True)
class SeasonalChange:
    """A change of level, newest months minus the months compared with, in the unit of the mean.

    same_season : whether those are the same months a year before; months : how many months were compared;
    extra : by how much (variance ratio, at least 1) months scatter beyond their standard errors; `se` includes it.
    """

    effect: float
    se: float
    low: float
    high: float
    same_season: bool
    months: int
    extra: float = 1.0
    df: float | None = None


def compare_with_year_before(
    monthly: Iterable[tuple[date, float, float, float]], window: int = WINDOW, level: float = 0.95
) -> SeasonalChange:
    """Return the change of level of a monthly series.

    monthly : (any day of the month, n, mean, se), complete months in any order; months without rows, or whose SE is
    not finite and positive, are left out. Each of the newest `window` months is compared with the same month of the
    year before; the differences are averaged by precision. Months differ by more than their sampling error: the
    scatter of successive year-on-year differences over the whole series about each other (von Neumann's ratio, which
    a steady trend hardly moves) enlarges the variance when above 1 (Birge 1932), and then t takes the normal's place.
    NaN and an infinite SE where nothing can be compared.
    """
    series = {_index(m.month): m for m in (Month(*row) for row in monthly) if m.n > 0 and 0 < m.se < math.inf}
    if not series:
        return _unknown()
    newest = range(max(series) - window + 1, max(series) + 1)
    pairs = [(series[i], series[i - 12]) for i in newest if i in series and i - 12 in series]
    if not pairs:
        return _against_previous(series, window, level)
    weights = np.array([1 / (a.se**2 + b.se**2) for a, b in pairs])
    changes = np.array([a.mean - b.mean for a, b in pairs])
    extra, df = _scatter(series, 12)
    effect = float(np.average(changes, weights=weights))
    return _change(effect, math.sqrt(extra / weights.sum()), True, len(pairs), extra, df, level)


def _against_previous(series: dict[int, Month], window: int, level: float) -> SeasonalChange:
    last = max(series)
    new = [series[i] for i in range(last - window + 1, last + 1) if i in series]
    old = [series[i] for i in range(last - 2 * window + 1, last - window + 1) if i in series]
    if not old:
        return _unknown()
    extra, df = _scatter(series, 0)
    (new_mean, new_variance), (old_mean, old_variance) = _pooled(new), _pooled(old)
    se = math.sqrt(extra * (new_variance + old_variance))
    return _change(new_mean - old_mean, se, False, len(new), extra, df, level)


def _pooled(months: Sequence[Month]) -> tuple[float, float]:
    weights = np.array([1 / m.se**2 for m in months])
    return float(np.average([m.mean for m in months], weights=weights)), float(1 / weights.sum())


def _scatter(series: dict[int, Month], lag: int) -> tuple[float, float | None]:
    """Ratio (>= 1) of the scatter of successive differences to what their SEs explain, and its degrees of freedom."""
    changes = {
        i: (m.mean - series[i - lag].mean, m.se**2 + series[i - lag].se ** 2) if lag else (m.mean, m.se**2)
        for i, m in series.items()
        if i - lag in series
    }
    ratios = [
        (changes[i + 1][0] - changes[i][0]) ** 2 / (changes[i + 1][1] + changes[i][1])
        for i in changes
        if i + 1 in changes
    ]
    if not ratios or np.mean(ratios) <= 1:
        return 1.0, None
    # successive differences share a month: k of them carry about 2k/3 independent squares (von Neumann 1941)
    return float(np.mean(ratios)), max(1.0, 2 * len(ratios) / 3)


def _change(
    effect: float, se: float, same: bool, months: int, extra: float, df: float | None, level: float
) -> SeasonalChange:
    half = two_sided(level, df) * se
    return SeasonalChange(effect, se, effect - half, effect + half, same, months, extra, df)


def _unknown() -> SeasonalChange:
    return SeasonalChange(math.nan, math.inf, -math.inf, math.inf, False, 0)


def _index(month: date) -> int:
    return month.year * 12 + month.month
