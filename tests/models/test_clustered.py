"""Clustered means and contrasts against statsmodels, by hand, and by simulated false alarms."""

import math

import numpy as np
import pytest
import statsmodels.api as sm

from rapport.models.clustered import Contrast, contrast, contrast_between, mean, of_rows, subtract
from rapport.models.least_effect import p_beyond
from rapport.models.proportions import wilson


def shop(rng: np.random.Generator, customers: int, spread: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Values and customers: one to twelve rows each, alike within a customer."""
    rows = rng.integers(1, 13, customers)
    customer = np.repeat(np.arange(customers), rows)
    return rng.normal(0, spread, customers)[customer] + rng.normal(size=customer.size), customer


def two_sided_p(c: Contrast) -> float:
    return 2 * p_beyond(abs(c.effect), c.se, 0, 1, c.df)


@pytest.mark.parametrize("crossed", [True, False])
def test_contrast_agrees_with_cluster_robust_regression(crossed: bool) -> None:
    rng = np.random.default_rng(3)
    y, customer = shop(rng, 400)
    cell = rng.random(y.size) < 0.3 if crossed else customer < 120
    mine = contrast(of_rows(y, customer, cell), of_rows(y, customer))
    fit = sm.OLS(y, sm.add_constant(cell.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": customer, "use_correction": False}
    )
    assert mine.effect == pytest.approx(fit.params[1], rel=1e-9)
    # theirs has no g/(g − 1); ours has one a side, and 120 unequal customers weigh like 80: everybody's spread counts
    assert 1 <= mine.se / fit.bse[1] <= math.sqrt(120 / 119) + (0.003 if crossed else 0.02)


def test_contrast_is_exact_for_customers_on_both_sides() -> None:
    # every customer has one row in the cell and one outside: the contrast is the paired t-test
    rng = np.random.default_rng(4)
    own = rng.normal(0, 5, 120)
    first, second = own + rng.normal(size=120), own + rng.normal(size=120)
    y, customer = np.concatenate([first, second]), np.tile(np.arange(120), 2)
    mine = contrast(of_rows(y, customer, np.arange(240) < 120), of_rows(y, customer))
    assert mine.se == pytest.approx(np.std(first - second, ddof=1) / math.sqrt(120), rel=1e-9)
    apart = contrast_between(of_rows(first, np.arange(120)), of_rows(second, np.arange(120)))
    assert apart.se > 3 * mine.se  # leaving the pairing out is conservative


def test_one_row_a_customer_is_the_textbook_mean_and_welch() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.normal(3, 1, 120), rng.normal(3, 4, 200)
    one = mean(of_rows(a, np.arange(120)))
    t = sm.stats.DescrStatsW(a).tconfint_mean()
    assert (one.low, one.high) == pytest.approx(t, rel=1e-9)
    both = contrast_between(of_rows(a, np.arange(120)), of_rows(b, np.arange(200)))
    theirs = sm.stats.CompareMeans(sm.stats.DescrStatsW(a), sm.stats.DescrStatsW(b)).tconfint_diff(usevar="unequal")
    assert (both.low, both.high) == pytest.approx(theirs, rel=1e-9)


def test_the_rest_is_what_is_left() -> None:
    rng = np.random.default_rng(6)
    y, customer = shop(rng, 60)
    cell = rng.random(y.size) < 0.4
    rest, direct = subtract(of_rows(y, customer), of_rows(y, customer, cell)), of_rows(y, customer, ~cell)
    for name in ("n", "s", "nn", "ss", "ns", "nt", "st", "n_st", "s_nt"):
        assert getattr(rest, name) == pytest.approx(getattr(direct, name), rel=1e-9, abs=1e-9)
    assert direct.effective_clusters <= rest.g <= direct.g


def test_a_share_without_spread_has_no_zero_error() -> None:
    nobody = of_rows(np.zeros(8), np.arange(8))
    assert (mean(nobody).low, mean(nobody).value) == (0.0, 0.0)
    assert mean(nobody).high == pytest.approx(wilson(0, 8).high, rel=0.3)
    x, customer = np.r_[np.zeros(8), np.tile([0, 1], 100)], np.arange(208)
    c = contrast(of_rows(x, customer, customer < 8), of_rows(x, customer))
    assert 1e-3 < two_sided_p(c) < 0.1  # eight without any where half have it: exactly 0.008
    same = contrast(of_rows(np.zeros(9), np.arange(9), np.arange(9) < 4), of_rows(np.zeros(9), np.arange(9)))
    assert same.se > 0.1


def test_one_customer_is_no_sample() -> None:
    y, customer = np.arange(20.0), np.r_[np.zeros(10, int), np.arange(1, 11)]
    c = contrast(of_rows(y, customer, customer == 0), of_rows(y, customer))
    assert (c.se, c.low, c.high) == (math.inf, -math.inf, math.inf)
    assert two_sided_p(c) >= 1
    assert mean(of_rows([1.0, 2.0], [7, 7])).low is None
    empty = contrast(of_rows(y, customer, customer > 99), of_rows(y, customer))
    assert math.isnan(empty.effect)
    assert math.isinf(empty.se)


@pytest.mark.parametrize("in_cell", [6, 15, 100])
def test_false_alarms_stay_at_five_percent_where_rows_as_samples_give_many(in_cell: int) -> None:
    rng, runs = np.random.default_rng(7), 800
    mine = naive = 0
    for _ in range(runs):
        y, customer = shop(rng, 300)
        cell = customer < in_cell
        mine += two_sided_p(contrast(of_rows(y, customer, cell), of_rows(y, customer))) < 0.05
        se = math.hypot(y[cell].std() / math.sqrt(cell.sum()), y[~cell].std() / math.sqrt((~cell).sum()))
        naive += abs(y[cell].mean() - y[~cell].mean()) > 1.96 * se
    assert mine / runs < 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)
    assert naive / runs > 0.2


@pytest.mark.parametrize("in_cell", [6, 15, 40])
def test_few_customers_with_skewed_values_are_not_certainly_low(in_cell: int) -> None:
    rng, runs, mine, naive = np.random.default_rng(10), 800, 0, 0
    for _ in range(runs):
        y, customer = shop(rng, 300)
        y, cell = np.exp(y), customer < in_cell
        c = contrast(of_rows(y, customer, cell), of_rows(y, customer))
        mine += p_beyond(c.effect, c.se, 0, -1, c.df) < 0.025
        own = mean(of_rows(y, customer, cell))
        assert own.high is not None
        naive += own.high < y[~cell].mean()
    assert mine / runs < 0.025 + 4 * math.sqrt(0.025 / runs)
    assert naive / runs > 0.06


def test_rare_events_in_a_cell_are_no_certainty() -> None:
    # 300 customers, 2 % complain: a test that believes the spread of one complaint finds "significantly few"
    rng, runs = np.random.default_rng(8), 1500
    mine = naive = 0
    customer = np.arange(3000)
    for _ in range(runs):
        y = (rng.random(3000) < 0.02).astype(float)
        c = contrast(of_rows(y, customer, customer < 300), of_rows(y, customer))
        mine += p_beyond(c.effect, c.se, 0, -1, c.df) < 0.005
        p, q = y[:300].mean(), y[300:].mean()
        naive += (q - p) > 2.576 * math.sqrt(p * (1 - p) / 300 + q * (1 - q) / 2700)
    assert mine / runs < 0.005 + 4 * math.sqrt(0.005 / runs)
    assert naive / runs > 0.02


def test_interval_of_a_clustered_share_covers() -> None:
    rng, runs, covered, naive = np.random.default_rng(9), 800, 0, 0
    for _ in range(runs):
        rows = rng.integers(1, 13, 60)
        customer = np.repeat(np.arange(60), rows)
        y = (rng.random(customer.size) < rng.beta(0.5, 2.0, 60)[customer]).astype(float)
        m = mean(of_rows(y, customer))
        assert m.low is not None
        assert m.high is not None
        covered += m.low <= 0.2 <= m.high
        w = wilson(float(y.sum()), y.size)
        assert w.low is not None
        assert w.high is not None
        naive += w.low <= 0.2 <= w.high
    assert covered / runs > 0.95 - 4 * math.sqrt(0.05 * 0.95 / runs)
    assert naive / runs < 0.85
