"""The stratified difference is that of a linear model with one intercept a stratum, and its error covers the truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from rapport.models.stratified import stratified


def drawn(seed: int, strata: int, effect: float, size: float) -> tuple[np.ndarray, ...]:
    """Return yes and rows by stratum of a group and of the others, whose base share differs from stratum to stratum."""
    random = np.random.default_rng(seed)
    n1, n0 = random.poisson(size, strata), random.poisson(2 * size, strata)
    base = random.uniform(0.3, 0.6, strata)
    return random.binomial(n1, base + effect), n1, random.binomial(n0, base), n0


def test_a_hand_computed_pair_of_strata() -> None:
    """Strata of 10 against 30 and 20 against 20: weights 7.5 and 10; 0.2 and 0.1 apart: (1.5 + 1)/17.5."""
    seen = stratified([5, 8], [10, 20], [9, 6], [30, 20])
    assert seen.effect == pytest.approx((7.5 * 0.2 + 10 * 0.1) / 17.5)
    assert (seen.n, seen.n_others, seen.strata) == (30, 50, 2)
    assert seen.value - seen.others == pytest.approx(seen.effect)


def test_it_is_the_coefficient_of_the_linear_model() -> None:
    x1, n1, x0, n0 = drawn(1, 40, 0.1, 6)
    seen = stratified(x1, n1, x0, n0)
    rows = [
        (stratum, group, answer)
        for stratum in range(len(n1))
        for group, yes, n in ((1, x1[stratum], n1[stratum]), (0, x0[stratum], n0[stratum]))
        for answer in [1] * yes + [0] * (n - yes)
    ]
    stratum, group, answer = (np.array(column) for column in zip(*rows, strict=True))
    design = np.column_stack([group, np.eye(len(n1))[stratum]])
    kept = design.any(axis=0)
    fit = sm.OLS(answer, design[:, kept]).fit(cov_type="HC1")
    assert seen.effect == pytest.approx(fit.params[0], abs=1e-10)
    # Sato's error and the robust one estimate the same thing in different ways: within a tenth in 700 rows.
    assert seen.se == pytest.approx(fit.bse[0], rel=0.1)


@pytest.mark.parametrize(("strata", "size"), [(4, 60.0), (300, 1.0)])
def test_the_interval_covers_the_truth(strata: int, size: float) -> None:
    """Six hundred draws: a share of 95 % has an error of 0.9 points, and three of them are allowed."""
    hits = 0
    for seed in range(600):
        seen = stratified(*drawn(seed, strata, 0.1, size))
        hits += abs(seen.effect - 0.1) < 1.96 * seen.se
    assert hits / 600 == pytest.approx(0.95, abs=0.027)


def test_strata_of_one_side_only_say_nothing() -> None:
    alone = stratified([3, 0], [4, 0], [0, 2], [0, 5])
    assert (alone.n, alone.strata, alone.se) == (0, 0, np.inf)
    with_one_more = stratified([3, 0, 2], [4, 0, 4], [0, 2, 1], [0, 5, 4])
    assert with_one_more.effect == pytest.approx(0.25)
    assert with_one_more.n == 4


def test_more_answers_than_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="yes"):
        stratified([3], [2], [0], [1])
