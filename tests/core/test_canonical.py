"""Rounding where numbers leave the store: nine digits, and no more than what was there."""

from __future__ import annotations

import math

import pytest

from rapport.core.canonical import beside, rounded


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, 0.0), (1 / 3, 0.333333333), (-1234567890.4, -1234567890.0), (math.pi * 1e-12, 3.14159265e-12)],
)
def test_nine_significant_digits(value, expected):
    assert rounded(value) == expected
    assert rounded(rounded(value)) == rounded(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_nothing(value):
    assert rounded(value) is None


@pytest.mark.parametrize("tie", [1747936.485, 12606314.1445, 90.1780328050, 0.1234567895])
def test_a_sum_of_money_rounds_alike_in_whatever_order_it_was_added(tie):
    below, above = tie * (1 - 3e-16), tie * (1 + 3e-16)
    assert below < above
    assert rounded(below) == rounded(tie) == rounded(above)


def test_a_small_difference_of_large_numbers_is_the_same_in_whatever_order_they_were_added():
    one, other = 0.0374211, 0.0374203456825
    below, above = one * (1 - 3e-14) - other, one * (1 + 3e-14) - other
    assert rounded(below) != rounded(above)
    assert beside(below, one, other) == beside(above, one, other) == 7.543e-07
    assert beside(0.25, 0.75, 0.5) == 0.25
    assert beside(123.456789123, 0.5) == 123.456789
    assert beside(0.0, 0.0) == 0.0


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_a_limit_that_is_not_known_stays_so(value):
    assert beside(value, 0.5, 0.4) == value
    assert beside(0.1, 0.5, value) == 0.1
