"""One number for the response, and what weighting would change: known cases, a simulation, a survey package's way."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm

from rapport.models.moments import Moments, of_rows
from rapport.models.representativeness import Stratum, error_of, r_indicator, weighted


def group(chance, rate, n):
    return of_rows((chance.random(n) < rate).astype(float), np.arange(n))


def test_the_error_of_a_mean_is_that_of_independent_rows_where_customers_have_one():
    values = np.random.default_rng(1).normal(3, 2, 400)
    assert error_of(of_rows(values, np.arange(400))) == pytest.approx(values.std(ddof=1) / 20)
    assert math.isinf(error_of(of_rows([1.0, 0.0], [7, 7])))


def test_equal_rates_are_all_of_one_voice_and_unequal_ones_give_the_textbook_number():
    # Exactly 0.3 and 0.7 in two equal groups: S is 0.2 and R = 1 − 2·0.2, but for what 2 × 10,000 rows bring by chance.
    def exact(rate):
        return of_rows((np.arange(10_000) < 10_000 * rate).astype(float), np.arange(10_000))

    assert r_indicator([exact(0.5), exact(0.5)]).value == 1.0
    assert r_indicator([exact(0.3), exact(0.7)]).value == pytest.approx(0.6, abs=1e-4)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    chance = np.random.default_rng(2)
    rates, sizes = np.array([0.35, 0.5, 0.55, 0.45]), np.array([400, 900, 700, 300])
    share = sizes / sizes.sum()
    truth = 1 - 2 * math.sqrt(share @ (rates - share @ rates) ** 2)
    inside, values = 0, []
    for _ in range(400):
        found = r_indicator([group(chance, r, n) for r, n in zip(rates, sizes, strict=True)])
        inside += found.low <= truth <= found.high
        values.append(found.value)
    assert inside / 400 >= 0.93  # binomial error of 400 draws at 95 %: 1.1 points
    assert np.mean(values) == pytest.approx(truth, abs=0.006)  # 3 standard errors of the mean of 400


def test_groups_of_one_customer_say_nothing():
    lonely = of_rows([1.0, 1.0], [3, 3])
    assert r_indicator([lonely, group(np.random.default_rng(1), 0.5, 50)]).low is None


def test_weighting_undoes_a_known_silence():
    chance = np.random.default_rng(5)
    n = 200_000
    leaving = chance.random(n) < 0.2
    score = np.where(leaving, 4.0, 8.0) + chance.normal(0, 1, n)
    heard = chance.random(n) < np.where(leaving, 0.1, 0.5)

    def stratum(which):
        return Stratum(float(which.sum()), of_rows(score[which & heard], np.flatnonzero(which & heard)))

    found = weighted([stratum(leaving), stratum(~leaving)])
    assert found is not None
    assert found.plain == pytest.approx(score[heard].mean())
    assert found.change.low <= score.mean() - score[heard].mean() <= found.change.high


def test_the_weighted_mean_and_its_error_are_those_of_weighted_rows():
    """A weighted least-squares mean with robust errors, the weights of each stratum fixed, is the same estimate."""
    chance = np.random.default_rng(6)
    stratum = np.repeat([0, 1, 2], [300, 500, 200])
    score = chance.normal(0, 1, 1000) + stratum
    population = np.array([5000.0, 1000.0, 4000.0])
    answers = [of_rows(score[stratum == k], np.flatnonzero(stratum == k)) for k in range(3)]
    found = weighted([Stratum(p, a) for p, a in zip(population, answers, strict=True)])
    weights = (population / np.bincount(stratum))[stratum]
    fit = sm.WLS(score, np.ones(1000), weights=weights).fit()
    assert found is not None
    assert found.weighted == pytest.approx(float(fit.params[0]))
    share, own = population / population.sum(), np.array([0.3, 0.5, 0.2])
    by_hand = math.sqrt(
        sum((share[k] - own[k]) ** 2 * score[stratum == k].var(ddof=1) / (1000 * own[k]) for k in range(3))
    )
    assert (found.change.high - found.change.low) / 2 / 1.959964 == pytest.approx(by_hand, rel=1e-6)


def test_one_stratum_or_a_lonely_customer_cannot_be_weighted():
    some = of_rows(np.arange(10.0), np.arange(10))
    assert weighted([Stratum(10, some)]) is None
    assert weighted([Stratum(10, some), Stratum(5, of_rows([1.0], [1]))]) is None
    assert weighted([Stratum(10, some), Stratum(5, Moments(0.0, 0.0, 0, 0.0, 0.0, 0.0))]) is None
