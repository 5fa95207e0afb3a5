"""A provider that no longer tries again is found; without failed payments in the record nothing is called fine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from rapport.audits.value.payment_failure import payment_failure
from rapport.core.outcome import Looked, NotAssessable
from tests.audits.engagement.shop import is_quiet, worse
from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
PROVIDERS = ("north bank", "cards", "wallet")


def payments(seed: int, broken: float = 0.0, customers: int = 500, since: int = 16) -> dict[str, pa.Table]:
    """Return two years of monthly payments; from month `since` a share `broken` of one provider's are tried once."""
    random = np.random.default_rng(seed)
    provider = random.choice(PROVIDERS, customers, p=[0.4, 0.35, 0.25])
    rows: list[tuple[int, datetime, datetime, str]] = []
    ends: dict[int, datetime] = {}
    for month in range(24):
        due = START + timedelta(days=30.4 * month + 1)
        for i in range(customers):
            if i in ends:
                continue
            once = provider[i] == "cards" and month >= since and random.random() < broken
            for attempt, (days, fails) in enumerate(((0, 0.08), (3, 0.35), (7, 0.35))):
                failed = random.random() < fails
                rows.append((i, due, due + timedelta(days=days), "failed" if failed else "succeeded"))
                if not failed:
                    break
                if attempt == 2 or once:
                    ends[i] = due + timedelta(days=14)
                    break
    table: dict[str, Any] = {
        "payment_id": [f"p{k}" for k in range(len(rows))],
        "customer_id": [f"c{i}" for i, *_ in rows],
        "subscription_id": [f"s{i}" for i, *_ in rows],
        "due_at": [r[1] for r in rows],
        "paid_at": [r[2] for r in rows],
        "status": [r[3] for r in rows],
        "provider": [provider[r[0]] for r in rows],
        "amount": [20.0] * len(rows),
    }
    periods = {
        "subscription_id": [f"s{i}" for i in range(customers)],
        "customer_id": [f"c{i}" for i in range(customers)],
        "plan": ["basic"] * customers,
        "mrr": [20.0] * customers,
        "valid_from": [datetime(2023, 12, 1)] * customers,
        "valid_to": pa.array([ends.get(i) for i in range(customers)], pa.timestamp("us")),
        "end_reason": ["payment_failure" if i in ends else None for i in range(customers)],
    }
    return {"payments": pa.table(table), "subscriptions": pa.table(periods)}


def on_stage(tables: dict[str, Any]) -> Stage:
    return Stage(tables, as_of=END, start=START)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_provider_that_stops_trying_is_found(seed: int) -> None:
    first = worse(on_stage(payments(seed, broken=0.9)).ask(payment_failure))[0]
    assert first.scope == {"provider": "cards"}
    assert first.p_value < 0.001
    assert "2025-03" <= (first.onset or "")[:7] <= "2025-07"
    assert first.cause.status == "supported"
    assert 0 < first.consequence.value.low < first.consequence.value.mid < first.consequence.value.high


@pytest.mark.parametrize("seed", range(4))
def test_a_healthy_company_is_left_alone(seed: int) -> None:
    assert is_quiet(on_stage(payments(seed)).ask(payment_failure))


def test_what_is_told_agrees_with_the_rows() -> None:
    tables = payments(3)
    outcome = on_stage(tables).ask(payment_failure)
    assert isinstance(outcome, Looked)
    rows = tables["payments"].to_pandas().sort_values("paid_at")
    first = rows.groupby(["customer_id", "due_at"]).status.agg(["first", "last"])
    old = first.index.get_level_values("due_at") < pd.Timestamp(END) - pd.Timedelta(days=21)
    failed = first[(first["first"] == "failed") & old]
    assert outcome.headline.startswith(f"{100 * (failed['last'] == 'succeeded').mean():.0f} % of {len(failed)} failed")
    assert "100 % of those who leave, leave after a failed payment" in outcome.headline


def test_the_share_that_ends_the_subscription_is_of_cases_old_enough_to_have_ended_it() -> None:
    """Each day of three months one provider fails four customers for good, who leave 30 days later, and another none.

    Of those younger than 45 days it is not known yet whether they left: they are in neither part of the share.
    """
    paid: list[dict[str, Any]] = []
    periods: list[dict[str, Any]] = []
    for k in range(8 * 92):
        who, at, lost = f"c{k}", END - timedelta(days=k // 8 + 1, hours=-1), k % 8 < 4
        sold = {"subscription_id": who, "customer_id": who}
        paid.append({**sold, "payment_id": who, "paid_at": at, "status": "failed", "provider": "X" if lost else "Y"})
        if not lost:
            again = at + timedelta(days=3)
            paid.append({**sold, "payment_id": f"{who}b", "paid_at": again, "status": "succeeded", "provider": "Y"})
        left = at + timedelta(days=30) if lost and at + timedelta(days=30) < END else None
        reason = "payment_failure" if left else None
        periods.append({**sold, "mrr": 100.0, "valid_from": START, "valid_to": left, "end_reason": reason})
    paid = [{**row, "amount": 100.0} for row in paid if row["paid_at"] < END]
    first = worse(on_stage({"payments": paid, "subscriptions": periods}).ask(payment_failure))[0]
    assert "100 % of payments that are not made good end the subscription" in first.consequence.assumptions
    assert first.consequence.value.mid == pytest.approx(first.consequence.customers * 100.0 * 12)


def attempt(id_: str, day: int, status: str, **more: Any) -> dict[str, Any]:
    at = datetime(2025, 3, 1) + timedelta(days=day)
    return {"payment_id": id_, "customer_id": "a", "paid_at": at, "status": status, "amount": 10.0, **more}


def test_attempts_at_one_payment_are_one_row() -> None:
    rows = [
        attempt("p1", 0, "failed"),
        attempt("p2", 3, "failed"),
        attempt("p3", 7, "succeeded"),
        attempt("p4", 31, "succeeded"),
        attempt("p5", 61, "failed"),
        attempt("p6", 92, "succeeded"),
        attempt("p7", 300, "failed"),
        attempt("p8", 9, "refunded"),
    ]
    found = Stage({"payments": rows}, as_of=datetime(2026, 1, 1)).rows("payment_cases")
    assert [(r["row_id"], r["first_failed"], r["retried"], r["recovered"]) for r in found] == [
        ("p1", True, True, True),
        ("p4", False, None, None),
        ("p5", True, False, False),  # what came a month later was the next payment:
        ("p6", False, None, None),
        ("p7", True, None, None),  # too young to say
    ]


def test_due_dates_tell_payments_apart() -> None:
    due = [datetime(2025, 3, 1), datetime(2025, 3, 8)]
    rows = [
        attempt("p1", 0, "failed", due_at=due[0]),
        attempt("p2", 7, "succeeded", due_at=due[1]),
        attempt("p3", 8, "succeeded", due_at=due[0], customer_id="b"),
    ]
    found = Stage({"payments": rows}, as_of=datetime(2026, 1, 1)).rows("payment_cases")
    assert [(r["row_id"], r["recovered"]) for r in found] == [("p1", False), ("p2", None), ("p3", None)]


def test_without_failed_payments_nothing_is_called_fine() -> None:
    rows = [attempt(f"p{i}", i, "succeeded") for i in range(200)]
    outcome = on_stage({"payments": rows}).ask(payment_failure)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("payments.status",)


def test_without_payments_their_table_is_named() -> None:
    outcome = on_stage({"subscriptions": payments(1, customers=5)["subscriptions"]}).ask(payment_failure)
    assert isinstance(outcome, NotAssessable)
    assert "payments" in outcome.missing
