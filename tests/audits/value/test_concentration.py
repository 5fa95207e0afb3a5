"""A customer who grows to a third of the revenue is found with the month; one large order is no growth."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.value.concentration import concentration
from rapport.core.outcome import NotAssessable, Status
from rapport.engine.judge import judge
from tests.audits.engagement.shop import is_quiet, moment, on_stage, shop, worse


def with_large_customer(seed, shares, each=6):
    """Add a customer with a given share of each month's usual revenue."""
    tables = shop(seed, customers=1200)
    usual = sum(tables["orders"]["amount"].to_pylist()) / 24
    random = np.random.default_rng(seed + 100)
    days = np.concatenate([30.4 * m + 4.5 * np.arange(each) for m in range(24)])
    amounts = np.repeat([usual * s / (1 - s) / each for s in shares], each) * random.lognormal(0, 0.3, 24 * each)
    more = pa.table(
        {
            "order_id": [f"big{i}" for i in range(days.size)],
            "customer_id": ["somebody"] * days.size,
            "ordered_at": moment(days),
            "amount": np.round(amounts, 2),
            "channel": ["web"] * days.size,
            "region": ["north"] * days.size,
        }
    )
    tables["orders"] = pa.concat_tables([tables["orders"], more])
    return tables


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_customer_who_grows_to_a_third_is_found(seed):
    outcome = on_stage(with_large_customer(seed, [0.03] * 14 + list(np.linspace(0.08, 0.38, 10)))).ask(concentration)
    growth = next(t for t in outcome.tests if t.status is Status.NONCONFORMING)
    assert growth.p_value < 0.001
    assert "2025-03" <= growth.onset[:7] <= "2025-09"
    assert growth.value.value > 0.25
    assert growth.explains == ({},)  # the level is said once
    assert "somebody" not in growth.title + growth.statement + outcome.headline


@pytest.mark.parametrize("seed", range(6))
def test_who_grew_a_year_ago_is_measured_against_the_time_before(seed):
    """Against all older months, half of which they had grown in already, 3 % to 17 % would be 8 % to 17 %."""
    outcome = on_stage(with_large_customer(seed, [0.03] * 12 + [0.17] * 12)).ask(concentration)
    growth = next(t for t in outcome.tests if t.status is Status.NONCONFORMING)
    assert growth.p_value < 0.001
    assert "2024-11" <= growth.onset[:7] <= "2025-03"


def test_a_customer_who_was_always_large_is_an_opportunity():
    outcome = on_stage(with_large_customer(1, [0.33] * 24)).ask(concentration)
    first = worse(outcome)[0]
    assert first.status is Status.OPPORTUNITY
    assert first.p_value < 0.001
    assert next(t for t in outcome.tests if t.status is Status.NONCONFORMING).p_value > 0.05


@pytest.mark.parametrize("seed", range(4))
def test_an_even_shop_is_left_alone_and_conforms(seed):
    outcome = on_stage(shop(seed, customers=1200)).ask(concentration)
    assert is_quiet(outcome)
    assert all(t.within for t in outcome.tests if t.status is Status.NONCONFORMING)
    assert outcome.score.value == 100
    assert judge({"concentration": outcome})["concentration"].status is Status.CONFORMING


def test_one_large_order_is_no_growth():
    tables = shop(1, customers=1200)
    amounts = tables["orders"]["amount"].to_numpy().copy()
    latest = int(np.argmax(tables["orders"]["ordered_at"].to_numpy()))
    amounts[latest] = amounts.sum() / 12  # half of the newest six months' usual revenue comes from one order
    at = tables["orders"].column_names.index("amount")
    tables["orders"] = tables["orders"].set_column(at, "amount", pa.array(np.round(amounts, 2)))
    assert is_quiet(on_stage(tables).ask(concentration))


def test_a_handful_of_customers_is_not_assessable():
    outcome = on_stage(shop(1, customers=25)).ask(concentration)
    assert isinstance(outcome, NotAssessable)
    assert outcome.needed == 30


def test_currencies_are_never_added():
    tables = shop(1, customers=1200)
    orders = tables["orders"]
    currency = np.where(np.arange(orders.num_rows) % 2 == 0, "EUR", "JPY")
    tables["orders"] = orders.append_column("currency", pa.array(currency))
    spread = on_stage(tables).rows("revenue_spread", "row_id")
    assert {r["currency"] for r in spread} == {"EUR", "JPY"}
