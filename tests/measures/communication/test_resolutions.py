"""How a solution is counted: the first, the last, one that did not hold, and one that is not there yet."""

from __future__ import annotations

from datetime import datetime

from rapport.core.declarations import Calendar, Declarations, Policy
from tests.stage import Stage

T = datetime
DAY = 86400


END = T(2026, 1, 1)


def solved(as_of=END, declared=None, **ticket):
    """Return the row of one ticket opened on Monday, 3 March 2025, 10:00."""
    tickets = [{"ticket_id": "t", "opened_at": T(2025, 3, 3, 10), **ticket}]
    return Stage({"tickets": tickets}, as_of=as_of, declared=declared).rows("resolutions")[0]


def times(row):
    return row["first_seconds"], row["first_ended"], row["full_seconds"], row["full_ended"]


def test_first_and_last_solution():
    row = solved(first_resolved_at=T(2025, 3, 4, 10), resolved_at=T(2025, 3, 6, 10), reopens=1)
    assert times(row) == (DAY, True, 3 * DAY, True)
    assert row["reopened"] is True


def test_without_a_first_solution_the_last_of_a_ticket_never_reopened_is_it():
    assert times(solved(resolved_at=T(2025, 3, 4, 10), reopens=0)) == (DAY, True, DAY, True)
    assert times(solved(resolved_at=T(2025, 3, 4, 10))) == (DAY, True, DAY, True)
    assert times(solved(resolved_at=T(2025, 3, 4, 10), reopens=2)) == (None, None, DAY, True)


def test_an_open_ticket_lasts_until_the_cut_off():
    row = solved(as_of=T(2025, 3, 13, 10))
    assert times(row) == (10 * DAY, False, 10 * DAY, False)
    assert (row["resolved_seconds"], row["reopened"]) == (None, None)


def test_a_solution_after_the_cut_off_and_its_reopenings_are_not_known_yet():
    row = solved(as_of=T(2025, 3, 5, 10), first_resolved_at=T(2025, 3, 4, 10), resolved_at=T(2025, 3, 6, 10), reopens=1)
    assert times(row) == (DAY, True, 2 * DAY, False)
    assert row["reopened"] is False


def test_a_ticket_that_is_open_again_is_not_fully_solved():
    row = solved(resolved_at=T(2025, 3, 4, 10), reopens=1, status="Open", as_of=T(2025, 3, 13, 10))
    assert (row["full_seconds"], row["full_ended"], row["resolved_seconds"]) == (10 * DAY, False, DAY)


def test_a_solution_before_the_opening_cannot_be_timed():
    row = solved(resolved_at=T(2025, 3, 1), reopens=0)
    assert times(row) == (None, None, None, None)
    assert row["in_time"] is None


def test_reopened_follows_from_the_dates_where_nobody_counted():
    assert solved(first_resolved_at=T(2025, 3, 4), resolved_at=T(2025, 3, 6))["reopened"] is True
    assert solved(first_resolved_at=T(2025, 3, 4), resolved_at=T(2025, 3, 4))["reopened"] is False
    assert solved(resolved_at=T(2025, 3, 4))["reopened"] is None


def test_a_ticket_opened_again_whose_solution_the_source_emptied_was_solved_before():
    row = solved(reopens=1, status="open")
    assert (row["reopened"], row["settled"]) == (True, True)
    assert times(row) == (None, None, row["age_seconds"], False)  # solved at some time, and not now
    assert solved(reopens=1, as_of=T(2025, 3, 13, 10))["settled"] is False
    never = solved(reopens=0, status="open")
    assert (never["reopened"], never["settled"]) == (None, False)
    assert times(never) == (never["age_seconds"], False, never["age_seconds"], False)


def test_an_earlier_moment_does_not_see_that_a_ticket_was_opened_again_later():
    ticket = {"ticket_id": "t", "opened_at": T(2025, 3, 3, 10), "reopens": 1, "status": "open"}
    row = Stage({"tickets": [ticket]}, as_of=T(2025, 6, 1), present=False).rows("resolutions")[0]
    assert (row["reopened"], row["settled"]) == (None, False)


def test_solutions_that_cannot_be_timed_settle_nothing_whether_reopened_or_not():
    for reopens in (0, 1):
        row = solved(resolved_at=T(2025, 3, 1), reopens=reopens)
        assert (row["reopened"], row["settled"]) == (reopens == 1, False)


def test_in_time_by_a_policy_in_all_hours_and_by_working_time_without_one():
    day = Declarations(calendar=Calendar("UTC", declared=True), policies=(Policy("p", "resolution_hours", 24.0),))
    assert solved(resolved_at=T(2025, 3, 4, 10), declared=day)["in_time"] is True
    assert solved(resolved_at=T(2025, 3, 4, 10, 0, 1), declared=day)["in_time"] is False
    assert solved(as_of=T(2025, 3, 4, 9), declared=day)["in_time"] is None
    office = Declarations(calendar=Calendar("UTC", declared=True))
    row = solved(resolved_at=T(2025, 3, 10, 9, 30), declared=office)
    assert row["working_seconds"] == (7 + 4 * 8 + 0.5) * 3600
    assert row["in_time"] is True


def test_staffs_own_tickets_are_solved_like_the_others():
    assert solved(opened_by="agent", resolved_at=T(2025, 3, 4, 10))["full_seconds"] == DAY


def test_hand_offs_with_what_followed():
    tickets = [
        {"ticket_id": "a", "customer_id": "x", "opened_at": T(2025, 3, 3), "handoffs": 2},
        {"ticket_id": "b", "customer_id": "x", "opened_at": T(2025, 11, 3), "handoffs": 0},
        {"ticket_id": "c", "customer_id": "y", "opened_at": T(2025, 3, 3), "handoffs": 40},
        {"ticket_id": "d", "customer_id": "z", "opened_at": T(2025, 3, 3), "handoffs": None},
    ]
    orders = [
        {"order_id": "1", "customer_id": "x", "ordered_at": T(2025, 1, 1)},
        {"order_id": "2", "customer_id": "x", "ordered_at": T(2025, 5, 31)},
        {"order_id": "3", "customer_id": "y", "ordered_at": T(2025, 6, 30)},
    ]
    feedback = [
        {"feedback_id": "1", "ticket_id": "a", "kind": "csat", "score": 4.0, "answered_at": T(2025, 4, 1)},
        {"feedback_id": "2", "ticket_id": "c", "kind": "csat", "score": 3.0, "answered_at": T(2025, 4, 1)},
    ]
    rows = Stage({"tickets": tickets, "orders": orders, "feedback": feedback}).rows("hand_offs")
    said = {
        r["row_id"]: (r["hand_offs"], r["passed_on"], r["passed_around"], r["satisfied"], r["came_back"]) for r in rows
    }
    assert said == {
        "a": (2, True, True, 1.0, True),
        "b": (0, False, False, None, None),  # ninety days are not over
        "c": (10, True, True, 0.0, None),  # had never ordered before
    }
