"""Drift and what chance alone makes of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from rapport.models.stability import stability


def test_by_hand():
    found = stability([50, 30, 20], [40, 30, 30])
    assert found.index == pytest.approx(0.1 * math.log(50 / 40) - 0.1 * math.log(20 / 30))
    assert found.limit == pytest.approx((1 / 100 + 1 / 100) * stats.chi2.ppf(0.95, 2))
    assert found.p_value == pytest.approx(stats.chi2.sf(found.index / 0.02, 2))
    assert (found.n, found.bins, found.folk_band) == ((100, 100), 3, "stable")


@pytest.mark.parametrize(("n", "mean", "above"), [(100, 0.18, 0.83), (200, 0.09, 0.35), (500, 0.036, 0.003)])
def test_without_change_the_folk_band_is_crossed_as_often_as_conventions_say(n, mean, above):
    scale = 2 / n
    assert scale * 9 == pytest.approx(mean)
    assert stats.chi2.sf(0.1 / scale, 9) == pytest.approx(above, abs=0.005)
    at_the_band = stability([n // 10] * 10, [n // 10] * 10)
    assert at_the_band.limit == pytest.approx(scale * stats.chi2.ppf(0.95, 9))


@pytest.mark.parametrize("n", [200, 500, 5000])
def test_five_in_a_hundred_alarms_without_change(n):
    rng = np.random.default_rng(3)
    runs = 4000
    alarms = np.mean([stability(*rng.multinomial(n, [0.1] * 10, size=2)).p_value < 0.05 for _ in range(runs)])
    # Four standard errors of a share of 0.05 over the runs, and what the χ² law leaves at twenty a bin.
    assert alarms == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / runs) + 1.5 / n)


def test_ten_thousand_see_what_the_folk_band_sleeps_through():
    found = stability([1000] * 10, [1100, 900] + [1000] * 8)
    assert found.folk_band == "stable"
    assert found.limit == pytest.approx(0.0034, abs=5e-5)
    assert found.index < 0.01
    moved = stability([1000] * 10, [1200, 800] + [1000] * 8)
    assert moved.p_value < 0.001
    assert moved.folk_band == "stable"


def test_empty_bins():
    assert stability([10, 0, 5], [10, 0, 5]).bins == 2
    assert math.isfinite(stability([10, 5], [15, 0]).index)
    assert stability([7], [9]).p_value == 1.0


@pytest.mark.parametrize(
    ("before", "after", "said"), [([1], [1, 2], "shape"), ([-1, 2], [1, 2], "below 0"), ([0, 0], [1, 2], "empty")]
)
def test_bad_counts_are_refused(before, after, said):
    with pytest.raises(ValueError, match=said):
        stability(before, after)
