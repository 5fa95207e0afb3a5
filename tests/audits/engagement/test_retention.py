"""Cohorts are compared at equal age: faster decay is found, youth and December are none."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.engagement.retention import retention
from rapport.core.outcome import NotAssessable
from tests.audits.engagement.shop import END, START, day, is_quiet, on_stage, shop, worse
from tests.audits.value.service import service, service_stage
from tests.stage import Stage


def recent_decay(p, who, first, now, number):
    return np.where(first > 450, 0.55 * p, p)


def decay_in_mail(p, who, first, now, number):
    return np.where((first > 450) & (who["acquisition_channel"] == "mail"), 0.3 * p, p)


def gifts(p, who, first, now, number):
    return np.where((first % 365 > 333) & (number == 1), 0.2, p)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recent_cohorts_that_decay_faster_are_found_with_the_month(seed):
    first = worse(on_stage(shop(seed, customers=3000, again=0.65, change=recent_decay)).ask(retention))[0]
    assert first.scope == {}
    assert first.p_value < 0.001
    assert "2025-02" <= first.onset[:7] <= "2025-05"
    assert first.same_season
    assert first.value.value < first.baseline


@pytest.mark.parametrize("seed", [1, 2])
def test_decay_in_one_channel_is_found_there(seed):
    first = worse(on_stage(shop(seed, customers=3000, again=0.65, change=decay_in_mail)).ask(retention))[0]
    assert first.scope == {"acquisition_channel": "mail"}
    assert first.p_value < 0.001


@pytest.mark.parametrize("seed", range(5))
def test_steady_cohorts_are_left_alone_although_the_newest_are_young(seed):
    assert is_quiet(on_stage(shop(seed, again=0.65)).ask(retention))


@pytest.mark.parametrize("seed", range(3))
def test_december_buyers_are_measured_against_december(seed):
    assert is_quiet(on_stage(shop(seed, again=0.65, change=gifts, december=0.3)).ask(retention))


def test_subscribers_are_followed_too():
    def leaving(plan, region, began, month):
        return 0.12 if began > 420 else 0.02

    first = worse(service_stage(service(1, customers=2500, leaving=leaving)).ask(retention))[0]
    assert first.p_value < 0.001
    assert "still pay after" in first.title
    assert is_quiet(service_stage(service(2, customers=1500)).ask(retention))


def test_the_curve_shows_both_groups_with_their_number_at_risk():
    chart = on_stage(shop(1, again=0.65)).ask(retention).chart
    assert {bar.marked for bar in chart.bars} == {True, False}
    assert all(bar.n >= 30 for bar in chart.bars)


def test_a_young_record_is_not_assessable():
    orders = [
        {"order_id": f"o{i}", "customer_id": f"c{i}", "ordered_at": day(700 + i % 20), "amount": 5.0}
        for i in range(200)
    ]
    outcome = Stage({"orders": orders}, as_of=END, start=START).ask(retention)
    assert isinstance(outcome, NotAssessable)


def test_without_orders_and_subscriptions_it_says_so():
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=END, start=START).ask(retention)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("orders.customer_id or subscriptions.customer_id",)


def test_a_large_steady_service_conforms():
    outcome = service_stage(service(5, customers=10000)).ask(retention)
    plain = [t for t in worse(outcome) if len(t.scope) <= 1]
    assert sum(t.n for t in plain if t.within) >= 0.8 * sum(t.n for t in plain)
