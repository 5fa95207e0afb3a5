"""Rounding where numbers leave the store: nine digits, and no more than what was there."""

from __future__ import annotations

import math

import pytest

from rapport.core.canonical import rounded


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
