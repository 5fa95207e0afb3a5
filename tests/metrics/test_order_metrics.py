"""Numbers of a shop by hand and, on a real wholesaler's invoices, a second way in plain SQL."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest

from rapport.core.outcome import NotAssessable
from rapport.measures.metrics.customers import (
    customers,
    customers_active,
    customers_with_order,
    purchase_interval_median_days,
    referral_rate,
    repeat_rate,
)
from rapport.measures.metrics.orders import (
    average_order_value,
    delivery_on_time_share,
    orders,
    return_rate,
    revenue,
    revenue_top_decile_share,
)
from tests.stage import Stage

RETAIL = Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "online_retail.parquet"
INVOICES = """
SELECT
  InvoiceNo AS order_id,
  CAST(MIN(CustomerID) AS VARCHAR) AS customer_id,
  MIN(InvoiceDate) AS ordered_at,
  CASE WHEN InvoiceNo LIKE 'C%' THEN 0 ELSE SUM(line) END AS amount,
  CASE WHEN InvoiceNo LIKE 'C%' THEN -SUM(line) ELSE 0 END AS refund_amount,
  CASE WHEN InvoiceNo LIKE 'C%' THEN 'returned' ELSE 'completed' END AS status,
  CASE WHEN InvoiceNo LIKE 'C%' THEN MIN(InvoiceDate) END AS returned_at
