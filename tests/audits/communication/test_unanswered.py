"""Three in a hundred chats are dropped: one channel among thousands of tickets, and no other is blamed."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.communication.unanswered import unanswered
from rapport.core.outcome import NotAssessable, Status
from tests.audits.communication.desk import DAY, DAYS, END, START, Desk, asked, quiet, worst
from tests.stage import Stage


def dropped(seed, share=0.03, n=5000):
    desk = Desk(seed, n=n)
    desk.wait[(desk.channel == "chat") & (desk.random.random(n) < share)] = np.inf
    return desk


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_dropped_in_a_hundred_are_found_in_their_channel(seed):
    test, p = worst(asked(dropped(seed), unanswered))
    assert p < 0.01
    assert test.p_value < 0.001
    assert test.scope == {"channel": "chat"}
    assert test.status is Status.NONCONFORMING


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_healthy_twin_is_quiet(seed):
    assert quiet(asked(Desk(seed, n=5000), unanswered))


def test_tickets_of_yesterday_are_not_called_unanswered():
    desk = Desk(6)
    desk.opened[-400:] = DAYS * DAY - desk.random.uniform(0, 0.2 * DAY, 400)  # a rush on the last afternoon
    found = asked(desk, unanswered)
    assert quiet(found)
    assert "0.4" in found.headline or "0.5" in found.headline or "0.6" in found.headline


def test_a_company_that_leaves_a_third_unanswered_evenly_is_told_so():
    desk = Desk(7)
    desk.wait[desk.random.random(desk.n) < 0.33] = np.inf
    test, _ = worst(asked(desk, unanswered))
    assert test.scope == {}
    assert test.title.startswith("The whole company: 33 %") or "34 %" in test.title or "32 %" in test.title


def test_a_form_that_broke_in_june_is_dated():
    desk = Desk(8, n=6000)
    lost = (desk.channel == "phone") & (desk.month >= np.datetime64("2025-06-01")) & (desk.random.random(6000) < 0.25)
    desk.wait[lost] = np.inf
    found = [t for t in asked(desk, unanswered).tests if t.onset and t.p_value < 0.001 and t.status != "good_practice"]
    assert ({"channel": "phone"}, "2025-06-01") in [(dict(t.scope), t.onset) for t in found]


def test_a_few_tickets_are_not_called_conforming():
    assert not any(t.within for t in asked(Desk(9, n=300), unanswered).tests if t.scope)


def test_without_replies_it_says_what_is_missing():
    tickets = Desk(10, n=200).tickets().drop_columns(["first_reply_at"])
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(unanswered)
    assert isinstance(found, NotAssessable)
    assert "first_reply_at" in found.reason


def test_answers_that_often_come_late_are_no_fault_of_the_newest_months():
    desk = Desk(10, n=6000)
    late = desk.random.random(6000) < 0.045  # all year: answered, but after 100 to 140 days
    desk.wait[late] = desk.random.uniform(100, 140, int(late.sum())) * DAY
    assert quiet(asked(desk, unanswered))
