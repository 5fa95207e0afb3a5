"""The Gamma–Gamma model and the independence on which it stands."""

import math
import warnings

import numpy as np
import pytest
from scipy.special import gammaln

from rapport.models.buying.gamma_gamma import fit_spend
from rapport.models.buying.spend_check import spend_and_frequency
from tests.models.buyers import Floats, cdnow_summary

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifetimes import GammaGammaFitter

TRUTH = (6.0, 4.0, 15.0)


def log_likelihood(p: float, q: float, gamma: float, x: Floats, mean: Floats) -> float:
    """The paper's formula, written out."""
    parts = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma) + (p * x - 1) * np.log(mean)
    return float(np.sum(parts + p * x * np.log(x) - (p * x + q) * np.log(gamma + x * mean)))


def spenders(n: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Repeats, mean spend, and the spend each customer truly has on average."""
    rng = np.random.default_rng(seed)
    p, q, gamma = TRUTH
    rate, x = rng.gamma(q, 1 / gamma, n), 1 + rng.geometric(0.4, n).astype(float)
    return x, rng.gamma(p * x) / rate / x, p / rate


@pytest.mark.data
def test_the_papers_parameters() -> None:
    x, _, _, spend = cdnow_summary()
    some = (x > 0) & (spend > 0)
    found = fit_spend(x[some], spend[some])
    p, q, gamma = found.values
    near = np.allclose(found.values, (6.25, 3.74, 15.44), atol=0.01)
    assert near or found.log_likelihood >= log_likelihood(6.25, 3.74, 15.44, x[some], spend[some])
    assert found.log_likelihood == pytest.approx(log_likelihood(p, q, gamma, x[some], spend[some]), abs=1e-6)
    assert found.log_likelihood >= log_likelihood(6.25, 3.74, 15.44, x[some], spend[some])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = GammaGammaFitter().fit(x[some], spend[some])
        expected = np.asarray(theirs.conditional_expected_average_profit(x, spend))
    other = theirs.params_
    assert found.log_likelihood >= log_likelihood(other["p"], other["q"], other["v"], x[some], spend[some]) - 1e-9
    # their parameters stop a little short of the top; what they mean for a customer hardly moves
    assert found.spend(x, spend).values == pytest.approx(expected, rel=1e-3)
    check = spend_and_frequency(x[some], spend[some])
    assert check.elasticity.n == 946
    assert check.independent is None  # 0.14 ± 0.06: those who buy twice as often spend some 10 % more on a purchase
    assert [(band.least, band.most) for band in check.bands] == [(1, 1), (2, 3), (4, 7), (8, None)]
    assert sum(band.spend.n for band in check.bands) == 946


def test_known_parameters_are_recovered_and_the_errors_are_right() -> None:
    runs, inside, spent = 60, np.zeros(3), np.zeros(3)
    asked, money = np.array([0.0, 1.0, 10.0]), np.array([0.0, 60.0, 20.0])
    p, q, gamma = TRUTH
    right = p * (gamma + asked * money) / (p * asked + q - 1)
    for seed in range(runs):
        x, mean, _ = spenders(1000, seed)
        found = fit_spend(x, mean)
        inside += np.abs(found.logs - np.log(TRUTH)) <= 1.96 * np.sqrt(np.diag(found.covariance))
        low, high = found.spend(asked, money).interval()
        spent += (low <= right) & (right <= high)
    error = math.sqrt(0.95 * 0.05 / runs)
    assert inside.min() / runs >= 0.95 - 4 * error
    assert spent.min() / runs >= 0.95 - 4 * error


def test_rows_with_counts_are_customers() -> None:
    x, mean, _ = spenders(500, 3)
    twice = fit_spend(np.tile(x, 2), np.tile(mean, 2))
    counted = fit_spend(x, mean, np.full(500, 2.0))
    assert counted.logs == pytest.approx(twice.logs, abs=1e-4)
    assert counted.customers == twice.customers == 1000
    assert {k: round(v.value, 3) for k, v in counted.parameters().items()} == {
        k: round(float(v), 3) for k, v in zip(("p", "q", "gamma"), counted.values, strict=True)
    }


def test_spend_is_drawn_to_the_average_as_far_as_it_should_be() -> None:
    x, mean, true = spenders(40_000, 4)
    found = fit_spend(x, mean)
    foretold = found.spend(x, mean).values
    assert np.mean((foretold - true) ** 2) < 0.95 * np.mean((mean - true) ** 2)
    for group in (foretold < np.quantile(foretold, 0.3), foretold > np.quantile(foretold, 0.7)):
        error = np.std(true[group] - foretold[group]) / math.sqrt(group.sum())
        assert abs(true[group].mean() - foretold[group].mean()) < 4 * error


def test_an_average_that_does_not_exist_is_not_given() -> None:
    rng = np.random.default_rng(5)
    x = np.ones(4000)
    found = fit_spend(x, rng.gamma(3.0, 1.0, 4000) / rng.gamma(0.5, 1.0, 4000))
    assert not found.has_mean
    with pytest.raises(ValueError, match="no average"):
        found.spend([0.0], [0.0])
    with pytest.raises(ValueError, match="came back and paid"):
        fit_spend([0.0, 1.0, 2.0], [1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="one length"):
        fit_spend([1.0], [1.0])


def test_independence_is_found_where_it_is_and_refused_where_it_is_not() -> None:
    x, mean, _ = spenders(20_000, 6)
    assert spend_and_frequency(x, mean).independent is True
    related = spend_and_frequency(x, mean * x**0.5)
    assert related.independent is False
    assert [band.spend.value for band in related.bands] == sorted(band.spend.value for band in related.bands)
    assert [(band.least, band.most) for band in related.bands] == [(2, 3), (4, 7), (8, None)]
    assert spend_and_frequency(x[:60], mean[:60]).independent is None
    assert math.isnan(spend_and_frequency(np.ones(50), mean[:50]).elasticity.value)


def test_the_interval_of_the_elasticity_covers_where_single_purchases_are_skewed() -> None:
    rng, runs, inside = np.random.default_rng(7), 300, 0
    for _ in range(runs):
        x = 1 + rng.geometric(0.4, 800).astype(float)
        mean = rng.gamma(0.7 * x) / x * rng.lognormal(0, 0.5, 800) * x**0.3
        found = spend_and_frequency(x, mean).elasticity
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0.3 <= found.high
    assert inside / runs == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / runs))
