"""A channel with relationships worth half is found; elsewhere the value and the error of its forecast are said."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from rapport.audits.value.lifetime_value import lifetime_value
from rapport.core.outcome import Looked, NotAssessable, Status
from rapport.worlds import build
from tests.stage import Stage

NOW = datetime(2026, 5, 1)


def company(name: str, customers: int, seed: int, **planted: None) -> Stage:
    plants = {id_.replace("_", "-"): dose for id_, dose in planted.items()}
    return Stage(build(name, customers, 24, seed=seed, plants=plants).tables, as_of=NOW, start=datetime(2024, 5, 1))


def test_a_channel_whose_buyers_never_return_brings_relationships_worth_less() -> None:
    outcome = company("shop", 2500, 1, repeat_purchase=None).ask(lifetime_value)
    assert isinstance(outcome, Looked)
    worst = min((t for t in outcome.tests if t.status is Status.OPPORTUNITY), key=lambda t: t.p_value)
    assert worst.scope == {"acquisition_channel": "marketplace"}
    assert worst.p_value < 0.001
    assert worst.value.value < 0.7 < worst.baseline
    assert "is worth" in worst.title


@pytest.mark.parametrize("name", ["shop", "subscription"])
def test_in_a_healthy_company_nothing_is_found_and_the_error_is_printed(name: str) -> None:
    outcome = company(name, 2000, 2).ask(lifetime_value)
    assert isinstance(outcome, Looked)
    assert all(t.p_value > 0.01 for t in outcome.tests)
    assert outcome.score is None
    assert outcome.headline.startswith("A relationship is worth €")
    assert "12 months" in outcome.headline
    last = outcome.notes[-1]
    assert "Held back: in the last 91 days" in last
    assert "(foretold " in last
    assert ": held)" in last


def test_a_few_customers_are_not_valued() -> None:
    rng = np.random.default_rng(1)
    orders = [
        {"order_id": f"{c}-{k}", "customer_id": f"c{c}", "ordered_at": datetime(2025, 1 + k, 1 + c), "amount": 9.0}
        for c in range(12)
        for k in range(int(rng.integers(1, 9)))
    ]
    outcome = Stage({"orders": orders}, as_of=NOW).ask(lifetime_value)
    assert isinstance(outcome, NotAssessable)
    assert outcome.needed == 30
    assert "12 customers" in outcome.reason


def test_without_purchases_or_contracts_it_says_what_is_missing() -> None:
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=NOW).ask(lifetime_value)
    assert isinstance(outcome, NotAssessable)
