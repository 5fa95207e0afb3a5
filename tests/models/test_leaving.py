"""What foretells leaving: known coefficients are found again, few leavers leave the experts alone, errors are right."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit

from rapport.models.leaving import LEAST_LEAVERS, Past, learn, shifted
from rapport.models.ridge_to_prior import losses, ridge_fit

TRUE = np.array([0.8, -0.5, 0.0])


def past(n: int = 4000, moments: int = 3, seed: int = 1, base: float = -1.0, columns: int = 3) -> Past:
    """Customers seen at several moments: what is known of them changes little, and leaving follows `TRUE`."""
    chance = np.random.default_rng(seed)
    own = chance.normal(size=(n, columns))
    rows = np.concatenate([0.8 * own + 0.6 * chance.normal(size=own.shape) for _ in range(moments)])
    who, when = np.tile(np.arange(n), moments), np.repeat(np.arange(moments), n)
    left = chance.random(rows.shape[0]) < expit(base + rows @ TRUE[:columns])
    return Past(rows, left, who, when)


def test_without_a_pull_it_is_the_usual_logistic_regression() -> None:
    seen = past()
    found = ridge_fit(seen.rows, seen.left, np.zeros(3), 0.0, None)
    usual = sm.Logit(seen.left.astype(float), sm.add_constant(seen.rows)).fit(disp=0).params
    assert found == pytest.approx(usual, abs=1e-5)


def test_an_endless_pull_leaves_the_prior() -> None:
    seen = past()
    found = ridge_fit(seen.rows, seen.left, np.array([0.3, 0.2, 0.1]), 1e12, None)
    assert found[1:] == pytest.approx([0.3, 0.2, 0.1], abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_known_coefficients_are_found_again(seed: int) -> None:
    model = learn(past(seed=seed), np.zeros(3))
    errors = np.sqrt(np.diag(model.covariance))[1:]
    # four standard errors: nine coefficients over three seeds exceed them once in 1,700 runs
    assert np.all(np.abs(model.coefficients / model.scale - TRUE) < 4 * errors / model.scale + 0.02)
    assert model.strength in (10.0, 30.0, 100.0, 300.0)


def test_errors_keep_the_rows_of_a_customer_together() -> None:
    seen = past(n=1500, moments=4)
    # the same rows of a customer at every moment: four rows say as much as one
    same = Past(np.tile(seen.rows[:1500], (4, 1)), np.tile(seen.left[:1500], 4), seen.who, seen.when)
    model = learn(same, np.zeros(3))
    design = sm.add_constant((same.rows - model.centre) / model.scale)
    usual = sm.Logit(same.left.astype(float), design).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": same.who, "use_correction": False}
    )
    ratio = np.sqrt(np.diag(model.covariance)) / usual.bse
    # the ridge of ten beside an information of about a thousand is all that differs, and that the fit is drawn aside
    assert ratio == pytest.approx(np.ones(4), abs=0.05)


def test_under_thirty_leavers_the_experts_speak_and_the_record_says_how_many() -> None:
    seen = past(n=400, moments=1, base=-4.5)
    assert 0 < seen.leavers < LEAST_LEAVERS
    prior = np.array([0.5, 0.0, 0.2])
    model = learn(seen, prior)
    assert np.isinf(model.strength)
    assert model.coefficients.tolist() == prior.tolist()
    risk, low, high = model.risk(seen.rows)
    assert risk.mean() == pytest.approx((seen.left.sum() + 1) / (400 + 5), abs=1e-6)
    assert np.all((low < risk) & (risk < high))


def test_with_no_past_at_all_the_customers_of_today_are_the_measure() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    model = learn(
        Past(np.zeros((0, 2)), nobody.astype(bool), nobody, nobody), np.array([0.5, -0.2]), past(columns=2).rows
    )
    risk, low, high = model.risk(np.array([[3.0, 0.0], [0.0, 0.0], [np.nan, np.nan]]))
    assert risk[0] > risk[1]
    assert risk[2] == pytest.approx(0.2, abs=0.01)
    assert np.all(high - low > 0.3)


def test_what_is_missing_is_average_and_what_few_have_is_left_out() -> None:
    seen = past()
    rare = np.where(np.arange(seen.left.size) % 20 == 0, 5.0 * seen.left, np.nan)
    model = learn(Past(np.column_stack([seen.rows, rare]), seen.left, seen.who, seen.when), np.zeros(4))
    assert np.isinf(model.scale[3])
    assert model.contributions(np.array([[0.0, 0.0, 0.0, 100.0]]))[0, 3] == 0
    assert model.contributions(np.full((1, 4), np.nan)).tolist() == [[0.0] * 4]


def test_limits_hold_the_true_risk_as_often_as_they_say() -> None:
    held = []
    for seed in range(20):
        model = learn(past(n=600, seed=seed), np.zeros(3))
        rows = past(n=200, seed=100 + seed).rows
        _, low, high = model.risk(rows)
        true = expit(-1.0 + rows @ TRUE)
        held.append(np.mean((low <= true) & (true <= high)))
    # 95 % nominal; the ridge's pull costs a little, twenty companies leave a standard error of some two per cent
    assert 0.88 < float(np.mean(held)) < 1.0


def test_a_season_between_moments_widens_the_limits() -> None:
    steady = past(n=3000, moments=4, seed=5)
    chance = np.random.default_rng(6)
    level = np.array([-1.6, -0.8, -1.4, -0.4])[steady.when]
    left = chance.random(level.size) < expit(level + steady.rows @ TRUE)
    season = Past(steady.rows, left, steady.who, steady.when)
    assert learn(steady, np.zeros(3)).drift < 0.1
    assert 0.3 < learn(season, np.zeros(3)).drift < 0.9


def test_another_outcome_is_told_from_the_same_score() -> None:
    chance = np.random.default_rng(3)
    score = chance.normal(-2.5, 1.2, 8000)
    later = chance.random(8000) < expit(0.7 + 0.9 * score)
    level, slope = shifted(score, later)
    # four standard errors of a logistic regression on 8,000
    assert level == pytest.approx(0.7, abs=0.3)
    assert slope == pytest.approx(0.9, abs=0.12)
    none = shifted(score, np.zeros(8000, dtype=bool))
    assert expit(none[0] + none[1] * score.mean()) == pytest.approx(1 / 8005, rel=0.01)


def test_the_level_of_a_season_is_no_loss() -> None:
    chance = np.random.default_rng(4)
    score = chance.normal(size=3000)
    left = chance.random(3000) < expit(score)
    assert losses(score + 3, left).mean() == pytest.approx(losses(score, left).mean(), abs=1e-9)
    assert losses(0 * score, left).mean() == pytest.approx(
        -np.mean(left * np.log(left.mean()) + ~left * np.log(1 - left.mean()))
    )
    assert logit(left.mean()) == pytest.approx(0, abs=0.2)
