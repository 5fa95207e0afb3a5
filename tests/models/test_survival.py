"""Kaplan–Meier and its relatives against the papers' numbers, lifelines and simulation."""

import math
import warnings

import numpy as np
import pytest

from rapport.models.log_bins import BINS_PER_E, LOG_BINS
from rapport.models.survival import Curve, from_bins, kaplan_meier, landmark_difference, logrank

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import logrank_test
    from lifelines.utils import median_survival_times

# Freireich et al. (1963), weeks of remission: 6-MP (with censoring) and placebo
DRUG = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
DRUG_SEEN = [1] * 9 + [0] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def curve(times: object, seen: object, design_effect: float = 1.0) -> Curve:
    event = np.asarray(seen, dtype=float)
    return kaplan_meier(np.asarray(times, dtype=float), event, 1 - event, design_effect)


def test_freireich_gives_the_textbook_numbers() -> None:
    drug, placebo = curve(DRUG, DRUG_SEEN), curve(PLACEBO, np.ones(21))
    assert [drug.at(t) for t in (6, 7, 10, 13, 16, 22, 23)] == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert [drug.se_at(t) for t in (6, 23)] == pytest.approx([0.0764, 0.1346], abs=5e-5)
    assert (drug.quantile().value, placebo.quantile().value) == (23, 8)
    # R's survfit(conf.type="log-log"): median 23 (13, NA) and 8 (4, 11)
    assert (drug.quantile().low, drug.quantile().high) == (13, None)
    assert (placebo.quantile().low, placebo.quantile().high) == (4, 11)
    assert logrank(placebo, drug).z ** 2 == pytest.approx(16.79, abs=0.01)


def test_agreement_with_lifelines() -> None:
    rng = np.random.default_rng(1)
    a, b = np.ceil(rng.exponential(20, 300)), np.ceil(rng.exponential(26, 250))
    sa, sb = rng.random(300) < 0.7, rng.random(250) < 0.8
    mine, other = curve(a, sa), curve(b, sb)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = KaplanMeierFitter().fit(a, sa)
        limits = median_survival_times(fit.confidence_interval_)
        test = logrank_test(a, b, sa, sb)
    assert mine.survival == pytest.approx(fit.survival_function_["KM_estimate"].to_numpy()[1:])
    assert mine.quantile().value == fit.median_survival_time_
    assert (mine.quantile().low, mine.quantile().high) == tuple(limits.iloc[0])
    assert logrank(mine, other).p == pytest.approx(test.p_value, rel=1e-9)


def test_bins_agree_with_their_edges() -> None:
    edges = LOG_BINS.edges(1e6)
    middle = (edges[:-1] + edges[1:]) / 2
    assert LOG_BINS.bins_of(middle).tolist() == list(range(edges.size - 1))
    assert [LOG_BINS.bin_of(x) for x in middle] == list(range(edges.size - 1))
    assert (edges[0], LOG_BINS.bin_of(0.0), LOG_BINS.bin_of(-5.0)) == (0.0, 0, 0)
    assert math.floor(math.log(90 + 1) * BINS_PER_E) == LOG_BINS.bin_of(90)
    assert np.all(np.diff(edges)[50:] / (edges[50:-1] + 1) < 0.032)


@pytest.mark.parametrize("scale", [5.0, 90.0, 4000.0])
def test_binned_medians_are_within_one_percent_of_exact_ones(scale: float) -> None:
    rng = np.random.default_rng(2)
    time, limit = rng.lognormal(math.log(scale), 1.0, 50_000), rng.exponential(3 * scale, 50_000)
    seen, last = time <= limit, np.minimum(time, limit)
    exact = curve(last, seen)
    bins = LOG_BINS.bins_of(last)
    binned = from_bins(np.arange(bins.max() + 1), np.bincount(bins, seen), np.bincount(bins, ~seen))
    for q in (0.25, 0.5, 0.75):
        one, two = exact.quantile(q), binned.quantile(q)
        assert two.value == pytest.approx(one.value, rel=0.01)
        assert (two.low, two.high) == pytest.approx((one.low, one.high), rel=0.01)
    assert binned.at(scale) == pytest.approx(exact.at(scale), abs=0.003)
    assert binned.se_at(scale) == pytest.approx(exact.se_at(scale), rel=0.02)


def test_censoring_is_counted_where_the_median_of_the_answered_is_too_short() -> None:
    rng, runs, inside, naive = np.random.default_rng(3), 500, 0, []
    truth = 60 * math.log(2)
    for _ in range(runs):
        time, limit = rng.exponential(60, 150), rng.exponential(60, 150)
        m = curve(np.minimum(time, limit), time <= limit).quantile()
        inside += (m.low or 0) <= truth <= (m.high or math.inf)
        naive.append(float(np.median(time[time <= limit])))
    assert inside / runs == pytest.approx(0.95, abs=4 * math.sqrt(0.05 * 0.95 / runs))
    assert np.mean(naive) < 0.6 * truth


def test_a_median_never_reached_is_infinite_and_unbounded() -> None:
    few = curve(np.arange(1.0, 101), np.arange(100) < 10).quantile()
    assert (few.value, few.low, few.high, few.n) == (math.inf, None, None, 100)
    nobody = kaplan_meier([], [], [])
    assert math.isnan(nobody.quantile().value)
    assert math.isnan(nobody.at(3))
    ended = curve([1, 2, 3], [1, 1, 0])
    assert (ended.at(0.5), ended.at(2.5)) == (1.0, pytest.approx(1 / 3))
    assert math.isnan(ended.at(4))  # one was still waiting: nobody knows
    assert curve([1, 2], [1, 1]).at(9) == 0.0
    assert 0 < curve([1, 2], [1, 1]).se_at(9) < 1
    with pytest.raises(ValueError, match="one length"):
        kaplan_meier([1, 2], [1], [0])
    with pytest.raises(ValueError, match="not negative"):
        kaplan_meier([1], [-1], [0])


def test_landmarks_have_the_error_they_state_and_clusters_enlarge_it() -> None:
    rng, runs = np.random.default_rng(4), 600
    wrong = 0
    for _ in range(runs):
        sides = []
        for _side in range(2):
            time, limit = rng.exponential(30, 120), rng.uniform(10, 90, 120)
            sides.append(curve(np.minimum(time, limit), time <= limit))
        effect, se = landmark_difference(sides[0], sides[1], 20.0)
        wrong += abs(effect) > 1.96 * se
    assert wrong / runs == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / runs))
    assert curve(DRUG, DRUG_SEEN, 4.0).se_at(10) == pytest.approx(2 * curve(DRUG, DRUG_SEEN).se_at(10))
    doubled = logrank(curve(PLACEBO, np.ones(21), 4.0), curve(DRUG, DRUG_SEEN))
    assert doubled.z == pytest.approx(math.sqrt(16.79) / 2, abs=0.01)
    assert landmark_difference(sides[0], sides[1], 1e6)[1] == math.inf
