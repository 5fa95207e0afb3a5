"""The most loyal are passed over, or thanked, or nobody is; and nobody wrote it down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import norm

from rapport.audits.proactivity.recognition import LEAST, LOYAL, recognition
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.stage import Stage

END = datetime(2026, 1, 1)


def moment(days_ago: Any) -> Any:
    return np.datetime64(END, "us") - (np.asarray(days_ago) * 86400e6).astype("timedelta64[us]")


def company(seed: int, loyal: float, others: float, customers: int = 1200) -> dict[str, pa.Table]:
    """Return a shop in which customers have been for one to four years; so many of both groups were thanked."""
    random = np.random.default_rng(seed)
    who = np.array([f"c{i:04d}" for i in range(customers)])
    tenure, visits = random.uniform(370, 1500, customers), 1 + random.poisson(3, customers)
    place = np.argsort(np.argsort(tenure)) + np.argsort(np.argsort(visits + random.random(customers)))
    top = place >= np.quantile(place, 0.8)
    thanked = random.random(customers) < np.where(top, loyal, others)
    buyer = np.repeat(np.arange(customers), visits)
    number = np.arange(buyer.size) - np.repeat(np.cumsum(visits) - visits, visits)
    return {
        "customers": pa.table({"customer_id": who, "created_at": moment(tenure)}),
        "orders": pa.table(
            {
                "order_id": [f"o{i}" for i in range(buyer.size)],
                "customer_id": who[buyer],
                "ordered_at": moment(3 + 11 * number),
                "amount": np.full(buyer.size, 20.0),
            }
        ),
        "touches": pa.table(
            {
                "touch_id": [f"m{i}" for i in range(2 * customers)],
                "customer_id": np.tile(who, 2),
                "sent_at": moment(np.where(np.arange(2 * customers) < customers, 30.0, 400.0)),
                "purpose": np.where(
                    np.arange(2 * customers) < customers, np.where(np.tile(thanked, 2), "reward", "survey"), "promotion"
                ),
            }
        ),
    }


def ask(tables: dict[str, Any]) -> Any:
    return Stage(tables, as_of=END, start=END - timedelta(days=1600)).ask(recognition)


def worse(outcome: Any) -> list[Any]:
    assert isinstance(outcome, Looked)
    return [t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_most_loyal_who_get_nothing_are_found(seed: int) -> None:
    (test,) = worse(ask(company(seed, loyal=0.05, others=0.35)))
    assert (test.scope, test.status) == (LOYAL, Status.NONCONFORMING)
    assert test.p_value < 0.001
    assert "of your most loyal customers had any reward" in test.title
    assert test.consequence is not None
    assert test.consequence.customers > 180


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_where_the_loyal_are_thanked_more_often_all_is_well(seed: int) -> None:
    outcome = ask(company(seed, loyal=0.8, others=0.3))
    assert min(t.p_value for t in worse(outcome)) > 0.05
    assert all(t.within for t in worse(outcome))
    good = [t for t in outcome.tests if t.status is Status.GOOD_PRACTICE]
    assert good[0].p_value < 0.001


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_where_all_are_thanked_alike_nothing_is_found(seed: int) -> None:
    assert min(t.p_value for t in worse(ask(company(seed, loyal=0.7, others=0.7)))) > 0.05


def test_where_nearly_nobody_is_thanked_it_is_an_opportunity() -> None:
    outcome = ask(company(1, loyal=0.03, others=0.03))
    (test,) = [t for t in worse(outcome) if not t.scope]
    assert (test.status, test.baseline) == (Status.OPPORTUNITY, 0.5)
    assert test.p_value < 0.001


def test_the_p_value_is_that_of_two_shares_ten_points_apart() -> None:
    """A second way: the plain z-test of two independent shares against a difference of ten points."""
    test = worse(ask(company(4, loyal=0.30, others=0.50)))[0]
    p, q, n = test.value.value, test.baseline, test.n
    rest = 1200 - n
    z = (q - p - LEAST) / np.sqrt(p * (1 - p) / n + q * (1 - q) / rest)
    # The variance of a side is not taken smaller than at the overall share, so z is a little smaller: within a tenth.
    assert norm.isf(test.p_value) == pytest.approx(z, rel=0.1)


def test_what_nobody_wrote_down_cannot_be_judged() -> None:
    silent = ask(company(1, loyal=0.0, others=0.0))
    assert isinstance(silent, NotAssessable)
    assert "nobody writes it down" in silent.reason
    tables = company(1, loyal=0.5, others=0.5)
    without = ask({name: tables[name] for name in ("customers", "orders")})
    assert isinstance(without, NotAssessable)
    assert any("touches.purpose or loyalty.kind" in m for m in without.missing)
    assert isinstance(ask(company(1, 0.5, 0.5, customers=60)), NotAssessable)
