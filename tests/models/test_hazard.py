"""When contracts end and why: counted by hand, against statsmodels, and on simulated contracts of known hazard."""

import math
import warnings

import numpy as np
import pytest

from rapport.models.hazard import fit_hazard
from rapport.models.survival import kaplan_meier

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm

TRUTH = np.array([[-2.5, -0.6, 0.9], [-3.5, 0.2, 0.5]])


def contracts(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contract periods one by one: a constant, whether in the first year, a behaviour; and how each ended."""
    rng = np.random.default_rng(seed)
    rows = np.column_stack([np.ones(n), rng.random(n) < 0.5, rng.normal(size=n)])
    odds = np.exp(rows @ TRUTH.T)
    chance = odds / (1 + odds.sum(axis=1, keepdims=True))
    draw = rng.random(n)
    ended = np.column_stack([draw < chance[:, 0], (draw >= chance[:, 0]) & (draw < chance.sum(axis=1))])
    return rows, np.ones(n), ended.astype(float)


def test_with_a_column_for_each_age_the_hazard_is_what_was_counted() -> None:
    risk, ended = np.array([100.0, 80.0, 60.0]), np.array([[10.0, 2.0], [6.0, 4.0], [3.0, 6.0]])
    found = fit_hazard(np.eye(3), risk, ended)
    assert found.chances(np.eye(3)) == pytest.approx(ended / risk[:, None], rel=1e-6)
    course = found.course(np.eye(3))
    assert course.staying + course.ended.sum(axis=1) == pytest.approx(np.ones(3))
    # those who neither ended nor came to the next age were censored: Kaplan and Meier count the same
    lost = np.array([8.0, 10.0, 51.0])
    curve = kaplan_meier([1, 2, 3], ended.sum(axis=1), lost)
    assert course.staying == pytest.approx(curve.survival)
    both = fit_hazard(np.eye(3), risk, ended.sum(axis=1)).course(np.eye(3))
    greenwood = np.sqrt(curve.variance)
    shares = both.ended[:, 0]
    half = 1.959964 * greenwood / (shares * (1 - shares))
    assert both.low[:, 0] == pytest.approx(1 / (1 + np.exp(half - np.log(shares / (1 - shares)))), rel=1e-5)
    assert both.high[:, 0] == pytest.approx(1 / (1 + np.exp(-half - np.log(shares / (1 - shares)))), rel=1e-5)


def test_agreement_with_statsmodels() -> None:
    rows, risk, ended = contracts(4000, 1)
    found = fit_hazard(rows, risk, ended)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sm.MNLogit(ended @ np.array([1.0, 2.0]), rows).fit(disp=0, method="newton", tol=1e-12)
    # their Newton stops a step earlier: 1e-5 is less than a ten-thousandth of a standard error here
    assert found.coefficients == pytest.approx(np.asarray(theirs.params).T, abs=1e-5)
    assert found.log_likelihood == pytest.approx(theirs.llf)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(np.asarray(theirs.bse).T.ravel(), rel=1e-4)


def test_rows_alike_are_one_row_with_their_count() -> None:
    rows, risk, ended = contracts(2000, 2)
    rows[:, 2] = np.round(rows[:, 2])
    distinct, index = np.unique(rows, axis=0, return_inverse=True)
    summed = np.column_stack([np.bincount(index, ended[:, k]) for k in range(2)])
    one, two = fit_hazard(rows, risk, ended), fit_hazard(distinct, np.bincount(index, risk), summed)
    assert two.coefficients == pytest.approx(one.coefficients, abs=1e-6)
    assert two.covariance == pytest.approx(one.covariance, rel=1e-4)


def test_known_coefficients_are_recovered_and_intervals_cover() -> None:
    runs, inside, course_inside = 60, np.zeros(6), np.zeros(2)
    ahead = np.array([[1.0, 1.0, 0.5]] * 3 + [[1.0, 0.0, 0.5]] * 3)
    odds = np.exp(ahead @ TRUTH.T)
    chance = odds / (1 + odds.sum(axis=1, keepdims=True))
    before = np.concatenate([[1.0], np.cumprod(1 - chance.sum(axis=1))[:-1]])
    right = (before[:, None] * chance).sum(axis=0)
    for seed in range(runs):
        found = fit_hazard(*contracts(3000, 10 + seed))
        inside += np.abs(found.coefficients - TRUTH).ravel() <= 1.959964 * np.sqrt(np.diag(found.covariance))
        course = found.course(ahead)
        course_inside += (course.low[-1] <= right) & (right <= course.high[-1])
    error = math.sqrt(0.95 * 0.05 / runs)
    assert inside.min() / runs >= 0.95 - 4 * error
    assert course_inside.min() / runs >= 0.95 - 4 * error


def test_a_ridge_holds_what_two_leavers_could_not() -> None:
    rows = np.array([[1.0, 0.0], [1.0, 1.0]])
    ended = np.array([[0.0], [2.0]])
    held = fit_hazard(rows, np.array([50.0, 50.0]), ended, ridge=[0.0, 1.0])
    assert held.converged
    assert 0.3 < held.coefficients[0, 1] < 3
    # the ridge's own equation: what pulls equals what holds
    chance = held.chances(rows)[:, 0]
    assert 2 - 50 * chance[1] == pytest.approx(held.coefficients[0, 1], abs=1e-4)
    assert 50 * chance.sum() == pytest.approx(2, abs=1e-4)
    assert fit_hazard(*contracts(2000, 3), ridge=1e6).coefficients == pytest.approx(np.zeros((2, 3)), abs=1e-2)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="more contracts ended"):
        fit_hazard(np.ones((1, 1)), [3.0], [[2.0, 2.0]])
    with pytest.raises(ValueError, match="one length"):
        fit_hazard(np.ones((2, 1)), [3.0], [[2.0]])
