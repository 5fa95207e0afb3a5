"""Four of a hundred orders are there twice under new ids; the shop's regulars, who buy the same again, are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.foundations.control_totals import control_totals
from rapport.core.declarations import Declarations
from rapport.core.outcome import Looked, NotAssessable
from tests.stage import Stage

END = datetime(2026, 1, 1)


def orders(seed, n=4000, doubled=0.0, timed=True, only=None, declared=None, habit=False):
    r = np.random.default_rng(seed)
    seconds = r.uniform(1, 700, n) * 86400
    seconds = seconds if timed else np.ceil(seconds / 86400) * 86400
    customer = r.integers(0, n // 4, n)
    amount = r.choice([9.9, 19.9, 25.0, 49.9, 99.0], n)
    product = r.choice(["p1", "p2", "p3"], n)
    if habit:  # the same coffee every second day, for half a year
        customer[: n // 2] = np.arange(n // 2) // 90
        seconds[: n // 2] = (np.arange(n // 2) % 90 * 2 + 1) * 86400 + r.uniform(0, 3600, n // 2)
        amount[: n // 2], product[: n // 2] = 9.9, "p1"
    source = r.choice(["shop.csv", "tills.csv"], n)
    again = np.flatnonzero((r.random(n) < doubled) & ((source == only) | (only is None)))
    rows = np.concatenate([np.arange(n), again])
    ids = np.concatenate([np.char.add("o", np.arange(n).astype(str)), np.char.add("n", again.astype(str))])
    table = {
        "order_id": ids,
        "customer_id": np.char.add("c", customer[rows].astype(str)),
        "ordered_at": np.datetime64(END, "us") - (seconds[rows] * 1e6).astype("timedelta64[us]"),
        "amount": pa.array(amount[rows]).cast(pa.decimal128(18, 4)),
        "_source": source[rows],
    }
    lines = {
        "order_line_id": np.char.add("l", ids),
        "order_id": ids,
        "product_id": product[rows],
        "quantity": np.ones(len(rows)),
    }
    tables = {"orders": pa.table(table), "order_lines": pa.table(lines)}
    return Stage(tables, as_of=END, declared=Declarations(control_totals=declared or {})), len(again)


def certain(outcome):
    assert isinstance(outcome, Looked)
    echoes = [dict(s) for t in outcome.tests for s in t.explains]
    return [t for t in outcome.tests if t.p_value < 0.001 and (t.explains or dict(t.scope) not in echoes)]


@pytest.mark.parametrize("timed", [True, False])
def test_orders_that_are_there_twice_are_estimated(timed):
    stage, truth = orders(1, doubled=0.04, timed=timed)
    (found,) = certain(stage.ask(control_totals))
    assert found.scope == {"table": "orders"}
    assert found.value.low * found.n <= truth <= found.value.high * found.n
    assert abs(found.value.value * found.n - truth) < 15
    assert found.consequence.value.low < found.consequence.value.mid < found.consequence.value.high


def test_where_one_source_is_doubled_that_source_is_named():
    stage, _ = orders(2, doubled=0.08, only="tills.csv")
    (found,) = certain(stage.ask(control_totals))
    assert found.scope == {"table": "orders", "source": "tills.csv"}
    assert {"table": "orders"} in [dict(s) for s in found.explains]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("timed", [True, False])
def test_orders_that_are_there_once_are_conforming(seed, timed):
    outcome = orders(seed, timed=timed)[0].ask(control_totals)
    assert certain(outcome) == []
    assert all(t.within for t in outcome.tests if t.n > 3000)


def test_regulars_who_buy_the_same_again_are_not_doubled():
    assert certain(orders(3, habit=True)[0].ask(control_totals)) == []


def test_a_declared_total_that_is_missed_is_certain():
    stage, _ = orders(4, declared={"orders_count": 5000, "orders_amount": 10})
    found = certain(stage.ask(control_totals))
    assert [t.scope["total"] for t in found] == ["orders_amount", "orders_count"]
    assert {t.p_value for t in found} == {0.0}
    assert "20 % less than the 5,000 declared" in found[1].title


def test_declared_totals_that_agree_are_conforming_and_doubling_explains_the_rest():
    stage, _ = orders(5, declared={"orders_count": 4000})
    assert certain(stage.ask(control_totals)) == []
    stage, _ = orders(5, doubled=0.04, declared={"orders_count": 4000})
    (found,) = certain(stage.ask(control_totals))
    assert {"total": "orders_count"} in [dict(s) for s in found.explains]


def test_without_totals_and_without_orders_there_is_nothing_to_reconcile():
    assert isinstance(Stage({"tickets": [{"ticket_id": "1", "opened_at": END}]}).ask(control_totals), NotAssessable)


def test_payments_are_laid_beside_their_orders():
    rows, paid = [], []
    for i in range(300):
        day = datetime(2025, 1, 1) + timedelta(days=i)
        rows.append({"order_id": f"o{i}", "customer_id": f"c{i}", "ordered_at": day, "amount": 10.0})
        amount = 8.0 if i % 5 == 0 else 10.0
        paid.append(
            {
                "payment_id": f"p{i}",
                "customer_id": f"c{i}",
                "order_id": f"o{i}",
                "paid_at": day,
                "amount": amount,
                "status": "refunded" if i % 7 == 1 else "succeeded",
            }
        )
    found = {t.scope.get("table"): t for t in Stage({"orders": rows, "payments": paid}).ask(control_totals).tests}
    assert found["payments"].value.value == pytest.approx(0.2)
    assert found["payments"].p_value < 0.001
