"""A moved clock is told from changed habits."""

import math

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from rapport.models import clock
from rapport.models.clock import find_shift, shift_between

HOUR = np.arange(24)
OFFICE = np.exp(-0.5 * ((HOUR - 10.5) / 2) ** 2) + 0.8 * np.exp(-0.5 * ((HOUR - 15) / 2) ** 2) + 0.03
SHOP = np.exp(-0.5 * ((HOUR - 20) / 3) ** 2) + 0.5 * np.exp(-0.5 * ((HOUR - 11) / 4) ** 2) + 0.05
FLAT = np.ones(24)
EVENING = 0.4 * np.exp(-0.5 * ((HOUR - 20) / 2) ** 2)


def days(
    rng: np.random.Generator, profile: np.ndarray, count: int, mean: float = 40.0, alike: float = 60.0
) -> np.ndarray:
    """Counts by hour; each day has its own volume and its own profile about the given one (rows of a day are alike)."""
    share = profile / profile.sum()
    volume = rng.poisson(rng.gamma(10, mean / 10, count))
    return np.array([rng.multinomial(n, rng.dirichlet(share * alike)) for n in volume])


def test_the_distance_is_the_likelihood_ratio_of_a_table() -> None:
    a, b = np.round(OFFICE * 100), np.round(SHOP * 70)
    g2 = chi2_contingency(np.array([a, b]), lambda_="log-likelihood").statistic
    assert clock._distances(a, b)[0] == pytest.approx(g2)


@pytest.mark.parametrize("profile", [OFFICE, SHOP, FLAT])
def test_no_shift_no_alarm(profile: np.ndarray) -> None:
    rng, runs = np.random.default_rng(1), 200
    alarms = np.mean(
        [shift_between(days(rng, profile, 21), days(rng, profile, 21)).p_value < 0.05 for _ in range(runs)]
    )
    assert alarms < 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)


def test_days_that_differ_would_alarm_a_test_that_takes_rows_as_independent() -> None:
    rng, runs = np.random.default_rng(2), 100
    pairs = [(days(rng, OFFICE, 21, 200.0).sum(0), days(rng, OFFICE, 21, 200.0).sum(0)) for _ in range(runs)]
    assert np.mean([chi2_contingency(np.array(p) + 1).pvalue < 0.05 for p in pairs]) > 0.9


@pytest.mark.parametrize("hours", [1, -1, 2, 8])
def test_a_moved_clock_is_found_with_its_sign(hours: int) -> None:
    rng = np.random.default_rng(3)
    found = [shift_between(days(rng, SHOP, 56), days(rng, np.roll(SHOP, hours), 56)) for _ in range(40)]
    assert np.mean([s.p_value < 0.05 and s.hours == hours for s in found]) > 0.85
    # with totals only, rows count as independent
    one = shift_between(SHOP * 1000, np.roll(SHOP, hours) * 3000)
    assert (one.hours, one.p_value < 1e-6) == (hours, True)
    assert one.explained == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    "after", [OFFICE + EVENING, OFFICE**0.7, OFFICE + 0.2, np.where(HOUR < 12, 0.5 * OFFICE, OFFICE)]
)
def test_other_habits_are_no_moved_clock(after: np.ndarray) -> None:
    rng, runs, alarms, naive = np.random.default_rng(4), 60, 0, 0
    for _ in range(runs):
        before, later = days(rng, OFFICE, 28, 400.0), days(rng, after, 28, 400.0)
        alarms += shift_between(before, later).p_value < 0.05
        naive += chi2_contingency(np.array([before.sum(0), later.sum(0)]) + 1).pvalue < 0.05
    assert alarms / runs < 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)
    assert naive / runs > 0.95


def test_the_day_of_the_change_is_found() -> None:
    rng, runs, hits = np.random.default_rng(5), 30, 0
    for _ in range(runs):
        found = find_shift(np.vstack([days(rng, SHOP, 120), days(rng, np.roll(SHOP, 1), 120)]))
        hits += len(found) == 1 and found[0][1].hours == 1 and abs(found[0][0] - 120) <= 10
    assert hits / runs > 0.7
    twice = [days(rng, OFFICE, 150, 200), days(rng, np.roll(OFFICE, 1), 150, 200), days(rng, OFFICE, 150, 200)]
    found = find_shift(np.vstack(twice))
    assert [s.hours for _, s in found] == [1, -1]
    assert [day for day, _ in found] == pytest.approx([150, 300], abs=10)


def test_a_long_quiet_series_stays_quiet() -> None:
    rng, runs = np.random.default_rng(6), 40
    for profile in (OFFICE, FLAT):
        alarms = np.mean([bool(find_shift(days(rng, profile, 300))) for _ in range(runs)])
        assert alarms < 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)


def test_edges() -> None:
    few = shift_between(np.ones(24), np.roll(OFFICE, 2) * 1000)
    assert (few.hours, few.p_value) == (0, 1.0)
    assert find_shift(np.ones((5, 24))) == []
    with pytest.raises(ValueError, match="shape"):
        shift_between(np.ones(23), np.ones(24))
