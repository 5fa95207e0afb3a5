"""December is compared with December: a peak is no change, a change is one."""

import math
from datetime import date

import numpy as np
import pytest

from rapport.models.season import compare_with_year_before

Row = tuple[date, float, float, float]


def months(
    rng: np.random.Generator, count: int, step: float = 0.0, shock: float = 0.0, peak: float = 5.0, se: float = 1.0
) -> list[Row]:
    """A series that ends in December, with a peak in every December; the newest three months are higher by `step`."""
    rows = []
    for i in range(count):
        index = 2025 * 12 + 11 - (count - 1 - i)
        level = 50 + (peak if index % 12 == 11 else 0) + (step if i >= count - 3 else 0) + rng.normal(0, shock)
        rows.append((date(index // 12, index % 12 + 1, 1), 400.0, level + rng.normal(0, se), se))
    return rows


def test_golden_by_hand() -> None:
    rows = [(date(2024 + i // 12, i % 12 + 1, 1), 10.0, 5.0 + i % 12 + (2 if i >= 12 else 0), 1.0) for i in range(15)]
    change = compare_with_year_before(rows[::-1])
    assert (change.effect, change.same_season, change.months) == (pytest.approx(2.0), True, 3)
    assert change.se == pytest.approx(math.sqrt(2 / 3))
    assert change.high - 2 == pytest.approx(1.96 * math.sqrt(2 / 3), rel=1e-3)


@pytest.mark.parametrize("count", [15, 18, 30])
def test_a_december_peak_fires_month_over_month_and_not_here(count: int) -> None:
    rng, runs, alarms, naive = np.random.default_rng(1), 1500, 0, 0
    for _ in range(runs):
        rows = months(rng, count)
        change = compare_with_year_before(rows)
        assert change.same_season
        alarms += not change.low <= 0 <= change.high
        naive += abs(rows[-1][2] - rows[-2][2]) > 1.96 * math.sqrt(2)
    assert alarms / runs < 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)
    assert naive / runs > 0.8


def test_months_that_scatter_on_their_own_do_not_alarm_often() -> None:
    rng, runs, alarms, naive = np.random.default_rng(2), 800, 0, 0
    for _ in range(runs):
        change = compare_with_year_before(months(rng, 30, shock=2.0))
        alarms += not change.low <= 0 <= change.high
        naive += abs(change.effect) > 1.96 * math.sqrt(2 / 3)
    assert alarms / runs < 0.09
    assert naive / runs > 0.3


def test_a_change_is_found() -> None:
    rng = np.random.default_rng(3)
    found = [compare_with_year_before(months(rng, 24, step=4.0)) for _ in range(300)]
    assert np.mean([c.low > 0 for c in found]) > 0.9
    errors = [c.effect - 4 for c in found]
    assert np.mean(errors) == pytest.approx(0, abs=4 * np.std(errors) / math.sqrt(300))


def test_without_a_year_before_it_says_so() -> None:
    rng = np.random.default_rng(4)
    short = compare_with_year_before(months(rng, 11))
    assert (short.same_season, short.months) == (False, 3)
    assert compare_with_year_before(months(rng, 13)).months == 1
    assert compare_with_year_before(months(rng, 14)).same_season
    nothing = compare_with_year_before([])
    assert math.isnan(nothing.effect)
    assert nothing.se == math.inf
    assert compare_with_year_before(months(rng, 2)).se == math.inf
    gone = [row for row in months(rng, 20) if row[0].month != 11]
    assert compare_with_year_before(gone).months == 2
