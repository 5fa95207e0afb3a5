"""Health adds up, is centred on peers, and knows how little it knows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from rapport.models.health import measure, places

PEERS = np.zeros(4, dtype=np.int64)


def test_a_place_is_twice_the_share_of_peers_below_with_ties_counted_half() -> None:
    assert places(np.array([1.0, 2.0, 2.0, 9.0]), PEERS).tolist() == [-0.75, 0.0, 0.0, 0.75]
    assert places(np.array([5.0]), np.zeros(1, dtype=np.int64)).tolist() == [0.0]


@given(st.lists(st.tuples(st.integers(0, 5) | st.none(), st.integers(0, 2)), min_size=1, max_size=40))
def test_places_agree_with_scipy_and_sum_to_nothing_among_peers(rows: list[tuple[int | None, int]]) -> None:
    values = np.array([np.nan if v is None else float(v) for v, _ in rows])
    peers = np.array([p for _, p in rows], dtype=np.int64)
    found = places(values, peers)
    for group in set(peers.tolist()):
        known = (peers == group) & ~np.isnan(values)
        n = int(known.sum())
        assert np.isnan(found[(peers == group) & ~known]).all()
        if n:
            assert found[known] == pytest.approx((2 * rankdata(values[known]) - 1) / n - 1)
            assert found[known].sum() == pytest.approx(0, abs=1e-9)


def test_contributions_sum_to_the_score_and_what_is_missing_widens_the_interval() -> None:
    values = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, 6.0], [4.0, 7.0]])
    counts = np.array([[9.0, 1.0], [9.0, 0.0], [9.0, 1.0], [9.0, 1.0]])
    found = measure(values, counts, np.array([1.0, 1.0]), np.full((4, 2), 25.0), PEERS)
    assert found.score == pytest.approx(50 + found.contributions.sum(axis=1))
    assert found.contributions[1, 1] == 0
    assert found.reliability[:, 0] == pytest.approx(0.9)
    assert found.contributions[:, 0] == pytest.approx(25 * 0.9 * np.array([-0.75, -0.25, 0.25, 0.75]))
    widths = found.high - found.low
    assert widths[1] > widths[2]


def test_one_domain_at_its_best_is_no_healthier_than_five_somewhat_good() -> None:
    n = 1000
    values = np.tile(np.arange(n, dtype=np.float64)[:, None], (1, 5))
    one_only = values.copy()
    one_only[-1, 1:] = np.nan
    weights, counts = np.full((n, 5), 10.0), np.full((n, 5), 100.0)
    peers = np.zeros(n, dtype=np.int64)
    alone = measure(one_only, counts, np.zeros(5), weights, peers)
    whole = measure(values, counts, np.zeros(5), weights, peers)
    # four fifths of the way up in five domains against the very top of one
    assert alone.score[-1] < whole.score[int(0.8 * n)]


def test_weights_that_could_leave_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="50"):
        measure(np.ones((1, 2)), np.ones((1, 2)), np.ones(2), np.full((1, 2), 26.0), np.zeros(1, dtype=np.int64))


def test_the_interval_holds_the_true_score_as_often_as_it_says() -> None:
    """Simulation: a true place on each indicator, seen through n observations of which k carry half noise."""
    chance = np.random.default_rng(3)
    n, m, k = 4000, 6, 2.0
    truth = chance.normal(size=(n, m))
    counts = chance.integers(0, 9, (n, m)).astype(np.float64)
    noise = chance.normal(size=(n, m)) * np.sqrt(k / np.maximum(counts, 1))
    values = np.where(counts > 0, truth + noise, np.nan)
    weights = np.full((n, m), 50.0 / m)
    peers = np.zeros(n, dtype=np.int64)
    found = measure(values, counts, np.full(m, k), weights, peers)
    true_places = np.column_stack([places(truth[:, i], peers) for i in range(m)])
    true_score = 50 + (weights * true_places).sum(axis=1)
    inside = float(((found.low <= true_score) & (true_score <= found.high)).mean())
    # ranks of noisy values are a little less spread than reliability times rank supposes: 95 % within two per cent
    assert inside == pytest.approx(0.95, abs=0.02)
