"""How much is sent and who begins, counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rapport.core.outcome import NotAssessable
from rapport.measures.metrics.outreach import proactive_share, touches_per_customer_week
from tests.stage import Stage

AS_OF = datetime(2026, 1, 1)


def touch(id_, customer, days_ago, purpose="promotion", **more):
    at = AS_OF - timedelta(days=days_ago)
    return {"touch_id": id_, "customer_id": customer, "sent_at": at, "purpose": purpose, "channel": "email", **more}


def test_contacts_a_week_of_those_contacted_in_four_weeks():
    touches = [touch(f"{c}-{k}", f"c{c}", 1 + k) for c in range(10) for k in range(8)]
    touches += [touch(f"old{c}", f"d{c}", 40) for c in range(10)]
    touches += [touch("lost", "c0", 2, delivered=False)]
    found = Stage({"touches": touches}, as_of=AS_OF).metric(touches_per_customer_week)
    assert found.value == pytest.approx(2.0)
    assert found.n == 10


def test_promotions_are_no_service():
    touches = [touch(f"p{i}", f"c{i}", 5) for i in range(50)]
    touches += [touch(f"s{i}", f"c{i}", 5, "check_in") for i in range(10)]
    tickets = [
        {"ticket_id": f"t{i}", "customer_id": f"c{i}", "opened_at": AS_OF - timedelta(days=3)} for i in range(25)
    ]
    tickets.append(
        {"ticket_id": "own", "customer_id": "c1", "opened_at": AS_OF - timedelta(days=3), "opened_by": "agent"}
    )
    messages = [
        {"message_id": f"{i}-{d}", "conversation_id": f"v{i}", "customer_id": f"c{i}", "direction": d, "sent_at": at}
        for i in range(5)
        for d, at in (("inbound", AS_OF - timedelta(days=2)), ("outbound", AS_OF - timedelta(days=1)))
    ]
    stage = Stage({"touches": touches, "tickets": tickets, "messages": messages}, as_of=AS_OF)
    assert stage.metric(proactive_share).value == pytest.approx(10 / 40)


def test_without_anything_from_customers_it_is_not_known():
    found = Stage({"touches": [touch("1", "a", 2)]}, as_of=AS_OF).metric(proactive_share)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("tickets.opened_at or messages.sent_at",)
