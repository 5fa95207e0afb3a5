"""Churn and retention of revenue by the vendors' own worked numbers, and the switches that people forget."""

from __future__ import annotations

from datetime import datetime

import pytest

from rapport.core.outcome import NotAssessable
from rapport.measures.metrics.subscriptions import (
    customer_churn_rate,
    gross_revenue_churn,
    gross_revenue_retention,
    mrr,
    net_revenue_churn,
    net_revenue_retention,
)
from tests.stage import Stage

NEW_YEAR = datetime(2026, 1, 1)
LONG_AGO, MIDDLE = datetime(2024, 6, 1), datetime(2025, 12, 15)


def period(subscription, begins, ends=None, mrr=10.0, **more):
    return {
        "period_id": f"{subscription}-{begins:%Y%m%d}",
        "subscription_id": subscription,
        "customer_id": subscription,
        "plan": "pro",
        "mrr": mrr,
        "valid_from": begins,
        "valid_to": ends,
        **more,
    }


def golden(at):
    """Return ChartMogul's example: start 100, churn 10, contraction 10, expansion 10."""
    return [
        period("gone", LONG_AGO, at, 10.0, end_reason="cancelled"),
        period("less", LONG_AGO, at, 20.0, end_reason="downgrade"),
        period("less", at, None, 10.0),
        period("more", LONG_AGO, at, 20.0, end_reason="upgrade"),
        period("more", at, None, 30.0),
        period("same", LONG_AGO, None, 50.0),
        period("new", at, None, 40.0),
    ]


def on_stage(periods):
    return Stage({"subscriptions": periods}, as_of=NEW_YEAR)


def test_chartmogul_month():
    stage = on_stage(golden(MIDDLE))
    assert stage.metric(gross_revenue_churn).value == pytest.approx(0.20)
    assert stage.metric(net_revenue_churn).value == pytest.approx(0.10)
    assert stage.metric(customer_churn_rate).value == pytest.approx(0.25)
    assert stage.metric(customer_churn_rate).n == 4
    assert stage.metric(mrr).value == 130.0


def test_the_same_over_twelve_months():
    stage = on_stage(golden(datetime(2025, 6, 15)))
    assert stage.metric(net_revenue_retention).value == pytest.approx(0.90)
    assert stage.metric(gross_revenue_retention).value == pytest.approx(0.80)
    assert stage.metric(gross_revenue_retention).n == 4  # who came later is not in it


def test_gross_retention_never_exceeds_one_however_much_grows():
    at = datetime(2025, 6, 15)
    periods = [
        p for c in "abc" for p in (period(c, LONG_AGO, at, 10.0, end_reason="upgrade"), period(c, at, None, 90.0))
    ]
    stage = on_stage(periods)
    assert stage.metric(gross_revenue_retention).value == 1.0
    assert stage.metric(gross_revenue_retention).high <= 1.0
    assert stage.metric(net_revenue_retention).value == pytest.approx(9.0)


def test_new_and_gone_in_one_month_is_in_neither_count():
    periods = [*golden(MIDDLE), period("brief", datetime(2025, 12, 3), datetime(2025, 12, 20), 500.0)]
    stage = on_stage(periods)
    assert stage.metric(customer_churn_rate).value == pytest.approx(0.25)
    assert stage.metric(gross_revenue_churn).value == pytest.approx(0.20)


def test_reactivation_lowers_net_churn_only():
    periods = [*golden(MIDDLE), period("back", LONG_AGO, datetime(2025, 3, 3), 5.0), period("back", MIDDLE, None, 5.0)]
    stage = on_stage(periods)
    assert stage.metric(net_revenue_churn).value == pytest.approx(0.05)
    assert stage.metric(gross_revenue_churn).value == pytest.approx(0.20)


def test_currencies_are_never_added():
    periods = [
        *(p | {"currency": "EUR"} for p in golden(MIDDLE)),
        period("yen", LONG_AGO, None, 9000.0, currency="JPY"),
        period("yen2", LONG_AGO, MIDDLE, 9000.0, currency="JPY"),
    ]
    stage = on_stage(periods)
    found = stage.metric(gross_revenue_churn)
    assert {k: round(v.value, 6) for k, v in found.items()} == {"currency=EUR": 0.2, "currency=JPY": 0.5}
    assert {k: v.value for k, v in stage.metric(mrr).items()} == {"currency=EUR": 130.0, "currency=JPY": 9000.0}


def test_nobody_lost_is_not_certain_to_stay_so():
    stage = on_stage([period(f"c{i}", LONG_AGO) for i in range(20)])
    rate = stage.metric(customer_churn_rate)
    assert rate.value == 0.0
    assert rate.high > 0.1
    assert stage.metric(gross_revenue_churn).high > 0.1


def test_a_year_is_needed_for_a_year():
    stage = on_stage([period("a", datetime(2025, 6, 5)), period("b", datetime(2025, 6, 5))])
    assert isinstance(stage.metric(gross_revenue_retention), NotAssessable)


def test_without_subscriptions_it_says_so():
    found = Stage({"customers": [{"customer_id": "a"}]}).metric(customer_churn_rate)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("subscriptions",)
