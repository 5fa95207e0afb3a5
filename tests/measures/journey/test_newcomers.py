"""New customers, what they did in four weeks, how they turned out in the half year after: row by row."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.stage import Stage

BEGIN = datetime(2025, 2, 1)
DAY = timedelta(days=1)


def period(customer, begins=BEGIN, ends=None, plan="basic", mrr=10):
    return {
        "subscription_id": f"S{customer}",
        "customer_id": customer,
        "plan": plan,
        "mrr": Decimal(mrr),
        "valid_from": begins,
        "valid_to": ends,
    }


OLD = period("old", datetime(2023, 1, 1))


def used(customer, day, feature="photos"):
    return {"customer_id": customer, "day": (BEGIN + day * DAY).date(), "feature": feature, "events": 1}


def staged(**tables):
    return Stage({name: rows for name, rows in tables.items() if rows})


def test_only_those_who_lived_through_the_first_weeks_are_newcomers():
    rows = staged(
        subscriptions=[
            OLD,
            period("gone early", ends=BEGIN + 27 * DAY),
            period("gone late", ends=BEGIN + 29 * DAY),
            period("young", datetime(2025, 12, 10)),
            period("here"),
        ]
    ).rows("newcomers")
    assert [r["customer_id"] for r in rows] == ["gone late", "here"], "old was there when the record began"


def test_busy_days_and_price_are_put_in_classes_in_which_equal_counts_stay_together():
    names = [f"c{i}" for i in range(10)]
    days = [0, 0, 0, 1, 1, 2, 3, 4, 5, 6]
    rows = staged(
        subscriptions=[OLD, *(period(n, mrr=10 + i) for i, n in enumerate(names))],
        usage=[used(n, d) for n, k in zip(names, days, strict=True) for d in range(k)] + [used("c0", 28)],
        customers=[{"customer_id": n, "acquisition_channel": "web"} for n in names],
    ).rows("newcomers")
    assert [r["days"] for r in rows] == days, "the 29th day is after the first weeks"
    assert [r["intensity"] for r in rows] == [1, 1, 1, 2, 2, 3, 4, 4, 5, 5]
    assert [r["worth"] for r in rows] == ["basic, less"] * 5 + ["basic, more"] * 5


def test_a_day_with_use_and_an_event_is_one_day():
    (row,) = staged(
        subscriptions=[OLD, period("a")],
        usage=[used("a", 3), used("a", 3, "invoices")],
        events=[
            {"event_id": "1", "customer_id": "a", "at": BEGIN + 3.5 * DAY, "name": "login"},
            {"event_id": "2", "customer_id": "a", "at": BEGIN + 5 * DAY, "name": "login"},
        ],
    ).rows("newcomers")
    assert row["days"] == 2


def test_outcomes_are_those_of_the_half_year_after_the_first_weeks():
    later = BEGIN + 208 * DAY
    rows = staged(
        subscriptions=[
            OLD,
            period("a"),
            period("b", ends=later),
            period("c", ends=later + DAY),
            period("d", datetime(2025, 7, 1)),
        ],
        referrals=[
            {"referral_id": "0", "referrer_id": "old", "at": datetime(2024, 5, 1)},
            {"referral_id": "1", "referrer_id": "a", "at": BEGIN + 27 * DAY},
            {"referral_id": "2", "referrer_id": "b", "at": BEGIN + 28 * DAY},
            {"referral_id": "3", "referrer_id": "c", "at": later},
        ],
    ).rows("newcomer_outcomes")
    happened = {r["row_id"]: r["happened"] for r in rows}
    assert happened == {
        "a/stay": True,
        "b/stay": False,
        "c/stay": True,
        "a/recommend you": False,
        "b/recommend you": True,
        "c/recommend you": False,
    }, "of d it is not known yet"


def test_where_referrals_were_not_kept_yet_nothing_is_said_of_them():
    rows = staged(
        subscriptions=[OLD, period("a")],
        referrals=[{"referral_id": "1", "referrer_id": "a", "at": BEGIN + 100 * DAY}],
    ).rows("newcomer_outcomes")
    assert [r["outcome"] for r in rows] == ["stay"]


def test_buyers_turn_out_by_coming_back():
    def order(id_, customer, day):
        return {"order_id": id_, "customer_id": customer, "ordered_at": BEGIN + day * DAY, "amount": Decimal(20)}

    buyers = [order("1", "a", 0), order("2", "a", 27), order("3", "b", 0), order("4", "b", 28), order("5", "c", 0)]
    rows = staged(
        customers=[{"customer_id": c, "created_at": BEGIN} for c in "abc"], orders=[*buyers, order("6", "c", 300)]
    ).rows("newcomer_outcomes")
    assert {r["row_id"]: r["happened"] for r in rows} == {
        "a/come back": False,
        "b/come back": True,
        "c/come back": False,
    }


def test_customers_are_dealt_alike_in_every_run_and_the_newest_third_apart():
    many = [period(f"c{i}", BEGIN + i * timedelta(hours=4)) for i in range(300)]
    parts = [
        {r["customer_id"]: r["part"] for r in staged(subscriptions=[OLD, *many]).rows("newcomer_outcomes")}
        for _ in "ab"
    ]
    assert parts[0] == parts[1]
    newest = {c for c, part in parts[0].items() if part == "later"}
    assert newest == {f"c{i}" for i in range(200, 300)}
    first = sum(part == "first half" for part in parts[0].values())
    assert first == pytest.approx(100, abs=21), "a fair coin thrown 200 times, three standard deviations"


def test_what_was_done_counts_once_and_only_in_the_first_weeks():
    at = BEGIN + 5 * DAY
    rows = staged(
        subscriptions=[OLD, period("a"), period("b")],
        usage=[used("a", 1), used("a", 2), used("a", 40, "invoices")],
        orders=[{"order_id": "1", "customer_id": "a", "ordered_at": at, "amount": Decimal(5)}],
        order_lines=[
            {"order_id": "1", "product_id": "p", "category": "towels", "quantity": 1},
            {"order_id": "1", "product_id": "q", "category": "curtains", "quantity": -1},
        ],
        events=[
            {"event_id": "1", "customer_id": "a", "at": at, "name": "import"},
            {"event_id": "2", "customer_id": "a", "at": at, "name": "checkout", "succeeded": False},
        ],
        tickets=[
            {"ticket_id": "1", "customer_id": "a", "opened_at": at},
            {"ticket_id": "2", "customer_id": "b", "opened_at": at, "opened_by": "agent"},
        ],
        touches=[{"touch_id": "1", "customer_id": "a", "sent_at": BEGIN, "clicked_at": BEGIN + 30 * DAY}],
        feedback=[
            {"feedback_id": "1", "customer_id": "b", "kind": "nps", "asked_at": at, "answered_at": at, "score": 9}
        ],
    ).rows("early_behaviours")
    assert [(r["customer_id"], r["behaviour"]) for r in rows] == [
        ("a", "bought towels"),
        ("a", 'reached "import"'),
        ("a", "used photos"),
        ("a", "wrote to you"),
        ("b", "answered a survey"),
    ]
