"""How a first reply is counted: who replies, when the clock runs, and what is not known yet."""

from __future__ import annotations

from datetime import datetime

import pytest

from rapport.core.declarations import Calendar, Declarations, Policy, Promise
from tests.stage import Stage

T = datetime
OFFICE = Calendar("UTC", declared=True)
END = T(2026, 1, 1)


def reply(ticket, messages=(), *, as_of=END, declared=None):
    """Return the row of one ticket opened by a customer on Friday, 7 March 2025, 10:00 unless it says otherwise."""
    row = {"ticket_id": "t", "customer_id": "c", "opened_at": T(2025, 3, 7, 10), **ticket}
    said = [{"message_id": f"m{i}", "ticket_id": "t", **m} for i, m in enumerate(messages)]
    tables = {"tickets": [row]} | ({"messages": said} if said else {})
    rows = Stage(tables, as_of=as_of, declared=declared).rows("replies")
    assert len(rows) == 1
    return rows[0]


def agent(*at, **more):
    return {"sent_at": T(2025, 3, *at), "direction": "outbound", "author_kind": "agent", **more}


def test_the_wait_runs_from_opening_to_reply():
    row = reply({"first_reply_at": T(2025, 3, 7, 12, 30)})
    assert (row["answered"], row["wait_seconds"]) == (True, 2.5 * 3600)


def test_never_answered_is_a_wait_that_lasts_and_no_number():
    row = reply({"first_reply_at": None}, as_of=T(2025, 3, 8, 10))
    assert (row["answered"], row["wait_seconds"], row["replied_at"]) == (False, 86400, None)


def test_a_reply_after_the_cut_off_is_not_known_yet():
    row = reply({"first_reply_at": T(2025, 3, 9)}, as_of=T(2025, 3, 8, 10))
    assert (row["answered"], row["wait_seconds"]) == (False, 86400)


def test_a_reply_before_the_opening_is_none():
    assert reply({"first_reply_at": T(2025, 3, 7, 9)})["replied_at"] is None
    assert reply({}, [agent(7, 9)])["replied_at"] is None


def test_a_private_note_first_is_no_reply():
    row = reply({"first_reply_at": T(2025, 3, 7, 11)}, [agent(7, 11, public=False), agent(7, 15)])
    assert row["wait_seconds"] == 5 * 3600


def test_a_robot_is_no_reply_even_if_the_source_says_so():
    robot = {"sent_at": T(2025, 3, 7, 10, 0, 5), "direction": "outbound", "author_kind": "bot"}
    assert reply({"first_reply_at": T(2025, 3, 7, 10, 0, 5)}, [robot, agent(8, 10)])["wait_seconds"] == 86400
    assert reply({"first_reply_at": T(2025, 3, 7, 10, 0, 5)}, [robot])["answered"] is False


def test_reopened_after_a_robot_the_person_counts():
    """The robot answers and closes, the customer comes back, a person answers."""
    said = [
        {"sent_at": T(2025, 3, 7, 10, 1), "direction": "outbound", "author_kind": "bot"},
        {"sent_at": T(2025, 3, 9, 10), "direction": "inbound", "author_kind": "customer"},
        agent(9, 12),
    ]
    ticket = {"first_resolved_at": T(2025, 3, 7, 10, 1), "resolved_at": T(2025, 3, 9, 13), "reopens": 1}
    assert reply(ticket, said)["wait_seconds"] == 50 * 3600


def test_a_customers_own_words_do_not_hide_the_reply_the_source_has():
    asked = {"sent_at": T(2025, 3, 7, 10), "direction": "inbound", "author_kind": "customer"}
    assert reply({"first_reply_at": T(2025, 3, 7, 11)}, [asked])["wait_seconds"] == 3600


def test_an_outbound_message_without_an_author_is_a_persons():
    assert reply({}, [{"sent_at": T(2025, 3, 7, 11), "direction": "outbound"}])["wait_seconds"] == 3600


def test_tickets_that_staff_open_are_left_out():
    assert (
        Stage({"tickets": [{"ticket_id": "t", "opened_at": T(2025, 3, 7), "opened_by": "agent"}]}).rows("replies") == []
    )


@pytest.mark.parametrize(
    ("opened", "replied", "minutes"),
    [
        (T(2025, 3, 7, 16, 30), T(2025, 3, 10, 9, 30), 60),  # Friday evening to Monday morning
        (T(2025, 3, 8, 11), T(2025, 3, 10, 9, 15), 15),  # opened on a Saturday
        (T(2025, 3, 7, 8), T(2025, 3, 7, 8, 50), 0),  # before the office opens
        (T(2025, 12, 24, 16), T(2025, 12, 26, 10), 120),  # Christmas day is a holiday
        (T(2025, 3, 3, 9), T(2025, 3, 7, 17), 40 * 60),  # a whole week
    ],
)
def test_working_time(opened, replied, minutes):
    declared = Declarations(calendar=Calendar("UTC", holidays=("2025-12-25",), declared=True))
    row = reply({"opened_at": opened, "first_reply_at": replied}, declared=declared)
    assert row["working_seconds"] == minutes * 60


