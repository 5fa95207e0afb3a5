"""Nobody is there on Saturdays: the day is found, the evening before belongs to it, a closed Sunday is a choice."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.audits.communication.cover_gaps import cover_gaps
from rapport.core.declarations import Calendar, Declarations
from rapport.core.outcome import NotAssessable, Status
from tests.audits.communication.desk import DAY, END, START, Desk, asked, heads, quiet, worst
from tests.stage import Stage

SIX_DAYS = Declarations(
    calendar=Calendar("UTC", ("mon", "tue", "wed", "thu", "fri", "sat"), ("08:00", "20:00"), declared=True)
)


def waiting_for(desk, is_open):
    """Move each answer that falls into a closed hour to the next open one, two hours at a time."""
    for _ in range(60):
        at = desk.opened + np.where(np.isfinite(desk.wait), desk.wait, 0)
        shut = ~is_open(((at // DAY).astype(int)) % 7, (at % DAY) / 3600, at) & np.isfinite(desk.wait)
        desk.wait[shut] += 3600
    return desk


def no_saturdays(seed, since=0.0):
    return waiting_for(Desk(seed), lambda day, hour, at: (day != 5) | (at < since))


def test_nobody_on_saturdays_is_found_on_saturdays():
    found = asked(no_saturdays(1), cover_gaps)
    test, p = worst(found)
    assert p < 1e-6
    assert [scope for scope, _ in heads(found)] == [{"weekday": "Saturday"}]
    assert test.status is Status.NONCONFORMING
    assert test.title.startswith("Saturdays")


def test_since_when_nobody_is_there_is_said():
    found = asked(no_saturdays(2, since=366 * DAY), cover_gaps)
    dated = [t for t in found.tests if t.onset and t.p_value < 0.001]
    assert ({"weekday": "Saturday"}, "2025-01-01") in [(dict(t.scope), t.onset) for t in dated]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_healthy_twin_is_quiet(seed):
    assert quiet(asked(Desk(seed), cover_gaps))


def test_a_closed_sunday_is_a_choice_and_no_fault():
    desk = waiting_for(Desk(3, n=5000), lambda day, hour, at: (day != 6) & (hour >= 8) & (hour < 20))
    found = asked(desk, cover_gaps, declared=SIX_DAYS)
    sure = [t for t in found.tests if t.p_value < 0.001]
    assert [(dict(t.scope), t.status) for t in sure] == [({"weekday": "Sunday"}, Status.OPPORTUNITY)]
    assert "closed" in sure[0].title
    assert "all hours counted" in sure[0].title
    assert "in working time" in found.headline
    assert sure[0].chart.title == "Answered in time, all hours counted, by day of the week"


def test_with_a_calendar_the_missing_saturday_is_a_fault_and_the_sunday_is_not():
    desk = waiting_for(Desk(4, n=5000), lambda day, hour, at: (day < 5) & (hour >= 8) & (hour < 20))
    found = asked(desk, cover_gaps, declared=SIX_DAYS)
    faults = [t for t in found.tests if t.p_value < 0.001 and t.status is Status.NONCONFORMING]
    explained = [dict(s) for t in faults for s in t.explains]
    assert [dict(t.scope) for t in faults if dict(t.scope) not in explained] == [{"weekday": "Saturday"}]


def test_one_morning_is_found_as_that_morning():
    desk = Desk(5, n=6000)
    desk.wait[(desk.weekday == 0) & (desk.hour >= 6) & (desk.hour < 12)] *= 6
    assert [scope for scope, _ in heads(asked(desk, cover_gaps))] == [{"weekday": "Monday", "part_of_day": "morning"}]


def test_the_hour_is_the_companys_own():
    """Half past eleven in the evening in London in summer is already Saturday in Berlin."""
    tickets = [{"ticket_id": "a", "opened_at": END.replace(2025, 7, 4, 22, 30), "first_reply_at": None}]
    berlin = Declarations(calendar=Calendar("Europe/Berlin", declared=True))
    row = Stage({"tickets": tickets}, as_of=END, start=START, declared=berlin).rows("replies")[0]
    assert (row["weekday"], row["hour"], row["part_of_day"]) == ("Saturday", 0, "night")


def test_a_few_weeks_are_not_called_conforming():
    assert not any(t.within for t in asked(Desk(6, n=90), cover_gaps).tests)


def test_without_replies_it_says_what_is_missing():
    tickets = Desk(7, n=200).tickets().drop_columns(["first_reply_at"])
    assert isinstance(Stage({"tickets": tickets}, as_of=END, start=START).ask(cover_gaps), NotAssessable)
