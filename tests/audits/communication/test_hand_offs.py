"""One topic goes through three teams; what goes along with it is said, and not called its effect."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.communication.hand_offs import hand_offs
from rapport.core.finding import NO_VALUE
from rapport.core.outcome import NotAssessable, Status
from tests.audits.communication.desk import END, START, Desk, asked, quiet, worst
from tests.stage import Stage


def wandering(seed):
    desk = Desk(seed)
    desk.hand_offs[desk.topic == "damaged"] += 2
    return desk


def test_the_topic_that_wanders_is_found():
    test, p = worst(asked(wandering(1), hand_offs))
    assert p < 1e-6
    assert test.scope == {"topic": "damaged"}
    assert "2.2 times" in test.title
    assert all("damaged" in dict(s).values() for s in test.explains)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_healthy_twin_is_quiet(seed):
    assert quiet(asked(Desk(seed), hand_offs))


def test_one_ticket_that_wanders_for_weeks_is_no_topic():
    desk = Desk(6, n=1200)
    desk.hand_offs[np.flatnonzero(desk.topic == "product")[:2]] = 90
    assert quiet(asked(desk, hand_offs))


def test_feedback_that_goes_along_is_said_with_n_and_not_as_an_effect():
    desk = wandering(7)
    happy = desk.random.random(desk.n) < np.where(desk.hand_offs >= 1, 0.55, 0.8)
    feedback = pa.table(
        {
            "feedback_id": pa.array([f"f{i}" for i in range(desk.n)]),
            "ticket_id": pa.array([f"t{i:05}" for i in range(desk.n)]),
            "kind": pa.array(["csat"] * desk.n),
            "score": pa.array(np.where(happy, 5.0, 2.0)),
            "scale_min": pa.array([1.0] * desk.n),
            "scale_max": pa.array([5.0] * desk.n),
            "answered_at": pa.array([START] * desk.n, pa.timestamp("us")),
        }
    )
    found = Stage({"tickets": desk.tickets(), "feedback": feedback}, as_of=END, start=START).ask(hand_offs)
    test, _ = worst(found)
    assert test.consequence is not None
    none, text = test.consequence.assumptions
    assert none == NO_VALUE  # the customers are those with such a ticket, not those who suffered by it
    assert "is not shown" in text
    assert "55 %" in text or "54 %" in text or "56 %" in text
    assert test.consequence.value is None


def test_a_good_topic_is_praised_only_beyond_the_least_effect():
    desk = Desk(8)
    desk.hand_offs[desk.topic != "product"] += 1
    praised = [t for t in asked(desk, hand_offs).tests if t.status is Status.GOOD_PRACTICE and t.p_value < 0.001]
    assert {"topic": "product"} in [dict(t.scope) for t in praised]


def test_without_hand_offs_it_says_what_is_missing():
    tickets = Desk(9, n=200).tickets().drop_columns(["handoffs"])
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(hand_offs)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("tickets.handoffs",)
