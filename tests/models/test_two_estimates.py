"""The interval of a difference from two intervals: the papers' numbers, simulation, and the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rapport.models.proportions import wilson
from rapport.models.two_estimates import Estimate, difference, p_more


def _share(x: int, n: int) -> Estimate:
    i = wilson(x, n)
    assert i.low is not None
    assert i.high is not None
    return Estimate(i.value, i.low, i.high)


def test_it_is_newcombes_interval_for_two_shares() -> None:
    # Newcombe (1998), Statistics in Medicine 17:873, table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339.
    first, second = (_share(x, n) for x, n in ((56, 70), (48, 80)))
    d = difference(first, second)
    assert d.value == pytest.approx(0.2)
    assert (round(d.low, 4), round(d.high, 4)) == (0.0524, 0.3339)


def test_of_symmetric_intervals_it_is_the_root_of_the_squares() -> None:
    d = difference(Estimate(5.0, 2.0, 8.0), Estimate(1.0, -3.0, 5.0))
    assert (d.value, d.low, d.high) == (4.0, -1.0, 9.0)


def test_rows_in_common_make_it_wider_and_never_narrower() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(0.0, 1.0, (4000, 150))
    before, after = rows[:, :100], rows[:, 50:]
    wrong = 0
    for a, b in zip(after, before, strict=True):
        one, two = (Estimate(x.mean(), x.mean() - 0.196, x.mean() + 0.196) for x in (a, b))
        d = difference(one, two)
        wrong += not d.low <= 0 <= d.high
    # half of the rows are common: the true standard error is 0.1 and the one assumed 0.141, so that 0.6 % stray instead
    # of 5 %; the standard error of a share of 0.006 in 4,000 is 0.0012
    assert wrong / 4000 == pytest.approx(math.erfc(1.96 * math.sqrt(2) / math.sqrt(2)), abs=4 * 0.0012)


def test_the_p_value_agrees_with_the_interval() -> None:
    assert p_more(Estimate(1.96, 0.0, 3.92)) == pytest.approx(0.025, abs=1e-5)
    assert p_more(Estimate(1.96, 0.0, 3.92), 1.96) == pytest.approx(0.5)
    assert p_more(-Estimate(1.96, 0.0, 3.92)) == pytest.approx(0.975, abs=1e-5)


def test_what_was_counted_is_certain_and_what_is_unknown_is_not() -> None:
    assert p_more(Estimate(0.1, 0.1, 0.1)) == 0.0
    assert p_more(Estimate(0.0, 0.0, 0.0)) == 1.0
    assert p_more(Estimate(5.0, -math.inf, math.inf)) == 0.5
