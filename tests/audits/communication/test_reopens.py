"""One team closes before it is solved; its haste is tried as a cause, and the harder topics as another."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from rapport.audits.communication.reopens import reopens
from rapport.core.outcome import NotAssessable
from tests.audits.communication.desk import END, START, Desk, asked, quiet, worst
from tests.stage import Stage


def hasty(seed, share=0.15, faster=1.0):
    desk = Desk(seed)
    team = desk.team == "Billing"
    desk.reopened |= team & (desk.random.random(desk.n) < share)
    desk.work[team] /= faster
    return desk


@pytest.mark.parametrize("seed", [1, 2])
def test_the_team_is_found(seed):
    test, p = worst(asked(hasty(seed), reopens))
    assert p < 0.001
    assert test.scope == {"team": "Billing"}
    assert {"topic": "invoice"} in [dict(s) for s in test.explains]


def test_haste_is_a_supported_cause_where_the_team_is_faster_among_equal_topics():
    desk = Desk(3)
    desk.team = desk.random.choice(["Billing", "Shop", "Logistics"], desk.n)
    team = desk.team == "Billing"
    desk.reopened |= team & (desk.random.random(desk.n) < 0.15)
    desk.work[team] /= 4
    cause = worst(asked(desk, reopens))[0].cause
    assert cause is not None
    assert cause.status == "supported"
    assert {a.name for a in cause.alternatives} == {"longer cases", "harder topics"}


def test_where_nobody_else_has_the_teams_topics_haste_stays_a_hypothesis():
    cause = worst(asked(hasty(3, faster=4.0), reopens))[0].cause
    assert cause is not None
    assert cause.status == "hypothesis"
    assert [a.name for a in cause.alternatives] == ["longer cases"]


def test_without_haste_no_cause_is_claimed():
    cause = worst(asked(hasty(4), reopens))[0].cause
    assert cause is not None
    assert cause.status == "not_established"


def test_hard_topics_are_not_blamed_on_the_team():
    desk = Desk(5, n=6000)
    desk.team = desk.random.choice(["Billing", "Shop"], desk.n)
    many = (desk.topic == "payment") & (desk.random.random(desk.n) < 0.95) & (desk.team == "Billing")
    desk.topic = np.where((desk.team == "Shop") & (desk.random.random(desk.n) < 0.9), "product", desk.topic)
    desk.reopened |= (desk.topic == "payment") & (desk.random.random(desk.n) < 0.3)
    assert many.any()
    test, _ = worst(asked(desk, reopens))
    assert test.scope == {"topic": "payment"}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_healthy_twin_is_quiet(seed):
    assert quiet(asked(Desk(seed), reopens))


def test_tickets_solved_yesterday_have_had_no_time_to_come_back():
    tickets = [
        {"ticket_id": "old", "opened_at": START, "resolved_at": START.replace(day=2), "reopens": 0},
        {
            "ticket_id": "new",
            "opened_at": END.replace(2025, 12, 29),
            "resolved_at": END.replace(2025, 12, 30),
            "reopens": 0,
        },
    ]
    rows = Stage({"tickets": tickets}, as_of=END, start=START).rows("resolutions")
    assert {r["row_id"]: r["settled"] for r in rows} == {"old": True, "new": False}


def test_tickets_that_are_open_again_without_a_date_of_solution_are_counted():
    """Of 400 solved tickets 80 came back and are open, and the source emptied when they were solved: 20 %."""
    tickets = [
        {
            "ticket_id": f"t{k}",
            "customer_id": f"c{k}",
            "opened_at": START + timedelta(hours=12 * k),
            "resolved_at": None if k % 5 == 0 else START + timedelta(hours=12 * k + 5),
            "reopens": int(k % 5 == 0),
            "status": "open" if k % 5 == 0 else "solved",
        }
        for k in range(400)
    ]
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(reopens)
    assert found.headline == "20 % of 400 solved tickets were opened again."


def test_thin_data_is_not_called_conforming():
    assert not any(t.within for t in asked(Desk(7, n=80), reopens).tests)


def test_without_reopens_it_says_what_is_missing():
    tickets = Desk(8, n=200).tickets().drop_columns(["reopens", "first_resolved_at"])
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(reopens)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("tickets.reopens or tickets.first_resolved_at",)
