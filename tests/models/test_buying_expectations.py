"""P(active), purchases and worth: the papers' numbers, lifetimes, simulation, and intervals that cover."""

import math
import warnings

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1

from rapport.models.buying.beta_geometric import BG_NBD, MBG_NBD, beta_quadrature
from rapport.models.buying.expectations import Amounts, p_active, purchases, worth
from rapport.models.buying.fitting import Fit, fit
from rapport.models.buying.histories import Histories, of_customers
from rapport.models.buying.model import Model
from rapport.models.buying.nbd import NBD
from rapport.models.buying.pareto_nbd import PARETO_NBD
from rapport.models.buying.settling import Settling
from tests.models.buyers import buyers, cdnow_summary
from tests.models.test_buying_fits import FITTERS, TRUTH, simulated

CDNOW = (0.243, 4.414, 0.793, 2.426)


def known(model: Model, parameters: tuple[float, ...]) -> Fit:
    """A fit whose parameters are given and certain."""
    logs = np.log(parameters)
    return Fit(model, logs, np.zeros((logs.size, logs.size)), 0.0, 1.0, math.inf, 0.0, True)


def one(x: float, t_x: float, age: float) -> Histories:
    return Histories(np.array([x]), np.array([t_x]), np.array([age]), np.ones(1))


def test_the_golden_p_active() -> None:
    chance = p_active(known(BG_NBD, CDNOW), one(2, 30.43, 38.86))
    assert round(float(chance.values[0]), 4) == 0.7266


@pytest.mark.data
def test_purchases_of_the_papers_customer() -> None:
    # Fader, Hardie & Lee (2005), brucehardie.com/notes/004: customer 0001 of CDNOW, next 39 weeks
    assert purchases(known(BG_NBD, CDNOW), one(2, 30.43, 38.86), 39.0).values[0] == pytest.approx(1.226, abs=1e-3)


