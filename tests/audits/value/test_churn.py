"""Churn that doubles in one plan is found there; changes of plan are none; without contracts churn is not observed."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.value.churn import churn
from rapport.core.outcome import NotAssessable
from tests.audits.engagement.shop import END, START, is_quiet, shop, worse
from tests.audits.value.service import service, service_stage
from tests.stage import Stage


def double_in_pro(plan, region, began, now):
    return 0.05 if plan == "pro" else 0.025


def double_in_pro_since(plan, region, began, now):
    return 0.07 if plan == "pro" and now > 480 else 0.025


def double_everywhere_since(plan, region, began, now):
    return 0.06 if now > 480 else 0.02


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_with_twice_the_churn_is_found(seed):
    first = worse(service_stage(service(seed, leaving=double_in_pro)).ask(churn))[0]
    assert first.scope == {"plan": "pro"}
    assert first.p_value < 0.001
    assert {"plan": "pro", "region": "north"} in first.explains
    assert first.cause.alternatives[0].name.startswith("customers left by accident")
    assert first.consequence.value.low < first.consequence.value.mid < first.consequence.value.high


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_since_when_it_doubled_is_found(seed):
    tests = worse(service_stage(service(seed, customers=2500, leaving=double_in_pro_since)).ask(churn))
    change = next(t for t in tests if t.onset)
    assert change.scope == {"plan": "pro"}
    assert change.p_value < 0.001
    assert "2025-03" <= change.onset[:7] <= "2025-06"


def test_the_whole_company_is_measured_against_its_own_past():
    first = worse(service_stage(service(1, leaving=double_everywhere_since)).ask(churn))[0]
    assert first.scope == {}
    assert first.p_value < 0.001
    assert first.onset


@pytest.mark.parametrize("seed", range(6))
def test_a_steady_service_is_left_alone(seed):
    assert is_quiet(service_stage(service(seed, moves=0.03)).ask(churn))


def test_a_few_subscribers_are_not_called_conforming():
    outcome = service_stage(service(1, customers=40)).ask(churn)
    assert not any(t.within for t in outcome.tests)


def test_without_contracts_churn_is_not_observed():
    outcome = Stage(shop(1, customers=50), as_of=END, start=START).ask(churn)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("subscriptions",)
    assert "not observed" in outcome.reason


def test_shuffled_plans_are_left_alone():
    tables = service(5, leaving=double_in_pro)
    random = np.random.default_rng(5)
    periods = tables["subscriptions"]
    customers = periods["customer_id"].to_pylist()
    by_customer = dict(zip(sorted(set(customers)), random.choice(["basic", "pro"], len(set(customers))), strict=True))
    at = periods.column_names.index("plan")
    tables["subscriptions"] = periods.set_column(at, "plan", [[by_customer[c] for c in customers]])
    assert is_quiet(service_stage(tables).ask(churn))
