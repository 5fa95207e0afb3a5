"""Trying every month as the beginning of a change costs no more than it must."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rapport.measures.arrivals import scatter_of_days
from rapport.measures.cells import Cells
from rapport.measures.level_shift import scatter_of_months, whole
from rapport.measures.twins import Repeats, repeats
from rapport.measures.whole_company import added
from rapport.measures.yardstick import Yardstick
from rapport.models.moments import Moments, of_rows
from rapport.models.splits import splits_that_count

YARDSTICK = Yardstick("x", 5.0, "higher", "points", lambda d: ("", ""), binary=False)


@pytest.mark.parametrize("se", [1.0, 3.0, 8.0, 20.0])
@pytest.mark.parametrize(("months", "at"), [(12, 6), (24, 19), (36, 18)])
def test_a_change_of_just_the_least_effect_alarms_no_more_often_than_it_may(months, at, se):
    r = np.random.default_rng(months + at)
    means = r.normal(0, se, (20000, months))
    means[:, at:] -= 5.0
    sums = np.cumsum(means, axis=1)
    z, t = [], []
    for i in range(3, months - 1):
        effect = (sums[:, -1] - sums[:, i - 1]) / (months - i) - sums[:, i - 1] / i
        error = se * math.sqrt(1 / i + 1 / (months - i))
        z.append((-effect - 5.0) / error)
        t.append(np.abs(effect) / error)
    best = np.array(z)[np.argmax(t, axis=0), np.arange(20000)]
    count = splits_that_count(len(z), se, 5.0)
    p = np.array([0.5 * math.erfc(x / math.sqrt(2)) for x in best]) * count
    assert np.mean(p <= 0.01) <= 0.0125


def _months(levels, rows=400):
    """Return months of a company with these levels and a standard deviation of 80 within each."""
    return {
        f"{2024 + i // 12}-{i % 12 + 1:02d}-01": Moments(rows, rows * x, rows, rows, rows * (x * x + 80 * 80), rows * x)
        for i, x in enumerate(levels)
    }


def test_months_that_scatter_beyond_sampling_are_noticed_and_a_step_is_no_scatter():
    r = np.random.default_rng(1)
    calm, rough = r.normal(30, 4, 24), r.normal(30, 15, 24)
    assert scatter_of_months(_months(calm), YARDSTICK, None) < 2
    assert scatter_of_months(_months(rough), YARDSTICK, None) > 4
    calm[18:] -= 20
    assert scatter_of_months(_months(calm), YARDSTICK, None) > 4
    assert scatter_of_months(_months(calm), YARDSTICK, "2025-07-01") < 2
    assert scatter_of_months(_months(rough[:5]), YARDSTICK, None) == 1


def test_scatter_is_measured_by_squares_of_months_about_the_mean_of_their_side():
    levels = np.random.default_rng(6).normal(30, 12, 24)
    sides = (levels[:18] - levels[:18].mean(), levels[18:] - levels[18:].mean())
    by_hand = sum(float((side**2).sum()) for side in sides) / 22 / (80**2 / 400)
    assert scatter_of_months(_months(levels), YARDSTICK, "2025-07-01") == pytest.approx(by_hand, rel=0.01)


@pytest.mark.parametrize(("extra", "alarms"), [(1.0, 0.05), (2.0, 0.05)])
def test_a_company_that_fell_by_just_the_least_effect_alarms_no_more_often_than_it_may(extra, alarms):
    p = _p_values(5.0, extra)
    # 0.05 of 400 with four standard deviations of such a count
    assert np.mean(p <= alarms) <= alarms + 4 * math.sqrt(alarms * (1 - alarms) / len(p))


def test_a_fall_three_times_the_least_effect_is_seen_among_many_questions():
    assert np.mean(_p_values(15.0, 1.0) < 1e-4) > 0.95


def _p_values(fall, extra):
    """Return p-values of the whole company, whose NPS fell for six of its 24 months of 600 answers."""
    r = np.random.default_rng(7)
    p = []
    for _ in range(400):
        levels = 30 + r.normal(0, 80 / math.sqrt(600) * math.sqrt(extra), 24)
        levels[18:] -= fall
        months = _months(levels, 600)
        cells = Cells(added(list(months.values())), {(("month", m),): v for m, v in months.items()}, (("month",),))
        worse, _ = whole(cells, (), YARDSTICK, lambda s: ("", ""), lambda s: None, lambda m: m)
        p.append(worse.p_value)
    return np.array(p)


def test_months_are_added_up():
    one, two = of_rows([1.0, 2.0], [1, 1]), of_rows([3.0], [1])
    both = added([one, two])
    assert (both.n, both.s, both.g) == (3, 6, 2)


def test_scatter_of_days_is_that_of_poisson_and_more_where_days_are_uneven():
    r = np.random.default_rng(2)
    assert scatter_of_days(r.poisson(40, 700).astype(float)) < 1.5
    assert scatter_of_days(r.poisson(40 * r.gamma(10, 0.1, 700)).astype(float)) > 3


def test_repeats_around_are_taken_off():
    near = Cells(of_rows([1.0] * 10 + [0.0] * 990, np.arange(1000)), {})
    around = Cells(of_rows([1.0] * 70 + [0.0] * 930, np.arange(1000)), {})
    found = repeats(Repeats(near, around, daily=True), {})
    assert found.chance == pytest.approx(5)
    assert found.share == pytest.approx(0.005)


def test_that_a_company_did_not_change_is_judged_where_most_is_known():
    r = np.random.default_rng(4)
    months = {
        (("month", f"{2024 + i // 12}-{i % 12 + 1:02d}-01"),): of_rows(r.normal(30, 80, 1500), np.arange(1500))
        for i in range(12)
    }
    cells = Cells(added(list(months.values())), months, (("month",),))
    test = whole(cells, (), YARDSTICK, lambda s: ("", ""), lambda s: None, lambda m: m)[0]
    assert test.within
    assert not whole(_thinned(months), (), YARDSTICK, lambda s: ("", ""), lambda s: None, lambda m: m)[0].within


def _thinned(months):
    r = np.random.default_rng(5)
    few = {key: of_rows(r.normal(30, 80, 60), np.arange(60)) for key in months}
    return Cells(added(list(few.values())), few, (("month",),))