FROM (SELECT *, CAST(Quantity * CAST(UnitPrice AS DECIMAL(18, 4)) AS DECIMAL(18, 4)) AS line FROM invoices)
GROUP BY InvoiceNo
"""
MAY = datetime(2025, 5, 3)


def order(id_, customer, amount=10.0, at=MAY, **more):
    return {"order_id": id_, "customer_id": customer, "ordered_at": at, "amount": amount, **more}


@pytest.fixture(scope="module")
def wholesaler():
    if not RETAIL.exists():
        pytest.skip(f"the real data is not there: {RETAIL}")
    database = duckdb.connect()
    database.execute("CREATE VIEW invoices AS SELECT * FROM read_parquet(?)".replace("?", f"'{RETAIL}'"))
    table = database.sql(INVOICES).to_arrow_table()
    return database, Stage({"orders": table}, as_of=datetime(2011, 12, 10), start=datetime(2010, 12, 1))


def one(database, sql):
    return database.execute(sql).fetchone()[0]


@pytest.mark.data
def test_a_wholesalers_year_counted_a_second_way(wholesaler):
    database, stage = wholesaler
    assert stage.metric(customers).value == one(database, "SELECT COUNT(DISTINCT CustomerID) FROM invoices") == 4372
    buyers = "SELECT COUNT(DISTINCT CustomerID) FROM invoices WHERE InvoiceNo NOT LIKE 'C%'"
    assert stage.metric(customers_with_order).value == one(database, buyers) == 4339
    invoices = "SELECT COUNT(DISTINCT InvoiceNo) FROM invoices WHERE InvoiceNo NOT LIKE 'C%'"
    assert stage.metric(orders).value == one(database, invoices) == 22064
    total = one(database, "SELECT SUM(Quantity * CAST(UnitPrice AS DECIMAL(18, 4))) FROM invoices")
    assert stage.metric(revenue).value == pytest.approx(float(total), abs=1e-6)
    assert round(stage.metric(revenue).value, 2) == 9747747.93
    assert stage.metric(return_rate).value == pytest.approx(896812.49 / 10644560.42, abs=1e-8)
    assert round(stage.metric(repeat_rate).value, 4) == 0.6557
    assert stage.metric(average_order_value).value == pytest.approx(10644560.424 / 22064)


@pytest.mark.data
def test_the_median_time_between_invoices_a_second_way(wholesaler):
    database, stage = wholesaler
    dates = database.execute(
        "SELECT CustomerID, MIN(InvoiceDate) AS at FROM invoices "
        "WHERE InvoiceNo NOT LIKE 'C%' AND CustomerID IS NOT NULL GROUP BY CustomerID, InvoiceNo ORDER BY 1, 2"
    ).fetchall()
    gaps = [(b[1] - a[1]).total_seconds() / 86400 for a, b in pairwise(dates) if a[0] == b[0]]
    found = stage.metric(purchase_interval_median_days)
    assert found.value == pytest.approx(np.median(gaps))
    assert found.n == len(gaps)
    assert found.low < found.value < found.high


def test_cancelled_and_returned_orders_are_none_and_guests_count_in_revenue():
    table = [
        order("1", "a"),
        order("2", None, 5.5),
        order("3", "a", 7.0, status="cancelled"),
        order("4", "b", 8.0, status="returned", refund_amount=8.0, returned_at=MAY),
    ]
    stage = Stage({"orders": table})
    assert stage.metric(orders).value == 2
    assert stage.metric(revenue).value == 15.5
    assert stage.metric(customers).value == 2
    assert stage.metric(customers_with_order).value == 1


def test_money_is_added_exactly():
    table = [order(str(i), "a", 0.1) for i in range(1000)]
    assert Stage({"orders": table}).metric(revenue).value == 100.0


def test_currencies_are_never_added():
    table = [order(str(i), f"c{i}", 10.0, currency="EUR" if i % 2 else "JPY") for i in range(40)]
    stage = Stage({"orders": table})
    assert {k: v.value for k, v in stage.metric(revenue).items()} == {"currency=EUR": 200.0, "currency=JPY": 200.0}
    assert set(stage.metric(average_order_value)) == {"currency=EUR", "currency=JPY"}


def test_an_amount_without_currency_is_in_the_companys():
    stage = Stage({"orders": [order("1", "a", currency="EUR"), order("2", "a", currency=None)]})
    assert stage.metric(revenue).value == 20.0


def test_customers_are_counted_wherever_they_appear():
    stage = Stage(
        {
            "orders": [order("1", "a"), order("2", None)],
            "tickets": [{"ticket_id": "t", "customer_id": "b", "opened_at": MAY}],
            "referrals": [{"referral_id": "r", "referrer_id": "c", "referred_id": "nobody yet", "at": MAY}],
        }
    )
    assert stage.metric(customers).value == 3


def test_active_within_a_year_or_under_contract():
    stage = Stage(
        {
            "orders": [order("1", "new"), order("2", "old", at=datetime(2024, 5, 3))],
            "subscriptions": [
                {"subscription_id": "s", "customer_id": "member", "mrr": 9.0, "valid_from": datetime(2023, 1, 1)},
                {"subscription_id": "f", "customer_id": "free", "mrr": 0.0, "valid_from": datetime(2023, 1, 1)},
            ],
        },
        as_of=datetime(2026, 1, 1),
    )
    assert stage.metric(customers_active).value == 2
    assert stage.metric(customers_active).n == 4


def test_recommendations_of_active_customers():
    people = [order(str(i), f"c{i}") for i in range(20)]
    said = [
        {"referral_id": f"r{i}", "referrer_id": who, "at": at}
        for i, (who, at) in enumerate(
            [("c1", MAY), ("c1", MAY), ("c2", MAY), ("c3", datetime(2024, 1, 1)), ("gone", MAY)]
        )
    ]
    found = Stage({"orders": people, "referrals": said}).metric(referral_rate)
    assert found.value == pytest.approx(2 / 20)
    assert isinstance(Stage({"orders": people}).metric(referral_rate), NotAssessable)


def test_few_customers_have_no_rate():
    assert Stage({"orders": [order(str(i), f"c{i}") for i in range(9)]}).metric(repeat_rate) is None


def test_a_return_rate_is_not_known_without_refunds():
    found = Stage({"orders": [order(str(i), f"c{i}") for i in range(30)]}).metric(return_rate)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("orders.refund_amount",)


def test_the_interval_of_the_top_tenth_covers():
    # lognormal amounts: the share of the top tenth is Φ(σ − z₀.₉)
    from statistics import NormalDist

    truth = NormalDist().cdf(0.8 - NormalDist().inv_cdf(0.9))
    hits = 0
    for seed in range(40):
        amounts = np.round(np.random.default_rng(seed).lognormal(4, 0.8, 800), 2)
        found = Stage({"orders": [order(str(i), f"c{i}", float(a)) for i, a in enumerate(amounts)]}).metric(
            revenue_top_decile_share
        )
        hits += found.low <= truth <= found.high
    assert hits >= 33  # 95 % of 40 less three standard errors


def test_late_is_also_what_never_came():
    table = [
        order(str(i), f"c{i}", promised_at=datetime(2025, 5, 9), delivered_at=datetime(2025, 5, 8) if i < 15 else None)
        for i in range(20)
    ]
    assert Stage({"orders": table}).metric(delivery_on_time_share).value == pytest.approx(0.75)