def test_a_night_shift_over_the_change_to_summer_time_is_an_hour_shorter():
    """Berlin, 30 March 2025: two in the night does not exist."""
    night = Calendar("Europe/Berlin", ("sun",), ("00:00", "06:00"), declared=True)
    ticket = {"opened_at": T(2025, 3, 29, 23), "first_reply_at": T(2025, 3, 30, 4)}  # midnight to six, local time
    row = reply(ticket, declared=Declarations(calendar=night))
    assert row["working_seconds"] == 5 * 3600
    assert row["wait_seconds"] == 5 * 3600
    assert row["weekday"] == "Sunday"


def test_a_working_day_after_the_change_begins_an_hour_earlier_in_utc():
    berlin = Declarations(calendar=Calendar("Europe/Berlin", declared=True))
    winter = {"opened_at": T(2025, 3, 28, 8), "first_reply_at": T(2025, 3, 28, 8, 30)}  # Friday 9:00 in Berlin
    summer = {"opened_at": T(2025, 3, 31, 7), "first_reply_at": T(2025, 3, 31, 7, 30)}  # Monday 9:00 in Berlin
    assert reply(winter, declared=berlin)["working_seconds"] == 1800
    assert reply(summer, declared=berlin)["working_seconds"] == 1800


def test_in_time_waits_until_the_ticket_is_old_enough():
    declared = Declarations(promises=(Promise("p", "", "first_reply_hours", 4.0),))
    young = reply({"first_reply_at": T(2025, 3, 7, 11)}, as_of=T(2025, 3, 7, 13), declared=declared)
    old = reply({"first_reply_at": T(2025, 3, 7, 11)}, as_of=T(2025, 3, 7, 14), declared=declared)
    late = reply({"first_reply_at": T(2025, 3, 7, 15)}, declared=declared)
    never = reply({}, declared=declared)
    assert [r["in_time"] for r in (young, old, late, never)] == [None, True, False, False]


def test_what_is_judged_follows_what_was_promised():
    calendar = Declarations(calendar=OFFICE)
    weekend = {"opened_at": T(2025, 3, 7, 16, 30), "first_reply_at": T(2025, 3, 10, 9, 30)}
    hours = Declarations(calendar=OFFICE, promises=(Promise("p", "", "first_reply_hours", 4.0),))
    working = Declarations(calendar=OFFICE, policies=(Policy("p", "first_reply_working_hours", 2.0),))
    assert reply(weekend, declared=hours)["in_good_time"] is False
    assert reply(weekend, declared=working)["in_good_time"] is True
    assert reply(weekend, declared=calendar)["target_working_seconds"] == 3600


def test_three_quarters_of_a_channel_are_its_usual_time():
    tickets = [
        {
            "ticket_id": f"{channel}{i:02}",
            "channel": channel,
            "opened_at": T(2025, 3, 7),
            "first_reply_at": T(2025, 3, 7, h, i),
        }
        for channel, h in (("chat", 0), ("email", 9))
        for i in range(1, 41)
    ]
    rows = Stage({"tickets": tickets}).rows("replies")
    by = {r["channel"]: r["target_seconds"] for r in rows}
    assert by == {"chat": 30.25 * 60, "email": (9 * 60 + 30.25) * 60}


def test_tickets_before_the_period_are_left_out():
    tickets = [{"ticket_id": str(y), "opened_at": T(y, 3, 7)} for y in (2023, 2024)]
    rows = Stage({"tickets": tickets}, start=T(2024, 1, 1)).rows("replies")
    assert [r["row_id"] for r in rows] == ["2024"]


def test_unanswered_leaves_out_whoever_may_still_get_an_answer():
    tickets = [
        {"ticket_id": f"a{i:02}", "opened_at": T(2025, 3, 1), "first_reply_at": T(2025, 3, 1, i % 20 + 1)}
        for i in range(40)
    ]
    tickets += [
        {"ticket_id": "lost", "opened_at": T(2025, 3, 1)},
        {"ticket_id": "young", "opened_at": T(2025, 3, 9, 20)},
        {"ticket_id": "young and answered", "opened_at": T(2025, 3, 9, 20), "first_reply_at": T(2025, 3, 9, 21)},
    ]
    rows = {r["row_id"]: r["never"] for r in Stage({"tickets": tickets}, as_of=T(2025, 3, 10)).rows("unanswered")}
    assert rows["lost"] is True
    assert rows["a00"] is False
    assert len(rows) == 41
