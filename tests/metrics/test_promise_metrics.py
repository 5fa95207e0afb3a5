"""Promises are counted case by case: what has not ended is broken once it is too late, and unknown before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rapport.core.declarations import Declarations, Promise
from rapport.core.outcome import NotAssessable
from rapport.measures.metrics.promises import promise_kept_share
from tests.stage import Stage

ORDERED = datetime(2025, 3, 1)


def orders(hours, as_of=datetime(2026, 1, 1), promises=()):
    rows = [
        {
            "order_id": f"o{i:03}",
            "customer_id": f"c{i}",
            "ordered_at": ORDERED,
            "promised_at": ORDERED + timedelta(hours=48),
            "delivered_at": None if h is None else ORDERED + timedelta(hours=h),
            "region": "north" if i % 2 else "south",
        }
        for i, h in enumerate(hours)
    ]
    return Stage({"orders": rows}, as_of=as_of, declared=Declarations(promises=tuple(promises)))


DAYS_2 = Promise("two-days", "Delivered within 48 hours", "delivery_hours", 48)


def test_exactly_on_the_target_is_kept():
    found = orders([47.9] * 5 + [48] * 5 + [48.1] * 10, promises=[DAYS_2]).metric(promise_kept_share)
    assert found["promise=two-days"].value == 0.5
    assert found["promise=two-days"].n == 20


def test_what_never_came_is_broken_once_it_is_late_and_unknown_before():
    late = orders([24] * 10 + [None] * 10, promises=[DAYS_2]).metric(promise_kept_share)
    assert late["promise=two-days"].value == 0.5
    soon = orders([24] * 10 + [None] * 10, as_of=ORDERED + timedelta(hours=30), promises=[DAYS_2])
    assert soon.metric(promise_kept_share)["promise=two-days"].n == 10


def test_a_promise_to_a_segment_covers_that_segment_only():
    north = Promise("north", "…", "delivery_hours", 48, segment={"region": "north"})
    found = orders([60, 24] * 20, promises=[DAYS_2, north]).metric(promise_kept_share)
    assert found["promise=north"].value == 1
    assert found["promise=north"].n == 20
    assert found["promise=two-days"].value == 0.5


def test_a_delay_is_counted_from_the_promised_moment():
    found = orders([47] * 15 + [50] * 5, promises=[Promise("slot", "…", "delivery_delay_hours", 0)])
    assert found.metric(promise_kept_share)["promise=slot"].value == pytest.approx(0.75)


def test_first_replies_are_those_of_the_service_desk():
    rows = [
        {
            "ticket_id": f"t{i}",
            "customer_id": f"c{i}",
            "opened_at": ORDERED,
            "first_reply_at": ORDERED + timedelta(hours=3 if i % 4 else 9),
        }
        for i in range(40)
    ]
    declared = Declarations(promises=(Promise("four", "…", "first_reply_hours", 4),))
    assert Stage({"tickets": rows}, declared=declared).metric(promise_kept_share)["promise=four"].value == 0.75


def test_nothing_promised_is_nothing_kept():
    assert isinstance(orders([24] * 20).metric(promise_kept_share), NotAssessable)
