"""The same tickets as Zendesk and as Intercom count them, and the tickets that make the difference."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rapport.core.declarations import Calendar, Declarations
from rapport.measures.conventions import COMPARISONS
from tests.stage import Stage

T = datetime
OPENED = T(2025, 3, 7, 10)


def ticket(messages=(), declared=None, **more):
    """Return how one ticket is counted; messages are (hours after the opening, who, public)."""
    said = [
        {
            "message_id": f"m{i}",
            "ticket_id": "t",
            "sent_at": OPENED + timedelta(hours=hours),
            "direction": "inbound" if who == "customer" else "outbound",
            "author_kind": who,
            "public": public,
        }
        for i, (hours, who, public) in enumerate(messages)
    ]
    rows = [{"ticket_id": "t", "opened_at": OPENED, **more}]
    stage = Stage({"tickets": rows} | ({"messages": said} if said else {}), declared=declared)
    row = stage.rows("reply_conventions")[0]
    hours = [
        None if row[f"{c}_seconds"] is None else row[f"{c}_seconds"] / 3600 for c in ("zendesk", "intercom", "anything")
    ]
    return (*hours, row["why"])


@pytest.mark.parametrize(
    ("messages", "more", "counted"),
    [
        ([(0, "customer", True), (2, "agent", True)], {}, (2, 2, 2, "none")),
        ([(1, "agent", False), (5, "agent", True)], {}, (5, 5, 1, "a private note came first")),
        ([(0.01, "bot", True), (4, "agent", True)], {}, (4, 4, 0.01, "a robot spoke first")),
        ([(0.01, "bot", True)], {}, (None, None, 0.01, "not answered yet")),
        ([(0.01, "bot", True)], {"resolved_at": T(2025, 3, 8)}, (None, None, 0.01, "closed without a reply")),
        ([], {"first_reply_at": T(2025, 3, 7, 13)}, (3, 3, 3, "none")),
        ([], {}, (None, None, None, "not answered yet")),
        ([], {"resolved_at": T(2025, 3, 8)}, (None, None, None, "closed without a reply")),
        ([], {"first_reply_at": T(2025, 3, 7, 9)}, (None, None, None, "not answered yet")),
        # opened by staff: Zendesk takes the second public comment, Intercom the first after the customer's words
        (
            [(0, "agent", True), (20, "customer", True), (23, "agent", True)],
            {"opened_by": "agent"},
            (23, 3, 0, "opened by an agent"),
        ),
        (
            [(0, "agent", True), (6, "agent", True), (20, "customer", True), (23, "agent", True)],
            {"opened_by": "agent"},
            (6, 3, 0, "opened by an agent"),
        ),
        ([(0, "agent", True)], {"opened_by": "agent"}, (None, None, 0, "opened by an agent")),
    ],
)
def test_one_ticket(messages, more, counted):
    assert ticket(messages, **more) == pytest.approx(counted)


def test_office_hours():
    rows = [{"ticket_id": "t", "opened_at": T(2025, 3, 7, 16, 30), "first_reply_at": T(2025, 3, 10, 9, 30)}]
    office = Declarations(calendar=Calendar("UTC", declared=True))
    row = Stage({"tickets": rows}, declared=office).rows("reply_conventions")[0]
    assert (row["intercom_seconds"], row["intercom_office_seconds"]) == (65 * 3600, 3600)


def test_solutions():
    rows = [
        {"ticket_id": "a", "opened_at": OPENED, "resolved_at": T(2025, 3, 8, 10), "reopens": 1},
        {"ticket_id": "b", "opened_at": OPENED, "resolved_at": T(2025, 3, 7, 11), "reopens": 0},
    ]
    rows[0] |= {"first_reply_at": T(2025, 3, 7, 11), "first_resolved_at": T(2025, 3, 7, 12)}
    found = Stage({"tickets": rows}).rows("reply_conventions")
    names = ("zendesk_first_resolution", "zendesk_full_resolution", "intercom_close")
    assert [tuple(r[f"{n}_seconds"] for n in names) for r in found] == [(7200, 86400, 86400), (3600, 3600, None)]


def desk():
    """Return a hundred tickets: 80 answered after 1 to 80 hours, 10 closed without a reply, 10 opened by staff."""
    tickets, messages = [], []

    def say(i, hours, who):
        direction = "inbound" if who == "customer" else "outbound"
        messages.append(
            {"message_id": f"{i}/{hours}/{who}", "ticket_id": f"t{i:03}", "sent_at": OPENED + timedelta(hours=hours),
             "direction": direction, "author_kind": who}
        )  # fmt: skip

    for i in range(100):
        row = {"ticket_id": f"t{i:03}", "customer_id": f"c{i}", "opened_at": OPENED}
        if i < 80:
            row |= {"resolved_at": OPENED + timedelta(hours=i + 2), "reopens": 0}
            say(i, i + 1, "agent")
        elif i < 90:
            row |= {"resolved_at": OPENED + timedelta(hours=1), "reopens": 0}
            say(i, 0.01, "bot")
        else:
            row |= {"opened_by": "agent"}
            say(i, 0, "agent")
            say(i, 50, "customer")
            say(i, 51, "agent")
        tickets.append(row)
    return Stage({"tickets": tickets, "messages": messages})


def compared(stage, which):
    one = next(c for c in COMPARISONS if c.id == which)
    answers = stage.asker.gather(one.inputs, one.needs, one.optional)
    return one.compute(answers, stage.facts)


def test_side_by_side():
    found = compared(desk(), "first-reply")
    values = {v["id"]: (v["value"] / 60, v["n"]) for v in found["values"]}
    assert values["zendesk"] == (pytest.approx(45.5), 90)  # 1..80 and ten of 51
    assert values["intercom"] == (pytest.approx(35.5), 90)  # 1..80 and ten of 1
    assert values["kaplan_meier"][0] == pytest.approx(45, rel=0.04)  # 80 of 90 answered by customers' tickets
    assert values["kaplan_meier"][1] == 90
    assert {d["why"]: d["n"] for d in found["differences"]} == {"opened by an agent": 10, "closed without a reply": 10}
    assert "10 were opened by an agent" in found["text"]
    assert all(v["low"] <= v["value"] <= v["high"] for v in found["values"])
    assert {v["rule"][-1] for v in found["values"]} == {"."}


def test_solutions_side_by_side():
    values = {v["id"]: (v["value"], v["n"]) for v in compared(desk(), "resolution")["values"]}
    assert values["resolved"] == (pytest.approx(36.5), 90)
    assert values["intercom_close"] == (pytest.approx(41.5), 80)
    assert values["kaplan_meier"][0] > values["resolved"][0]


def test_too_few_tickets_are_not_compared():
    rows = [{"ticket_id": "t", "opened_at": OPENED, "first_reply_at": T(2025, 3, 7, 13)}]
    assert compared(Stage({"tickets": rows}), "first-reply") is None
