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
from rapport.models.moments import of_rows
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


def test_months_that_scatter_beyond_sampling_are_noticed():
    r = np.random.default_rng(1)

    def series(shock):
        levels = r.normal(30, shock, 24)
        return {
            f"{2024 + i // 12}-{i % 12 + 1:02d}-01": of_rows(r.normal(level, 80, 400), np.arange(400))
            for i, level in enumerate(levels)
        }

    assert scatter_of_months(series(0.0), YARDSTICK)[0] < 2
    assert scatter_of_months(series(15.0), YARDSTICK)[0] > 4


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
