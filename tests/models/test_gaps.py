"""Missing days: false alarms on clean series with peaks and holidays, and a third of the tickets gone."""

import math
import time

import numpy as np
import pytest

from rapport.models.gaps import find_gaps, scan_p

HOLIDAYS = (0, 95, 120, 140, 275, 358, 359)


def arrivals(
    rng: np.random.Generator,
    days: int = 800,
    mean: float = 20.0,
    scatter: float = 1.5,
    peak: float = 1.0,
    annual: float = 0.0,
) -> np.ndarray:
    """Rows a day: quiet weekends, holidays shut, a month before Christmas times `peak`, variance scatter·mean."""
    week = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.3, 0.3])
    day = np.arange(days) + rng.integers(0, 365)
    usual = mean * (week / week.mean())[day % 7] * (1 + annual * np.sin(2 * np.pi * day / 365))
    usual *= np.where((day % 365 >= 325) & (day % 365 < 355), peak, 1.0)
    rows = rng.negative_binomial(usual / (scatter - 1), 1 / scatter)
    return np.where(np.isin(day % 365, HOLIDAYS), 0, rows)


def naive(rows: np.ndarray) -> bool:
    """What one would do first: a week far below the week before, by Poisson's yardstick."""
    weeks = rows[: rows.size // 7 * 7].reshape(-1, 7).sum(axis=1)
    return bool(np.any(weeks[1:] < weeks[:-1] - 3 * np.sqrt(weeks[:-1] + weeks[1:])))


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"mean": 200.0, "scatter": 3.0, "peak": 3.0},
        {"peak": 2.5},
        {"mean": 2.0},
        {"scatter": 3.0},
        {"annual": 0.4, "mean": 200.0},
        {"days": 200, "mean": 200.0, "peak": 3.0},
    ],
)
def test_clean_series_stay_quiet_where_a_simple_rule_alarms(kind: dict[str, float]) -> None:
    rng, runs = np.random.default_rng(1), 150
    series = [arrivals(rng, **kind) for _ in range(runs)]  # type: ignore[arg-type]
    assert np.mean([bool(find_gaps(rows)) for rows in series]) < 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)
    if kind.get("peak"):
        assert np.mean([naive(rows) for rows in series]) > 0.4


def lose(rng: np.random.Generator, rows: np.ndarray, start: int, days: int, share: float) -> np.ndarray:
    left = rows.copy()
    left[start : start + days] = rng.binomial(rows[start : start + days], 1 - share)
    return left


@pytest.mark.parametrize(("scatter", "least"), [(1.01, 0.85), (1.5, 0.55), (2.0, 0.35)])
def test_a_third_of_twenty_a_day_gone_for_three_weeks_is_found(scatter: float, least: float) -> None:
    rng, runs, found, shares = np.random.default_rng(2), 100, 0, []
    for _ in range(runs):
        start = int(rng.integers(100, 650))
        gaps = find_gaps(lose(rng, arrivals(rng, scatter=scatter), start, 21, 1 / 3))
        hits = [g for g in gaps if g.start < start + 21 and g.end >= start]
        found += bool(hits)
        shares += [g.missing_share for g in hits]
    assert found / runs > least
    assert 0.28 < np.median(shares) < 0.45


def test_an_outage_is_found_to_the_day() -> None:
    rng = np.random.default_rng(3)
    rows = lose(rng, arrivals(rng, mean=100.0), 400, 10, 1.0)
    (gap,) = find_gaps(rows)
    assert (gap.start, gap.end, gap.missing_share) == (400, 409, 1.0)
    assert gap.p_value < 1e-6
    assert gap.observed == 0


def test_two_gaps_and_one_that_still_lasts() -> None:
    rng = np.random.default_rng(4)
    rows = lose(rng, lose(rng, arrivals(rng, mean=150.0), 300, 20, 0.5), 780, 20, 0.5)
    first, last = find_gaps(rows)
    assert abs(first.start - 300) <= 1
    assert abs(first.end - 319) <= 1
    assert abs(last.start - 780) <= 1
    assert last.end >= 798


def test_shut_days_are_no_gap() -> None:
    rng = np.random.default_rng(5)
    rows = np.asarray(rng.poisson(100, 500))
    rows[200] = 0
    rows[300:302] = 0
    assert find_gaps(rows) == []
    rows[400:407] = 0
    (week,) = find_gaps(rows)
    assert (week.start, week.end) == (400, 406)
    assert find_gaps(rows, closed=(np.arange(500) >= 400) & (np.arange(500) < 407)) == []


def test_what_happens_every_summer_is_no_gap() -> None:
    rng, quiet = np.random.default_rng(6), np.arange(800) % 365
    rows = np.asarray(rng.poisson(np.where((quiet >= 200) & (quiet < 221), 40, 100)))
    assert find_gaps(rows) == []
    assert len(find_gaps(rows[:400])) == 1  # one summer alone cannot be told from a gap


def with_mailing(rng: np.random.Generator, rows: np.ndarray) -> np.ndarray:
    """A letter to everybody on the tenth of each month beside what comes every day."""
    tenth = (np.datetime64("2024-05-01") + np.arange(rows.size)).astype("datetime64[D]").astype(str)
    return rows + np.where(np.char.endswith(tenth, "-10"), rng.poisson(2000, rows.size), 0)


def test_a_monthly_mailing_makes_no_gaps_and_hides_none() -> None:
    rng, runs = np.random.default_rng(9), 40
    series = [rng.poisson(15, 730) for _ in range(runs)]
    alarms = sum(bool(find_gaps(with_mailing(rng, rows))) for rows in series)
    found = sum(bool(find_gaps(with_mailing(rng, lose(rng, rows, 300, 21, 0.6)))) for rows in series)
    # at 5 % each, more than six of forty have probability 0.003
    assert alarms <= 6
    assert found >= 0.9 * runs


def test_scan_bound_against_simulated_noise() -> None:
    rng, runs, days, z = np.random.default_rng(7), 400, 300, 3.9
    sums = np.concatenate([np.zeros((runs, 1)), np.cumsum(rng.normal(size=(runs, days + 60)), axis=1)], axis=1)
    largest = np.max(
        [(sums[:, n : n + days] - sums[:, :days]).max(axis=1) / math.sqrt(n) for n in range(3, 61)], axis=0
    )
    p = float(np.mean(largest >= z))
    assert scan_p(z, days) == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / runs) + 0.01)
    assert scan_p(-1, days) == 1.0


def test_edges_and_speed() -> None:
    assert find_gaps(np.ones(20)) == []
    assert find_gaps(np.zeros(300)) == []
    with pytest.raises(ValueError, match="not below 0"):
        find_gaps([-1.0] * 60)
    rows = arrivals(np.random.default_rng(8))
    start = time.perf_counter()
    find_gaps(rows)
    assert time.perf_counter() - start < 0.4  # 0.03 s when nothing else runs
