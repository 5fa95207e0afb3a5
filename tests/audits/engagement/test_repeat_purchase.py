"""A channel whose buyers never return is found; a December of gift buyers and the record's left edge are not."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.engagement.repeat_purchase import repeat_purchase
from rapport.core.declarations import Declarations, Economics
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.audits.engagement.shop import END, START, day, is_quiet, on_stage, shop, worse
from tests.stage import Stage


def never_from_social(p, who, first, now, number):
    return np.where((who["acquisition_channel"] == "social") & (number == 1), 0.02, p)


def social_dies(p, who, first, now, number):
    return np.where((who["acquisition_channel"] == "social") & (first > 450), 0.05, p)


def gifts(p, who, first, now, number):
    return np.where((first % 365 > 333) & (number == 1), 0.15, p)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_channel_whose_buyers_never_return_is_found(seed):
    first = worse(on_stage(shop(seed, change=never_from_social)).ask(repeat_purchase))[0]
    assert first.scope == {"acquisition_channel": "social"}
    assert first.status is Status.NONCONFORMING
    assert first.p_value < 0.001
    assert first.value.value < 0.05 < first.baseline
    assert {"acquisition_channel": "social", "region": "north"} in first.explains
    assert first.consequence.customers > 50
    assert 0 < first.consequence.value.low < first.consequence.value.mid < first.consequence.value.high


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_since_when_a_channel_stopped_is_found(seed):
    tests = worse(on_stage(shop(seed, customers=3000, change=social_dies)).ask(repeat_purchase))
    change = next(t for t in tests if t.onset and t.scope == {"acquisition_channel": "social"})
    assert change.p_value < 0.001
    assert "2025-02" <= change.onset[:7] <= "2025-05"  # it stopped on day 450, the end of March 2025


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_shop_is_left_alone(seed):
    assert is_quiet(on_stage(shop(seed)).ask(repeat_purchase))


@pytest.mark.parametrize("seed", range(3))
def test_a_december_of_gift_buyers_is_no_crisis(seed):
    assert is_quiet(on_stage(shop(seed, change=gifts, december=0.35)).ask(repeat_purchase))


def test_the_left_edge_of_the_record_is_left_out_unless_customers_are_dated():
    without = on_stage(shop(1)).ask(repeat_purchase)
    dated = on_stage(shop(1, created=True)).ask(repeat_purchase)
    assert "near the record's beginning" in without.notes[0]
    assert dated.notes == ()
    tests = [t for t in without.tests if t.onset is None and "channel" in t.scope and len(t.scope) == 1]
    dated_tests = [t for t in dated.tests if t.onset is None and "channel" in t.scope and len(t.scope) == 1]
    assert sum(t.n for t in tests) < sum(t.n for t in dated_tests)


def test_old_customers_at_the_left_edge_do_not_pass_for_loyal_new_ones():
    # everybody orders every 30 days since long before the record begins: nobody is new, so nothing can be said
    orders = [
        {"order_id": f"{c}-{k}", "customer_id": f"c{c}", "ordered_at": day(c % 30 + 30 * k), "amount": 10.0}
        for c in range(60)
        for k in range(23)
    ]
    outcome = Stage({"orders": orders}, as_of=END, start=START).ask(repeat_purchase)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("customers.created_at",)


def test_a_few_customers_are_not_called_conforming():
    outcome = on_stage(shop(4, customers=60)).ask(repeat_purchase)
    assert isinstance(outcome, Looked)
    assert not any(t.within for t in outcome.tests)


def test_without_customers_on_orders_it_says_what_is_missing():
    orders = [{"order_id": "1", "ordered_at": day(3), "amount": 10.0}]
    outcome = Stage({"orders": orders}, as_of=END, start=START).ask(repeat_purchase)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("orders.customer_id",)


def test_money_is_counted_at_the_declared_margin():
    tables = shop(1, change=never_from_social)
    plain = worse(Stage(tables, as_of=END, start=START).ask(repeat_purchase))[0]
    declared = Declarations(economics=Economics(gross_margin=0.4, declared=True))
    at_margin = worse(Stage(tables, as_of=END, start=START, declared=declared).ask(repeat_purchase))[0]
    assert at_margin.consequence.value.mid == pytest.approx(0.4 * plain.consequence.value.mid)
    assert "margin" in at_margin.consequence.assumptions[0]
