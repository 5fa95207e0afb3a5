"""Distinct histories: the same customers, fewer rows."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.models.buying.histories import Histories, of_customers
from rapport.models.buying.purchase_days import purchase_days

person = st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 6)).map(
    lambda p: (p[0], min(p[1], p[2]) if p[0] else 0, p[2])
)


@given(st.lists(person, min_size=1, max_size=60), st.sampled_from([1.0, 1 / 7]))
def test_grouping_keeps_every_customer(people: list[tuple[int, int, int]], unit: float) -> None:
    x, t_x, age = (np.array(column, dtype=float) for column in zip(*people, strict=True))
    rows, index = of_customers(x, t_x * unit, age * unit)
    found = zip(rows.x.tolist(), rows.t_x.tolist(), rows.age.tolist(), rows.count.tolist(), strict=True)
    assert {tuple(row[:3]): row[3] for row in found} == Counter((a, b * unit, c * unit) for a, b, c in people)
    assert np.array_equal(rows.x[index], x)
    assert np.array_equal(rows.t_x[index], t_x * unit)
    pairs, of = rows.by_x_and_age
    assert np.array_equal(pairs.x[of], rows.x)
    assert np.array_equal(pairs.age[of], rows.age)
    assert pairs.customers == rows.customers == len(people)
    told = rows.by_clock(np.sqrt)
    assert np.array_equal(told.by_age.spread(told.by_age.values), np.sqrt(rows.age))
    assert np.array_equal(told.t_x, np.sqrt(rows.t_x))


@pytest.mark.parametrize(
    ("x", "t_x", "age", "said"),
    [
        ([1.5], [1.0], [2.0], "whole"),
        ([1.0], [3.0], [2.0], "later"),
        ([0.0], [1.0], [2.0], "recency 0"),
        ([-1.0], [1.0], [2.0], "not negative"),
        ([1.0], [np.nan], [2.0], "finite"),
        ([1.0, 2.0], [1.0], [2.0], "one length"),
    ],
)
def test_what_cannot_be_a_history_is_refused(x: list[float], t_x: list[float], age: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        of_customers(x, t_x, age)


def test_a_sample_stands_for_all_customers() -> None:
    rng = np.random.default_rng(1)
    age = rng.integers(1, 400, 20_000).astype(float)
    x = rng.poisson(3, 20_000).astype(float)
    rows, _ = of_customers(x, np.where(x > 0, np.floor(age * rng.random(20_000)), 0), age)
    few = rows.thinned(1000)
    assert 900 < few.rows < 1200
    assert few.customers == pytest.approx(20_000)


def test_days_of_purchase_become_histories_as_they_were_known() -> None:
    days = purchase_days([2, 0, 0, 2, 0, 0, 5], [3, 1, 1, 10, 8, 4, 9])
    assert days.customer.tolist() == [0, 0, 0, 2, 2, 5]
    rows, index, who = days.histories(8)
    assert who.tolist() == [0, 2]
    assert [(rows.x[i], rows.t_x[i], rows.age[i]) for i in index] == [(2, 7, 7), (0, 0, 5)]
    ages, repeats = days.repeat_ages(10)
    assert dict(zip(ages.tolist(), repeats.tolist(), strict=True)) == {3: 1, 7: 2}
    assert days.bought(8, 10, who).tolist() == [0, 1]
    with pytest.raises(ValueError, match="whole numbers"):
        purchase_days([0], [1.5])
    assert isinstance(rows, Histories)