@pytest.mark.data
@pytest.mark.parametrize("name", FITTERS)
def test_agreement_with_lifetimes(name: str) -> None:
    x, t_x, age, _ = cdnow_summary()
    rows, index = of_customers(x, t_x, age)
    mine = fit(TRUTH[name][0], rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = FITTERS[name]().fit(x, t_x, age)
        bought = np.asarray(theirs.conditional_expected_number_of_purchases_up_to_time(39.0, x, t_x, age))
        alive = np.asarray(theirs.conditional_probability_alive(x, t_x, age))
    # the parameters agree to a fiftieth of their standard errors (tested with the fits), the estimates to as much
    errors = purchases(mine, rows, 39.0).of(index).errors
    assert np.all(np.abs(np.log(purchases(mine, rows, 39.0).of(index).values / bought)) < 0.03 * errors + 1e-6)
    judged = rows.x >= mine.model.judges_from
    chances = p_active(mine, rows.some(judged))
    by_row = np.empty(rows.rows)
    by_row[index] = alive
    assert chances.values == pytest.approx(by_row[judged], abs=1e-3)


def test_bg_is_not_asked_about_customers_who_bought_once() -> None:
    rows, once = simulated("BG/NBD", 3000, 1), one(0, 0.0, 500.0)
    bg, mbg, without = fit(BG_NBD, rows), fit(MBG_NBD, rows), fit(NBD, rows)
    with pytest.raises(ValueError, match="BG/NBD cannot tell whether customers who bought once left"):
        p_active(bg, once)
    with pytest.raises(ValueError, match="cannot tell"):
        p_active(bg, rows)
    with pytest.raises(ValueError, match="NBD cannot tell whether anyone left"):
        p_active(without, rows, otherwise=bg)
    both = p_active(bg, rows, otherwise=mbg)
    came = rows.x > 0
    assert np.array_equal(both.values[came], p_active(bg, rows.some(came)).values)
    assert np.array_equal(both.values[~came], p_active(mbg, rows.some(~came)).values)
    # of somebody who bought once 500 weeks ago the others say what anybody would
    assert p_active(mbg, once).values[0] < 0.6
    assert p_active(fit(PARETO_NBD, rows), once).values[0] < 0.6


@pytest.mark.parametrize("name", TRUTH)
def test_what_was_expected_of_known_customers_happened(name: str) -> None:
    rng, horizon = np.random.default_rng(3), 40.0
    model, parameters = TRUTH[name]
    people = buyers(name, parameters, rng.integers(10, 80, 60_000).astype(float), horizon, rng)
    rows, index = of_customers(people.x, people.t_x, people.age)
    truth = known(model, parameters)
    mean = purchases(truth, rows, horizon).of(index).values
    chance = p_active(truth, rows.some(rows.x >= model.judges_from)) if name != "NBD" else None
    for group in (people.x == 0, people.x == 1, (people.x > 1) & (people.x < 5), people.x >= 5):
        error = np.std(people.after[group] - mean[group]) / math.sqrt(group.sum())
        assert abs(people.after[group].mean() - mean[group].mean()) < 4 * error
    if chance is not None:
        judged = rows.x >= model.judges_from
        p = np.full(rows.rows, np.nan)
        p[judged] = chance.values
        for low in np.arange(0, 1, 0.2):
            group = (p[index] >= low) & (p[index] < low + 0.2)
            error = 0.5 / math.sqrt(max(group.sum(), 1))
            assert group.sum() < 50 or abs(people.active[group].mean() - p[index][group].mean()) < 4 * error


@pytest.mark.parametrize("a", [0.3, 0.999999, 1.0, 1.7])
def test_bg_expectations_are_the_papers_2f1_where_that_exists(a: float) -> None:
    r, alpha, b, x, age, horizon = 0.6, 5.0, 2.2, 3.0, 30.0, 50.0
    mine = float(BG_NBD.while_active(np.log([r, alpha, a, b]), one(x, 0, age), horizon)[0])

    def rate(time: float) -> float:  # E[λ·e^(−λ·p·time)] over λ, then over p by brute force
        points, weights = beta_quadrature(a, np.array([b + x]))
        shape, scale = r + x, alpha + age
        return float(weights[0] @ (shape * scale**shape / (scale + points[0] * time) ** (shape + 1)))

    assert mine == pytest.approx(quad(rate, 0, horizon, epsrel=1e-10)[0], rel=1e-8)
    if a not in (0.999999, 1.0):
        z = horizon / (alpha + age + horizon)
        f = hyp2f1(r + x, b + x, a + b + x - 1, z)
        shrink = ((alpha + age) / (alpha + age + horizon)) ** (r + x)
        assert mine == pytest.approx((a + b + x - 1) / (a - 1) * (1 - shrink * f), rel=1e-9)


def test_pareto_expectations_pass_through_s_of_one() -> None:
    values = [
        float(PARETO_NBD.while_active(np.log([0.6, 5.0, s, 9.0]), one(3, 0, 30.0), 50.0)[0])
        for s in (1 - 1e-7, 1.0, 1 + 1e-7)
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-6)
    assert values[2] == pytest.approx(values[1], rel=1e-6)


def test_the_quadrature_is_exact_for_moments_of_any_beta() -> None:
    for a, b in ((1e-6, 3.0), (0.5, 1.0), (1.0, 1.0), (4.0, 2000.0), (300.0, 0.2)):
        points, weights = beta_quadrature(a, np.array([b]))
        assert weights.sum() == pytest.approx(1)
        moment = 1.0
        for k in range(6):
            assert float(weights[0] @ points[0] ** k) == pytest.approx(moment, rel=1e-9)
            moment *= (a + k) / (a + b + k)


@pytest.mark.parametrize("name", TRUTH)
def test_discounting_is_the_integral_over_time(name: str) -> None:
    model, parameters = TRUTH[name]
    truth, history, discount, horizon = known(model, parameters), one(3, 20.0, 30.0), 0.02, 100.0

    steps = np.linspace(0, horizon, 4001)
    many = Histories(*(np.full(4001, value) for value in (3.0, 20.0, 30.0, 1.0)))
    terms = model.terms(truth.logs, history)
    cumulative = np.exp(terms.active - terms.likelihood) * model.while_active(truth.logs, many, steps)
    exact = float(np.diff(cumulative) @ np.exp(-discount * (steps[:-1] + steps[1:]) / 2))
    assert purchases(truth, history, horizon, discount).values[0] == pytest.approx(exact, rel=1e-6)
    assert purchases(truth, history, horizon, 1e-12).values[0] == pytest.approx(cumulative[-1])
    with pytest.raises(ValueError, match="horizon"):
        purchases(truth, history, 0.0)


@pytest.mark.parametrize("name", FITTERS)
def test_intervals_cover_the_truth(name: str) -> None:
    model, parameters = TRUTH[name]
    truth, runs = known(model, parameters), 60
    asked = Histories(np.array([1.0, 2.0, 9.0]), np.array([4.0, 40.0, 50.0]), np.full(3, 60.0), np.ones(3))
    right_chance, right_bought = p_active(truth, asked).values, purchases(truth, asked, 52.0, 0.002).values
    chance_inside, bought_inside = np.zeros(3), np.zeros(3)
    for seed in range(runs):
        found = fit(model, simulated(name, 1500, 1000 + seed))
        low, high = p_active(found, asked).interval()
        chance_inside += (low <= right_chance) & (right_chance <= high)
        low, high = purchases(found, asked, 52.0, 0.002).interval()
        bought_inside += (low <= right_bought) & (right_bought <= high)
    error = math.sqrt(0.95 * 0.05 / runs)  # of one; the three customers share a fit
    assert chance_inside.min() / runs >= 0.95 - 4 * error
    assert bought_inside.min() / runs >= 0.95 - 4 * error
    assert (chance_inside + bought_inside).mean() / (2 * runs) == pytest.approx(0.95, abs=3.5 * error)


def test_the_delta_method_says_what_draws_of_the_parameters_say() -> None:
    rows, rng = simulated("BG/NBD", 4000, 5), np.random.default_rng(6)
    found = fit(BG_NBD, rows)
    asked = Histories(np.array([1.0, 2.0, 9.0]), np.array([4.0, 40.0, 50.0]), np.full(3, 60.0), np.ones(3))
    drawn = []
    for draw in rng.multivariate_normal(found.logs, found.covariance, 2000):
        terms = BG_NBD.terms(draw, asked)
        drawn.append(np.exp(terms.active - terms.likelihood) * BG_NBD.while_active(draw, asked, 52.0))
    spread = purchases(found, asked, 52.0).errors
    # 2,000 draws tell a standard deviation to 1.6 %; the rest is curvature, second order in errors of a few per cent
    assert np.std(np.log(drawn), axis=0) == pytest.approx(spread, rel=0.1)


def test_settling_customers_are_foretold_on_their_clock() -> None:
    rng, (first, time), horizon = np.random.default_rng(7), (3.0, 10.0), 30.0
    ages = rng.integers(5, 60, 60_000).astype(float)

    def clock(age: np.ndarray) -> np.ndarray:
        return age + (first - 1) * time * (1 - np.exp(-age / time))

    truth = known(Settling(BG_NBD, np.ones(1), np.zeros(1)), (0.8, 20.0, 0.5, 3.0, first, time))
    grid = np.linspace(0, 100, 200_001)
    for age in (6.0, 25.0, 59.0):
        told = float(clock(np.array([age]))[0])
        after = float(clock(np.array([age + horizon]))[0]) - told
        people = buyers("BG/NBD", (0.8, 20.0, 0.5, 3.0), np.full(40_000, told), after, rng)
        t_x = np.minimum(np.interp(people.t_x, clock(grid), grid), age)
        rows, index = of_customers(people.x, t_x, np.full(40_000, age))
        mean = purchases(truth, rows, horizon).of(index).values
        assert abs(people.after.mean() - mean.mean()) < 4 * np.std(people.after - mean) / math.sqrt(40_000)
    assert ages.size


def test_worth_multiplies_and_its_errors_add_in_squares() -> None:
    bought, spend = Amounts(np.array([2.0]), np.array([0.3])), Amounts(np.array([50.0]), np.array([0.4]))
    value = worth(bought, spend, 0.25)
    assert value.values[0] == pytest.approx(25)
    assert value.errors[0] == pytest.approx(0.5)
    low, high = value.interval(0.9)
    assert (low[0] * high[0], math.log(high[0] / 25)) == pytest.approx((625, 1.644854 * 0.5))
