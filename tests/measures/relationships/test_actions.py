"""The next best action: what is called for, worth its cost and allowed; a tenth held back by lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rapport.core.declarations import Declarations, Economics
from rapport.measures.next_action import ACTIONS, Situation, advise
from tests.stage import Stage

NOW = datetime(2026, 1, 1)


def situation(**more: Any) -> Situation:
    """One customer of average risk, worth a hundred, in touch, asked, of no special kind."""
    plain: dict[str, Any] = {
        "risk": 0.2,
        "odds": 1.0,
        "value": 100.0,
        "active": 0.8,
        "problem": False,
        "renewal_days": np.nan,
        "useful_days": 10.0,
        "best": False,
        "rewarded": False,
        "glad": False,
        "asked": True,
        "goes_with": False,
        "refused": False,
        "per_week": 0.0,
    }
    return Situation(**{k: np.array([v]) for k, v in {**plain, **more}.items()}, ceiling=4.0)


def told(seen: Situation, cost: float = 0.0) -> tuple[str, float]:
    found = advise(seen, cost)
    place = int(found.action[0])
    return (ACTIONS[place].id if place >= 0 else "leave alone"), float(found.value[0])


def test_what_is_kept_is_the_margin_at_risk_times_the_part_of_the_risk_taken_away() -> None:
    # 20 % of 125 (100 expected of somebody who is there with 80 %) are at stake; mending keeps three tenths of it, less
    # two contacts
    assert told(situation(problem=True), cost=1.0) == ("fix", pytest.approx(0.2 * 125 * 0.3 - 2.0))
    found = advise(situation(problem=True), 1.0)
    assert found.low[0] == pytest.approx(0.2 * 125 * 0.1 - 2.0)
    assert found.high[0] == pytest.approx(0.2 * 125 * 0.5 - 2.0)


@pytest.mark.parametrize(
    ("more", "action"),
    [
        ({}, "leave alone"),
        ({"problem": True, "renewal_days": 20.0}, "fix"),
        ({"renewal_days": 20.0}, "renew"),
        ({"renewal_days": 200.0}, "leave alone"),
        ({"odds": 2.0, "useful_days": 90.0}, "contact"),
        ({"odds": 2.0, "useful_days": np.nan}, "contact"),
        ({"odds": 2.0, "goes_with": True}, "offer"),
        ({"best": True}, "reward"),
        ({"best": True, "rewarded": True}, "leave alone"),
        ({"glad": True}, "thank"),
        ({"asked": False}, "ask"),
    ],
)
def test_each_situation_calls_for_its_action(more: dict[str, Any], action: str) -> None:
    assert told(situation(**more))[0] == action


def test_nobody_who_objected_gets_marketing_and_nobody_beyond_the_ceiling_is_contacted() -> None:
    assert told(situation(best=True, refused=True))[0] == "leave alone"
    assert told(situation(odds=2.0, goes_with=True, refused=True, useful_days=90.0))[0] == "contact"
    assert told(situation(renewal_days=20.0, per_week=4.0))[0] == "leave alone"
    # a problem is solved whatever else they get
    assert told(situation(problem=True, per_week=9.0, refused=True))[0] == "fix"


def test_what_is_not_worth_its_cost_is_left_alone() -> None:
    assert told(situation(asked=False), cost=50.0)[0] == "leave alone"
    assert told(situation(problem=True, value=np.nan))[0] == "leave alone"


def shop() -> Stage:
    """Six hundred who bought every month for two years; half fell silent a while ago, and everybody has a case open."""
    orders, tickets = [], []
    for i in range(600):
        name = f"c{i:03d}"
        gone = 5 + i % 9 if i % 2 else 0
        for m in range(gone, 24):
            orders.append(
                {"order_id": f"{name}-{m}", "customer_id": name, "ordered_at": NOW - timedelta(30 * m + 1 + i % 20)}
                | {"amount": 20.0 + i % 7, "status": "completed"}
            )
        tickets.append({"ticket_id": name, "customer_id": name, "opened_at": NOW - timedelta(30), "channel": "phone"})
    tickets.append(
        {"ticket_id": "solved", "customer_id": "c000", "opened_at": NOW - timedelta(90), "channel": "phone"}
        | {"resolved_at": NOW - timedelta(80)}
    )
    declared = Declarations(economics=Economics(accounts_per_month=100))
    return Stage({"orders": orders, "tickets": tickets}, as_of=NOW, start=NOW - timedelta(900), declared=declared)


def test_as_many_as_the_team_can_work_are_acted_on_by_value_and_a_tenth_held_back() -> None:
    one = shop()
    rows = one.rows("actions", "place")
    assert [r["place"] for r in rows] == list(range(1, len(rows) + 1))
    assert all(a["value"] >= b["value"] for a, b in pairwise(rows))
    assert {r["arm"] for r in rows[:100]} == {"act", "holdout"}
    assert {r["arm"] for r in rows[100:]} <= {"later", None}
    # the lot of a hundred: a tenth, give or take four standard errors of 0.03
    held = sum(r["arm"] == "holdout" for r in rows[:100])
    assert 0 < held <= 22
    assert rows[0]["channel"] == "phone"
    again = shop().rows("actions", "place")
    assert again == rows


def test_the_lot_follows_the_seed() -> None:
    arms = []
    for seed in (1, 2):
        one = shop()
        one.asker.facts = replace(one.facts, seed=seed)
        arms.append({r["customer_id"] for r in one.rows("actions") if r["arm"] == "holdout"})
    assert arms[0] != arms[1]
