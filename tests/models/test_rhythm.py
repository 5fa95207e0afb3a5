"""A customer's own rhythm: on simulated customers whose rhythm and leaving are known."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, norm

from rapport.core.interval import Interval
from rapport.models.rhythm.gamma import Gamma
from rapport.models.rhythm.log_normal import LogNormal
from rapport.models.rhythm.signs_of_life import Gaps, gaps_of
from rapport.models.rhythm.silence import Rhythm, fit_rhythm

TRUTH = {"centre": math.log(20.0), "pull": 0.5, "df": 8.0, "spread": 0.5, "leaving": 0.06}


class Shop:
    """Customers with gaps of their own, watched from their first sign of life until day 400.

    shape : of gamma gaps (None: log-normal); busy : half of the customers are regular and half erratic.
    """

    def __init__(self, n: int, seed: int, shape: float | None = None, busy: bool = False) -> None:
        rng = np.random.default_rng(seed)
        scatter = TRUTH["spread"] * np.sqrt(TRUTH["df"] / rng.chisquare(TRUTH["df"], n))
        rate = rng.gamma(2.0, 1 / 40, n)
        if busy:
            scatter = np.where(rng.random(n) < 0.5, 0.15, 1.0)
        centre = TRUTH["centre"] + scatter / math.sqrt(TRUTH["pull"]) * rng.normal(size=n)
        who, when, now = [np.arange(n)], [rng.uniform(0, 200, n)], np.zeros(n)
        now[:] = when[0]
        self.left, here = np.zeros(n, dtype=bool), np.arange(n)
        while here.size:
            going = rng.random(here.size) < TRUTH["leaving"]
            self.left[here[going]] = True
            here = here[~going]
            gap = np.exp(centre[here] + scatter[here] * rng.normal(size=here.size))
            now[here] += rng.gamma(shape, 1 / (shape * rate[here])) if shape else gap
            here = here[now[here] < 400]
            who.append(here)
            when.append(now[here])
        self.who, self.when = np.concatenate(who), np.concatenate(when)
        self.next = np.where(self.left, np.inf, now)
        self.gaps, self.numbers = gaps_of(self.who, self.when, 400.0)


def test_gaps_are_those_between_different_moments() -> None:
    gaps, numbers = gaps_of([7, 3, 7, 7, 7, 3, 9], [1.0, 2.0, 3.0, 3.0, 11.0, 60.0, 5.0], 50.0)
    assert numbers.tolist() == [3, 7, 9]
    assert gaps.count.tolist() == [0, 2, 0]
    assert gaps.mean_log[1] == pytest.approx((math.log(2) + math.log(8)) / 2)
    assert gaps.square_log[1] == pytest.approx(2 * (math.log(2)) ** 2)
    assert gaps.silence.tolist() == [48, 39, 45]
    with pytest.raises(ValueError, match="one length"):
        gaps_of([1], [1.0, 2.0], 3.0)
    with pytest.raises(ValueError, match="only 2 gaps"):
        fit_rhythm(gaps)


def rhythm(family: Gamma | LogNormal, *parameters: float, leaving: float = 0.1) -> Rhythm:
    return Rhythm(family, np.array(parameters), Interval(leaving, None, None, 1), 0.0)


def test_what_is_common_is_recovered() -> None:
    found = fit_rhythm(Shop(1500, 1).gaps)
    assert isinstance(found.family, LogNormal)
    truth = np.array([TRUTH["centre"], *np.log([TRUTH["pull"], TRUTH["df"], TRUTH["spread"]])])
    # scatter over twenty shops of 1,500 customers
    assert np.all(np.abs(found.point - truth) < 3 * np.array([0.014, 0.062, 0.075, 0.014]))
    assert found.leaving.within(0.04, 0.08)
    assert found.leaving.low is not None
    assert found.leaving.high is not None
    assert found.leaving.low < TRUTH["leaving"] < found.leaving.high


def test_random_gaps_are_known_from_regular_ones() -> None:
    random, regular = (fit_rhythm(Shop(1500, 7, shape=shape).gaps) for shape in (1.0, 6.0))
    assert isinstance(random.family, Gamma)
    assert isinstance(regular.family, Gamma)
    assert math.exp(random.point[0]) == pytest.approx(1.0, rel=0.1)
    assert math.exp(regular.point[0]) == pytest.approx(6.0, rel=0.1)


def test_the_foretold_log_normal_gap_is_the_posteriors_integral() -> None:
    told = rhythm(LogNormal(), 3.0, math.log(0.5), math.log(6.0), math.log(0.4))
    gaps = Gaps(np.array([2.0]), np.array([2.4]), np.array([0.1]), np.array([22.6]), np.array([25.0]))
    freedom, weight = 8.0, 2.5
    scale2 = (6 * 0.16 + 0.1 + 2 * 0.5 / 2.5 * 0.36) / freedom
    centre = (0.5 * 3 + 2 * 2.4) / weight

    def given(variance: float) -> float:  # P(log gap > log 25) given the variance, times its inverse-chi-square density
        tail = norm.sf((math.log(25) - centre) / math.sqrt(variance * (1 + 1 / weight)))
        log = freedom / 2 * math.log(freedom * scale2 / 2) - math.lgamma(freedom / 2)
        return float(tail * math.exp(log - (freedom / 2 + 1) * math.log(variance) - freedom * scale2 / 2 / variance))

    p = told.silence_p(gaps)[0]
    assert p == pytest.approx(quad(given, 1e-6, 20)[0], rel=1e-6)
    assert told.usual(gaps)[0] == pytest.approx(math.exp(centre))
    assert told.left(gaps)[0] == pytest.approx(0.1 / (0.1 + 0.9 * p))


def test_the_foretold_gamma_gap_is_the_posteriors_integral() -> None:
    told = rhythm(Gamma(), math.log(2.5), math.log(0.7), math.log(9.0))
    gaps = Gaps(np.array([2.0]), np.array([2.4]), np.array([0.1]), np.array([22.6]), np.array([25.0]))
    own = gamma(0.7 + 2 * 2.5, scale=1 / (9 + 22.6))
    exact, _ = quad(lambda rate: own.pdf(rate) * gamma.sf(25.0, 2.5, scale=1 / rate), 0, 3)
    assert told.silence_p(gaps)[0] == pytest.approx(exact, rel=1e-6)
    assert told.silence_p(gaps.silent_for(told.usual(gaps)))[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("family", "point"),
    [(Gamma(), [0.4, -0.2, 1.0]), (LogNormal(), [0.3, -0.7, 1.5, -0.5])],
    ids=["gamma", "log-normal"],
)
def test_densities_are_densities(family: Gamma | LogNormal, point: list[float]) -> None:
    at = np.array(point)

    def density(gap: float) -> float:
        one = Gaps(np.ones(1), np.log([gap]), np.zeros(1), np.array([gap]), np.ones(1))
        return float(np.exp(family.density(at, one)[0]))

    none = Gaps(np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1), np.array([2.0]))
    beyond = quad(density, 2.0, 50.0)[0] + quad(density, 50.0, np.inf)[0]
    assert family.density(at, none)[0] == pytest.approx(0)
    assert quad(density, 0, 2.0)[0] + beyond == pytest.approx(1, abs=1e-5)
    assert family.waiting(at, none)[0] == pytest.approx(beyond, abs=1e-5)
    # the second gap given the first, by two roads
    both = Gaps(
        np.array([2.0]), np.log([6.0]) / 2, np.array([2 * (math.log(3 / 2) / 2) ** 2]), np.array([5.0]), np.ones(1)
    )
    one = Gaps(np.ones(1), np.log([2.0]), np.zeros(1), np.array([2.0]), np.ones(1))
    step = 1e-4
    near = [float(family.waiting(at, one.silent_for(np.array([3.0 + way])))[0]) for way in (-step, step)]
    slope = (near[0] - near[1]) / (2 * step)
    assert float(np.exp(family.density(at, both) - family.density(at, one))[0]) == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("shape", [None, 1.0, 4.0])
def test_the_probability_of_having_left_is_the_share_who_left(shape: float | None) -> None:
    shop = Shop(5000, 2, shape)
    found = fit_rhythm(shop.gaps)
    left = found.left(shop.gaps)
    for low in np.arange(0, 1, 0.2):
        group = (left >= low) & (left < low + 0.2)
        # four binomial errors and 2 points for parameters known from 1,500 customers
        error = 4 * math.sqrt(0.25 / max(group.sum(), 1)) + 0.02
        assert group.sum() < 50 or shop.left[group].mean() == pytest.approx(left[group].mean(), abs=error)
    assert left.mean() == pytest.approx(shop.left.mean(), abs=0.03)


def test_silences_of_those_still_there_are_as_unusual_as_stated() -> None:
    shop = Shop(12_000, 3)
    found, gaps, here = fit_rhythm(shop.gaps), shop.gaps, ~shop.left
    after = found.silence_p(gaps.silent_for(shop.next - (400.0 - gaps.silence)))[here]
    ranks = after / found.silence_p(gaps)[here]  # of the gap's end among what was possible when it was open: uniform
    assert ranks.mean() == pytest.approx(0.5, abs=4 * math.sqrt(1 / 12 / ranks.size) + 0.01)
    assert np.mean(ranks < 0.1) == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / ranks.size) + 0.01)


def test_at_as_many_false_alarms_it_hears_more_leavers_than_three_times_the_usual_gap() -> None:
    shop = Shop(6000, 4, busy=True)
    found, gaps = fit_rhythm(shop.gaps), shop.gaps
    own = found.own(gaps)
    assert np.array_equal(own, gaps.count >= 2)
    naive, left = (gaps.silence / np.exp(gaps.mean_log))[own], shop.left[own]
    alarms = (naive[~left] > 3).mean()

    def recall(score: np.ndarray) -> float:
        return float(np.mean(score[left] > np.quantile(score[~left], 1 - alarms)))

    mine, three, recency = recall(found.left(gaps)[own]), recall(naive), recall(gaps.silence[own])
    error = math.sqrt(0.5 / left.sum())  # of the difference of two recalls on the same leavers, at most
    assert mine > three + 2 * error
    assert mine > recency + 2 * error


def test_few_gaps_are_drawn_to_customers_alike_and_many_are_not() -> None:
    told = rhythm(LogNormal(), math.log(20), 0.0, math.log(8.0), math.log(0.5))
    few, many, none = (
        Gaps(np.array([n]), np.log([80.0]) * (n > 0), np.zeros(1), np.array([80 * n]), np.array([9.0]))
        for n in (1.0, 99.0, 0.0)
    )
    assert told.usual(few)[0] == pytest.approx(40.0)
    assert told.usual(many)[0] == pytest.approx(80.0, rel=0.02)
    assert told.usual(none)[0] == pytest.approx(20.0)
    assert not told.own(none)[0]


def test_the_unit_of_time_does_not_matter() -> None:
    shop = Shop(1500, 5)
    hours, _ = gaps_of(shop.who, shop.when * 24, 9600.0)
    days, other = fit_rhythm(shop.gaps), fit_rhythm(hours)
    assert other.usual(hours) == pytest.approx(24 * days.usual(shop.gaps), rel=1e-6)
    assert other.left(hours) == pytest.approx(days.left(shop.gaps), abs=1e-6)
