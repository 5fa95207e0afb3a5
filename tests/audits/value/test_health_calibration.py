"""Customers who looked healthy and left: found where their main contact had gone, quiet where nobody left for that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from rapport.audits.value.health_calibration import health_calibration
from rapport.core import outcome as ended
from rapport.core.outcome import Looked, NotAssessable
from tests.stage import Stage

END = datetime(2026, 1, 1)
MONTHS = 24
ACCOUNTS = 1500


def company(seed: int, leave: float) -> Stage:
    """Accounts that use a program; in a month one in forty loses the champion, and `leave` of these then go."""
    chance = np.random.default_rng(seed)
    customers, contacts, periods, usage = [], [], [], []
    for i in range(ACCOUNTS):
        name = f"a{i:04d}"
        start = END - timedelta(800)
        lost = int(chance.geometric(1 / 40))
        usual = 60 if chance.random() < 0.5 else 15
        gone = MONTHS + 1
        if lost < MONTHS and chance.random() < leave:
            gone = lost + 1 + int(chance.integers(0, 3))
        gone = min(gone, int(chance.geometric(0.012)))
        ends = END - timedelta(30 * (MONTHS - gone)) if gone <= MONTHS else None
        customers.append({"customer_id": name, "created_at": start, "region": "north" if i % 2 else "south"})
        person: dict[str, Any] = {"contact_id": name, "customer_id": name, "champion": True, "started_at": start}
        if lost < MONTHS:
            person["left_at"] = END - timedelta(30 * (MONTHS - lost) - 3)
        contacts.append(person)
        contacts.append({"contact_id": f"{name}b", "customer_id": name, "champion": False, "started_at": start})
        period: dict[str, Any] = {"period_id": name, "subscription_id": name, "customer_id": name, "plan": "pro"}
        period |= {"mrr": 50.0, "valid_from": start}
        periods.append(period | ({"valid_to": ends, "end_reason": "cancelled"} if ends else {}))
        last = (END if ends is None else ends) - timedelta(1)
        days = (last - timedelta(float(d)) for d in chance.integers(0, 700, usual))
        usage += [{"customer_id": name, "day": d.date(), "feature": "plan", "events": 1} for d in days if d > start]
    tables = {"customers": customers, "contacts": contacts, "subscriptions": periods, "usage": usage}
    return Stage(tables, as_of=END, start=END - timedelta(900))


def worse(outcome: Any) -> list[ended.Test]:
    assert isinstance(outcome, Looked)
    return sorted((t for t in outcome.tests if t.status.value == "nonconforming"), key=lambda t: t.p_value)


def test_healthy_customers_who_leave_after_their_main_contact_did_are_found() -> None:
    one = company(1, leave=0.8)
    outcome = one.ask(health_calibration)
    first = worse(outcome)[0]
    assert first.scope == {"sponsor": "replaced"}
    assert first.p_value < 1e-4
    assert "whose main contact had left within half a year" in first.title
    # a second way: counted by hand from the kept rows
    rows = [r for r in one.rows("health_backtest") if r["looked_healthy"] and r["sponsor"] == "replaced"]
    assert first.n == len(rows)
    assert first.value.value == pytest.approx(np.mean([r["left_within"] for r in rows]))
    assert len({r["customer_id"] for r in rows}) < len(rows)
    assert f"{len(rows):,} times a customer there looked healthy" in first.statement


@pytest.mark.parametrize("seed", [2, 3])
def test_where_nobody_leaves_for_that_it_is_quiet(seed: int) -> None:
    one = company(seed, leave=0.0)
    assert all(t.p_value > 0.01 for t in worse(one.ask(health_calibration)))


def test_health_is_that_of_the_moment_and_not_of_today() -> None:
    one = company(4, leave=0.8)
    rows = one.rows("health_backtest")
    moments = sorted({r["origin"] for r in rows})
    assert 3 <= len(moments) <= 6
    asked = one.asker.at(moments[-1])
    then = {r["customer_id"]: r["health"] for r in _rows(asked)}
    latest = [r for r in rows if r["origin"] == moments[-1]]
    assert {r["customer_id"]: r["health"] for r in latest} == {r["customer_id"]: then[r["customer_id"]] for r in latest}
    halves = [r["looked_healthy"] for r in latest]
    assert 0.4 < np.mean(halves) <= 0.5


def _rows(asker: Any) -> list[dict[str, Any]]:
    asker._compute("health")
    return asker.database.runner.rows("SELECT * FROM health", "health")


def test_a_young_record_cannot_tell() -> None:
    orders = [
        {"order_id": str(i), "customer_id": str(i % 40), "ordered_at": END - timedelta(i % 20), "amount": 5.0}
        for i in range(80)
    ]
    one = Stage({"orders": orders}, as_of=END, start=END - timedelta(30))
    assert isinstance(one.ask(health_calibration), NotAssessable)
