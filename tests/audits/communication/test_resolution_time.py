"""One topic takes twice as long since March: found as the topic, dated, and not blamed on its team."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.communication.resolution_time import resolution_time
from rapport.core.declarations import Declarations, Promise
from rapport.core.outcome import NotAssessable, Status
from tests.audits.communication.desk import END, START, Desk, asked, heads, quiet, worst
from tests.stage import Stage


def since_march(seed, times=2.0, n=4000):
    desk = Desk(seed, n=n)
    desk.work[(desk.topic == "damaged") & (desk.month >= np.datetime64("2025-03-01"))] *= times
    return desk


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_topic_and_its_month_are_found(seed):
    found = asked(since_march(seed), resolution_time)
    changed = [t for t in found.tests if t.onset and t.status is Status.NONCONFORMING]
    test = min(changed, key=lambda t: t.p_value)
    assert test.p_value < 0.001
    assert test.scope == {"topic": "damaged"}
    assert abs(np.datetime64(test.onset[:7]) - np.datetime64("2025-03")).astype(int) <= 1
    assert worst(found)[1] < 0.05
    assert "instead of" in test.title
    assert ({"team": "Logistics"}, test.onset) not in heads(found)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_healthy_twin_is_quiet(seed):
    assert quiet(asked(Desk(seed), resolution_time))


def test_a_topic_that_always_took_longer_is_no_fault():
    desk = Desk(6)
    desk.work[desk.topic == "payment"] *= 3
    found = asked(desk, resolution_time)
    assert {t.status for t in found.tests if t.scope.get("topic") == "payment" and t.p_value < 0.001} == {
        Status.OPPORTUNITY
    }


def test_a_team_with_one_topic_cannot_be_told_from_it():
    desk = Desk(7)
    desk.work[desk.topic == "product"] *= 3
    scopes = [scope for scope, _ in heads(asked(desk, resolution_time))]
    assert {"topic": "product"} in scopes
    assert {"team": "Shop"} not in scopes


def test_december_is_no_crisis():
    desk = Desk(8)
    december = desk.month.astype("datetime64[M]").astype(int) % 12 == 11
    desk.work[december] *= 2
    assert quiet(asked(desk, resolution_time))


def test_first_and_full_resolution_are_both_said():
    found = asked(Desk(9), resolution_time)
    assert "for the first time within" in found.headline
    assert found.chart is not None
    assert found.chart.kind == "step"
    assert found.chart.bars[0].value == 1.0
    shares = [b.value for b in found.chart.bars]
    assert shares == sorted(shares, reverse=True)


def test_the_declared_target_counts():
    declared = Declarations(promises=(Promise("p", "Solved within a day", "resolution_hours", 24.0),))
    assert "within 24 h" in asked(Desk(10), resolution_time, declared=declared).headline


def test_thin_data_is_not_called_conforming():
    assert not any(t.within for t in asked(Desk(11, n=80), resolution_time).tests)


def test_without_solutions_it_says_what_is_missing():
    tickets = Desk(12, n=200).tickets().drop_columns(["resolved_at", "first_resolved_at"])
    found = Stage({"tickets": tickets}, as_of=END, start=START).ask(resolution_time)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("tickets.resolved_at or tickets.first_resolved_at",)
