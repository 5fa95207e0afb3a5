"""Full-price repeat that dies out is found with its month; sales every December are not."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.engagement.discount_dependence import discount_dependence
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.audits.engagement.shop import is_quiet, on_stage, shop, worse


def usual(random, day, number, who):
    return random.random(day.size) < 0.35


def dies_out(random, day, number, who):
    late = (day > 480) & (number > 1)
    return random.random(day.size) < np.where(late, 0.92, 0.35)


def dies_out_in_the_north(random, day, number, who):
    late = (day > 480) & (number > 1) & (who["region"] == "north")
    return random.random(day.size) < np.where(late, 0.85, 0.35)


def december_sale(random, day, number, who):
    return random.random(day.size) < np.where(day % 365 > 330, 0.8, 0.3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_month_since_which_nobody_pays_the_full_price_is_found(seed):
    first = worse(on_stage(shop(seed, discounted=dies_out)).ask(discount_dependence))[0]
    assert first.scope == {}
    assert first.status is Status.NONCONFORMING
    assert first.p_value < 0.001
    assert "2025-04" <= first.onset[:7] <= "2025-06"  # day 480 is the 24th of April 2025
    assert "at the full price" in first.statement


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_is_found_in_the_region_where_it_happens(seed):
    first = worse(on_stage(shop(seed, discounted=dies_out_in_the_north)).ask(discount_dependence))[0]
    assert first.scope == {"region": "north"}
    assert first.p_value < 0.001


@pytest.mark.parametrize("seed", range(5))
def test_an_even_share_of_discounts_is_left_alone(seed):
    assert is_quiet(on_stage(shop(seed, discounted=usual)).ask(discount_dependence))


@pytest.mark.parametrize("seed", range(3))
def test_a_sale_every_december_is_no_change(seed):
    assert is_quiet(on_stage(shop(seed, discounted=december_sale)).ask(discount_dependence))


def test_a_shrinking_shop_is_not_called_dependent():
    def fade(p, who, first, now, number):
        return np.where(now > 480, 0.4 * p, p)

    assert is_quiet(on_stage(shop(3, discounted=usual, change=fade)).ask(discount_dependence))


def test_a_small_shop_is_not_called_conforming():
    outcome = on_stage(shop(4, customers=60, discounted=usual)).ask(discount_dependence)
    assert isinstance(outcome, Looked)
    assert not any(t.within for t in outcome.tests)


def test_without_discounts_it_says_what_is_missing():
    outcome = on_stage(shop(1)).ask(discount_dependence)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("orders.discount",)
