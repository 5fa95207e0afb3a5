"""A step is found among seasons, told from a December, and rarely claimed where there is none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rapport.models.season import Month
from rapport.models.season_step import season_step


def months(means, se=0.02):
    return [Month(date(2023 + i // 12, i % 12 + 1, 1), 500, float(m), se) for i, m in enumerate(means)]


def series(seed, length=24, se=0.02, extra=1.0, december=0.0):
    noise = np.random.default_rng(seed).normal(0, se * extra, length)
    season = np.where(np.arange(length) % 12 == 11, december, 0.0)
    return 0.4 + season + noise


def test_a_step_is_found_where_it_is():
    values = series(1) - 0.2 * (np.arange(24) >= 17)
    step = season_step(months(values), 0.05, -1)
    assert step.p_value < 0.001
    assert step.first == 17
    assert step.same_season
    assert step.effect == pytest.approx(-0.2, abs=3 * step.se)


def test_the_same_season_every_year_is_no_step():
    step = season_step(months(series(2, december=0.3)), 0.05, 1)
    assert step.p_value > 0.5


def test_within_a_year_a_season_cannot_be_told_from_a_change_and_that_is_said():
    step = season_step(months(series(3, length=11) - 0.2 * (np.arange(11) >= 6)), 0.05, -1)
    assert step.p_value < 0.001
    assert not step.same_season


def test_agrees_with_least_squares_with_dummies():
    values = series(4, length=30, december=0.2) - 0.1 * (np.arange(30) >= 20)
    ses = np.linspace(0.01, 0.03, 30)
    given = [Month(m.month, m.n, m.mean, s) for m, s in zip(months(values), ses, strict=True)]
    step = season_step(given, 0.0, -1)
    columns = [(np.arange(30) % 12 == k).astype(float) for k in range(12)]
    design = np.column_stack([*columns, np.arange(30) >= step.first]) / ses[:, None]
    answer, left, *_ = np.linalg.lstsq(design, values / ses, rcond=None)
    assert step.effect == pytest.approx(answer[-1])
    plain = np.sqrt(np.linalg.inv(design.T @ design)[-1, -1])
    df = 30 - 13
    assert step.se == pytest.approx(plain * max(1.0, np.sqrt((20 + left[0]) / (20 + df))))


def test_too_few_months_say_nothing():
    assert season_step(months([0.4] * 4), 0.05, -1) is None
    assert season_step([], 0.05, -1) is None


@pytest.mark.parametrize("extra", [1.0, 2.0])
def test_false_alarms_are_rare_also_where_months_scatter_more_than_sampling(extra):
    runs = 200
    p = np.array([season_step(months(series(s, extra=extra)), 0.0, -1).p_value for s in range(runs)])
    allowed = 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert np.mean(p < 0.05) <= allowed
    assert np.mean(p < 0.001) <= 0.01


@pytest.mark.parametrize("ratio", [0.3, 0.8, 2.0])
@pytest.mark.parametrize(("length", "at"), [(18, 11), (24, 14), (36, 12)])
def test_a_step_of_just_the_least_effect_alarms_no_more_often_than_it_may(ratio, length, at):
    """The steps that count are fewer than those tried: neighbours see nearly the same months."""
    least, runs = 0.05, 400
    step = least * (np.arange(length) >= at)
    p = [
        season_step(months(series(s, length, ratio * least) - step, ratio * least), least, -1).p_value
        for s in range(runs)
    ]
    allowed = 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert np.mean(np.array(p) < 0.05) <= allowed
