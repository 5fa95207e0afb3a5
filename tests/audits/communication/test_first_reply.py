"""One team is slow after 15:00; low priorities may wait; nights are no team's fault."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.communication.first_reply import first_reply
from rapport.core.declarations import Calendar, Declarations, Promise
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.audits.communication.desk import END, START, Desk, asked, heads, quiet, worst
from tests.stage import Stage


def slow_afternoons(seed, times=4.0):
    desk = Desk(seed)
    desk.wait[(desk.team == "Billing") & (desk.hour >= 15)] *= times
    return desk


def test_a_team_that_is_slow_after_three_is_found_there():
    test, p = worst(asked(slow_afternoons(1), first_reply))
    assert p < 0.001
    assert test.scope == {"team": "Billing", "part_of_day": "after 15:00"}
    assert test.status is Status.NONCONFORMING
    assert {"team": "Billing"} in [dict(s) for s in test.explains]
    assert test.title.startswith("Team Billing, after 15:00: ")


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_healthy_twin_is_quiet(seed):
    assert quiet(asked(Desk(seed), first_reply))


def test_a_channel_is_judged_by_its_own_usual_time():
    desk = Desk(6)
    desk.wait[desk.channel == "phone"] /= 8
    assert quiet(asked(desk, first_reply))


def test_everybody_slow_in_the_evening_is_no_teams_fault():
    desk = Desk(7)
    desk.wait[desk.hour >= 15] *= 5
    found = asked(desk, first_reply)
    assert not any("part_of_day" in scope for scope, _ in heads(found))
    assert quiet(found)


def test_a_team_that_slowed_is_dated():
    desk = Desk(8)
    desk.wait[(desk.team == "Shop") & (desk.month >= np.datetime64("2025-05-01"))] *= 3
    found = [t for t in asked(desk, first_reply).tests if t.onset and t.p_value < 0.001 and t.status != "good_practice"]
    assert ({"team": "Shop"}, "2025-05-01") in [(dict(t.scope), t.onset) for t in found]
    assert "since May 2025" in found[0].title


def test_low_priorities_may_wait_and_urgent_ones_may_not():
    desk = Desk(9)
    priority = desk.random.choice(["low", "normal", "urgent"], desk.n, p=[0.2, 0.5, 0.3])
    desk.columns["priority"] = pa.array(priority)
    desk.wait[priority == "low"] *= 4
    assert quiet(asked(desk, first_reply))
    desk.wait[priority == "low"] /= 4
    desk.wait[priority == "urgent"] *= 4
    assert worst(asked(desk, first_reply))[0].scope == {"priority": "urgent"}


def test_a_promise_in_hours_is_the_measure():
    declared = Declarations(promises=(Promise("p", "Within four hours", "first_reply_hours", 4.0),))
    found = asked(Desk(10), first_reply, declared=declared)
    assert "within 4 h;" in found.headline


def test_closing_at_six_is_not_being_late_at_seven():
    """Where a calendar is declared, the wait over night does not count."""
    desk = Desk(11)
    evening = (desk.hour >= 18) | (desk.hour < 9) | (desk.weekday >= 5)
    for hours in range(72):  # answers wait until the desk opens
        later = (desk.opened + hours * 3600) // 3600
        is_open = (later % 24 >= 9) & (later % 24 < 18) & ((later // 24).astype(int) % 7 < 5)
        add = evening & is_open
        desk.wait[add] += hours * 3600
        evening &= ~is_open
    declared = Declarations(calendar=Calendar(working_hours=("09:00", "18:00"), declared=True))
    assert quiet(asked(desk, first_reply, declared=declared))


def test_sixty_tickets_are_not_called_conforming():
    found = asked(Desk(12, n=60), first_reply)
    assert not any(t.within for t in found.tests)
    assert found.short


def test_without_replies_it_says_what_is_missing():
    tickets = Desk(13, n=200).tickets().drop_columns(["first_reply_at"])
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(first_reply)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("tickets.first_reply_at or messages.sent_at",)


def test_without_teams_the_rest_is_still_looked_at():
    tickets = Desk(14).tickets().drop_columns(["team"])
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(first_reply)
    assert isinstance(found, Looked)
    assert {"channel": "email"} in [dict(t.scope) for t in found.tests]
