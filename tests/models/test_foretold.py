"""Who was foretold to leave, judged: a list by hand, the curve by another way, intervals by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from rapport.models.foretold import Judged, edges_at, interval, listed, on_list


def judged(n: int = 900, seed: int = 1, moments: int = 3, tied: bool = False):
    chance = np.random.default_rng(seed)
    score = chance.normal(size=n)
    score = np.round(score) if tied else score
    left = chance.random(n) < 1 / (1 + np.exp(1 - score))
    when = np.arange(n) % moments
    return score, Judged.of(left, np.arange(n) // moments, when, seed=7), left, when


@pytest.mark.parametrize("tied", [False, True])
def test_the_area_is_that_of_mann_and_whitney_within_each_moment(tied: bool) -> None:
    score, found, left, when = judged(tied=tied)
    above = pairs = 0.0
    for moment in range(3):
        mine = when == moment
        above += mannwhitneyu(score[mine & left], score[mine & ~left]).statistic
        pairs += (mine & left).sum() * (mine & ~left).sum()
    assert found.auc(score)[0] == pytest.approx(above / pairs, abs=1e-12)


def test_levels_that_move_between_moments_make_no_order() -> None:
    score, found, _, when = judged()
    assert found.auc(score + 100 * when)[0] == found.auc(score)[0]


def test_a_sample_counts_a_customer_as_often_as_it_was_drawn() -> None:
    score, found, left, when = judged(n=300)
    times = found.draws[5][found.who]
    again = np.repeat(np.arange(300), times)
    twice = Judged.of(left[again], np.arange(again.size), when[again], seed=1)
    assert found.auc(score)[5] == pytest.approx(twice.auc(score[again])[0], abs=1e-9)


def test_the_interval_of_an_area_holds_the_truth() -> None:
    true = judged(n=60_000, seed=99, moments=1)
    area = true[1].auc(true[0])[0]
    held = 0
    for seed in range(40):
        score, found, _, _ = judged(n=600, seed=seed)
        around = interval(found.auc(score), 200)
        held += around.low <= area <= around.high
    # forty draws at 95 %: 33 or fewer happen once in six hundred times
    assert held >= 34


def test_a_list_takes_the_top_and_shares_its_edge() -> None:
    score = np.array([5.0, 4.0, 4.0, 4.0, 1.0, 0.0])
    assert listed(score, np.zeros(6, dtype=int), 0.5) == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, 0, 0])
    assert listed(score, np.array([0, 0, 0, 1, 1, 1]), 1 / 3).tolist() == [1, 0, 0, 1, 0, 0]
    assert listed(np.zeros(4), np.zeros(4, dtype=int), 0.25).tolist() == [0.25] * 4


def test_a_list_by_hand() -> None:
    left = np.array([True, True, False, False, True, False, False, False])
    on = np.array([1.0, 1.0, 1.0, 0, 0, 0, 0, 0])
    found = on_list(Judged.of(left, np.arange(8), np.zeros(8, dtype=int), seed=1), on)
    assert found.precision[0] == pytest.approx(2 / 3)
    assert found.recall[0] == pytest.approx(2 / 3)
    assert found.lift[0] == pytest.approx((2 / 3) / (3 / 8))


def test_a_list_is_compared_with_chance_in_its_own_moments() -> None:
    """All leave at one moment, none at the other: a list that takes the same share of both has no merit."""
    left, when = np.repeat([True, False], 50), np.repeat([0, 1], 50)
    on = np.tile(np.r_[np.ones(10), np.zeros(40)], 2)
    found = on_list(Judged.of(left, np.arange(100), when, seed=1), on)
    around = interval(found.lift, 100)
    assert around.value == pytest.approx(1.0)
    assert around.low < 1 < around.high


def test_the_edge_leaves_so_many_false_alarms() -> None:
    score, _, left, when = judged(n=3000)
    edge = edges_at(score, left, when, 0.1)
    for moment in range(3):
        stayed = (when == moment) & ~left
        assert np.mean(score[stayed] > edge[stayed]) == pytest.approx(0.1, abs=0.002)
