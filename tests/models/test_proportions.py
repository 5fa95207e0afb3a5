"""Shares and net promoter scores against papers, statsmodels and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from rapport.models.proportions import newcombe, nps_interval, two_proportions_p, wilson


def test_newcombe_gives_the_intervals_of_the_paper() -> None:
    # Newcombe (1998), table II, method 10, examples (a) 56/70 − 48/80 and (h) 10/10 − 0/10
    a, h = newcombe(56, 70, 48, 80), newcombe(10, 10, 0, 10)
    assert (a.low, a.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (h.low, h.high) == pytest.approx((0.6075, 1.0), abs=5e-5)


@pytest.mark.parametrize(("x", "n"), [(0, 7), (3, 7), (7, 7), (81, 263), (1, 10_000)])
def test_wilson_agrees_with_statsmodels(x: int, n: int) -> None:
    mine = wilson(x, n, 0.9)
    assert (mine.low, mine.high) == pytest.approx(proportion_confint(x, n, 0.1, "wilson"), abs=1e-12)
    assert mine.n == n


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (1, 30, 9, 31), (0, 12, 12, 12)])
def test_difference_and_test_agree_with_statsmodels(counts: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = counts
    mine = newcombe(*counts)
    assert (mine.low, mine.high) == pytest.approx(
        confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff"), abs=1e-9
    )
    assert two_proportions_p(*counts) == pytest.approx(proportions_ztest([x1, x2], [n1, n2])[1], rel=1e-9)


def test_nothing_known_is_said_so() -> None:
    assert math.isnan(wilson(0, 0).value)
    assert wilson(0, 0).low is None
    assert newcombe(1, 2, 0, 0).high is None
    assert two_proportions_p(0, 10, 0, 20) == 1.0
    assert two_proportions_p(0, 0, 5, 20) == 1.0
    assert nps_interval(0, 0, 0).low is None
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(3, 2)


@pytest.mark.parametrize(("n", "half"), [(100, 15.3), (400, 7.7), (1000, 4.8), (2000, 3.4)])
def test_nps_has_the_golden_intervals(n: int, half: float) -> None:
    score = nps_interval(n // 2, n - n // 2 - n // 5, n // 5)
    assert score.value == 30
    assert score.high is not None
    assert score.high - 30 == pytest.approx(half, abs=0.05)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_nps_interval_holds_its_value_and_never_has_length_zero(p: int, q: int, d: int) -> None:
    if not p + q + d:
        return
    for level in (0.5, 0.8, 0.95):
        score = nps_interval(p, q, d, level)
        assert score.low is not None
        assert score.high is not None
        assert -100 <= score.low <= score.value <= score.high <= 100
        assert score.low < score.high


def test_few_happy_answers_are_covered_where_the_plain_interval_fails() -> None:
    rng, truth, runs = np.random.default_rng(1), np.array([0.85, 0.1, 0.05]), 4000
    covered = plain = 0
    for promoters, passives, detractors in rng.multinomial(8, truth, runs):
        score = nps_interval(int(promoters), int(passives), int(detractors))
        assert score.low is not None
        assert score.high is not None
        covered += score.low <= 80 <= score.high
        p, d = promoters / 8, detractors / 8
        plain += abs(100 * (p - d) - 80) <= 196 * math.sqrt((p + d - (p - d) ** 2) / 8)
    assert covered / runs > 0.95 - 4 * math.sqrt(0.05 * 0.95 / runs)
    assert plain / runs < 0.85


def test_wilson_covers_rare_shares_where_the_plain_interval_fails() -> None:
    n, p, runs = 40, 0.03, 20_000
    x = np.random.default_rng(2).binomial(n, p, runs)
    limits = {int(k): wilson(int(k), n) for k in np.unique(x)}
    covered = np.mean([limits[int(k)].within(0, 1) and limits[int(k)].low <= p <= limits[int(k)].high for k in x])  # type: ignore[operator]
    plain = np.mean(np.abs(x / n - p) <= 1.96 * np.sqrt(x / n * (1 - x / n) / n))
    assert covered > 0.92
    assert plain < 0.75
