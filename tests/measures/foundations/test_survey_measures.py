"""Who was asked and who answered, row by row: what is due, what happened before, what happened next."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.stage import Stage

NOW = datetime(2026, 1, 1)


def day(text):
    return datetime.fromisoformat(text)


def question(id_, customer, asked, score=None, kind="nps", **more):
    answered = None if score is None else day(asked) + timedelta(hours=5)
    return {
        "feedback_id": id_,
        "customer_id": customer,
        "kind": kind,
        "asked_at": day(asked),
        "answered_at": answered,
        "score": score,
    } | more


def period(customer, begins, ends=None):
    return {
        "subscription_id": f"S{customer}",
        "customer_id": customer,
        "plan": "basic",
        "mrr": Decimal(10),
        "valid_from": day(begins),
        "valid_to": None if ends is None else day(ends),
    }


def order(id_, customer, at, **more):
    return {"order_id": id_, "customer_id": customer, "ordered_at": day(at), "amount": Decimal(20)} | more


def test_what_happened_next_is_known_only_once_it_is_over():
    asked = ["2025-05-01", "2025-10-02", "2025-10-03"]
    rows = Stage(
        {
            "customers": [{"customer_id": c, "created_at": day("2024-01-01")} for c in "abc"],
            "subscriptions": [
                period("a", "2024-01-01", "2025-07-20"),
                period("b", "2024-01-01"),
                period("c", "2024-01-01"),
            ],
            "feedback": [question(f"{c}{at}", c, at, 9) for c in "ab" for at in asked]
            + [question("cx", "c", "2025-12-20")],
        }
    ).rows("survey_questions")
    after = {row["row_id"]: row["afterwards"] for row in rows}
    assert after == {
        "a2025-05-01": "customers who left within 90 days",
        "a2025-10-02": None,
        "a2025-10-03": None,
        "b2025-05-01": "customers who stayed",
        "b2025-10-02": "customers who stayed",
        "b2025-10-03": None,
    }, "the last one ends 90 days later, at the cut-off; cx is younger than 14 days"


def test_a_change_of_plan_is_no_departure_and_buyers_are_told_by_their_orders():
    rows = Stage(
        {
            "customers": [{"customer_id": c, "created_at": day("2024-01-01")} for c in "abc"],
            "subscriptions": [
                period("a", "2024-01-01", "2025-03-01"),
                period("a", "2025-03-01") | {"plan": "more", "period_id": "second"},
            ],
            "orders": [
                order("1", "b", "2025-01-10"),
                order("2", "b", "2025-05-30"),
                order("3", "c", "2025-01-10"),
                order("4", "c", "2025-02-10", status="cancelled"),
            ],
            "feedback": [question(c, c, "2025-02-01", 9) for c in "abc"],
        }
    ).rows("survey_questions")
    assert [(r["afterwards"], r["lately"]) for r in rows] == [
        ("customers who stayed", None),
        ("customers who bought again", "customers with one order lately"),
        ("customers who bought nothing for 180 days", "customers with one order lately"),
    ]


def test_the_answer_before_and_use_of_the_months_before_are_known_when_asking():
    used = [
        {"customer_id": "a", "day": day(f"2025-03-{d:02d}").date(), "feature": "x", "events": 1} for d in range(1, 13)
    ]
    used += [
        {"customer_id": "a", "day": day(f"2025-04-{d:02d}").date(), "feature": "x", "events": 1} for d in range(1, 5)
    ]
    rows = Stage(
        {
            "usage": used,
            "feedback": [
                question("1", "a", "2025-02-01", 3),
                question("2", "a", "2025-05-01", 9),
                question("3", "a", "2025-08-01"),
                question("4", "a", "2025-11-01", 9),
            ],
        }
    ).rows("survey_questions")
    assert [r["last_time"] for r in rows] == [
        None,
        "customers not content last time",
        "customers content last time",
        None,
    ]
    assert [r["lately"] for r in rows] == [None, "customers whose use halved", None, None]


def test_answers_alike_take_the_kind_of_survey_out():
    asked = [question(f"n{i}", f"c{i}", "2025-02-01", 9 if i < 2 else None) for i in range(8)]
    asked += [question(f"s{i}", f"c{i}", "2025-02-01", 5 if i < 6 else None, kind="csat") for i in range(8)]
    rows = Stage({"feedback": asked}).rows("survey_questions")
    assert sum(r["answered_alike"] for r in rows) == pytest.approx(8.0), "half of sixteen, as before"
    assert {r["row_id"]: r["answered_alike"] for r in rows}["n0"] == pytest.approx(1 - 0.25 + 0.5)
    assert {r["row_id"]: r["answered_alike"] for r in rows}["s7"] == pytest.approx(0 - 0.75 + 0.5)


def case(id_, opened, hours, **more):
    return {
        "ticket_id": id_,
        "customer_id": f"c{id_}",
        "opened_at": day(opened),
        "resolved_at": None if hours is None else day(opened) + timedelta(hours=hours),
        "team": "Desk",
        "topic": "invoice",
    } | more


def test_cases_are_due_once_solved_while_the_company_asks_about_cases():
    tickets = [
        case("1", "2025-01-01", 2),
        case("2", "2025-03-01", 2),
        case("3", "2025-03-02", 3, reopens=1),
        case("4", "2025-03-03", 90),
        case("5", "2025-03-04", None),
        case("6", "2025-12-29", 2),
        case("7", "2025-03-05", 2),
    ]
    feedback = [
        question("f2", "c2", "2025-03-01T06:00", 5, kind="csat", ticket_id="2", scale_min=1, scale_max=5),
        question("f4", "c4", "2025-12-31", 1, kind="csat", ticket_id="4", scale_min=1, scale_max=5),
    ]
    tickets[1]["resolved_at"] = day("2025-03-01T06:00")
    rows = {r["row_id"]: r for r in Stage({"tickets": tickets, "feedback": feedback}).rows("surveyed_cases")}
    assert [id_ for id_, r in rows.items() if r["due"]] == ["2", "3", "4", "7"]
    assert [id_ for id_, r in rows.items() if r["asked"]] == ["2", "4"]
    assert [id_ for id_, r in rows.items() if r["never_solved"]] == ["5"]
    assert (rows["2"]["satisfied"], rows["4"]["satisfied"], rows["7"]["satisfied"]) == (True, False, None)
    assert rows["3"]["experience"] == rows["4"]["experience"] == "slow or reopened cases"
    assert (rows["7"]["experience"], rows["5"]["experience"]) == ("smooth cases", None)


def test_a_company_that_never_asks_about_cases_has_none_due():
    rows = Stage({"tickets": [case("1", "2025-01-01", 2)], "feedback": [question("n", "c1", "2025-01-05", 9)]})
    assert [r["due"] for r in rows.rows("surveyed_cases")] == [False]


def test_orders_are_due_once_they_arrived():
    orders = [
        order("1", "a", "2025-03-01", delivered_at=day("2025-03-04"), promised_at=day("2025-03-05")),
        order("2", "b", "2025-03-01", delivered_at=day("2025-03-08"), promised_at=day("2025-03-05")),
        order("3", "c", "2025-03-01", status="cancelled"),
        order("4", "d", "2025-04-01", returned_at=day("2025-04-09"), delivered_at=day("2025-04-03")),
        order("5", "e", "2025-11-01", delivered_at=day("2025-12-30")),
    ]
    feedback = [
        question("f1", "a", "2025-03-04", kind="csat", order_id="1"),
        question("f5", "e", "2025-12-31", kind="csat", order_id="5"),
    ]
    rows = {r["row_id"]: r for r in Stage({"orders": orders, "feedback": feedback}).rows("surveyed_orders")}
    assert [id_ for id_, r in rows.items() if r["due"]] == ["1", "2", "4"]
    assert {id_: r["experience"] for id_, r in rows.items() if r["due"]} == {
        "1": "orders that went well",
        "2": "orders late or sent back",
        "4": "orders late or sent back",
    }


def test_a_quarter_counts_those_who_were_there_all_of_it():
    many = [question(f"m{i}", f"m{i}", "2025-05-05", 9) for i in range(30)]
    rows = Stage(
        {
            "customers": [{"customer_id": "x", "region": "north"}],
            "subscriptions": [
                period("x", "2025-01-01"),
                period("gone", "2025-01-01", "2025-06-01"),
                period("late", "2025-04-02"),
            ],
            "orders": [
                order("1", "buyer", "2025-01-15"),
                order("2", "buyer", "2025-03-15"),
                order("3", "old", "2024-09-01"),
                order("4", "once", "2025-03-15"),
            ],
            "feedback": [
                *many,
                question("q", "x", "2025-05-06", 9),
                question("z", "once", "2025-05-06", 9, kind="csat", ticket_id="T1"),
                question("w", "x", "2025-08-06", 9),
            ],
        }
    ).rows("surveyed_customers")
    assert [(r["customer_id"], r["asked"], r["lately"]) for r in rows] == [
        ("buyer", False, "customers with several orders lately"),
        ("once", False, "customers with one order lately"),
        ("x", True, None),
    ], "the third quarter has one question, the case's question is not about the whole"


def test_without_orders_and_contracts_everybody_known_counts():
    many = [question(f"m{i}", f"c{i}", "2025-05-05", 9) for i in range(30)]
    customers = [{"customer_id": f"c{i}", "created_at": day("2025-01-01")} for i in range(31)]
    customers += [
        {"customer_id": "closed", "created_at": day("2025-01-01"), "closed_at": day("2025-05-01")},
        {"customer_id": "new", "created_at": day("2025-05-01")},
    ]
    rows = Stage({"customers": customers, "feedback": many}).rows("surveyed_customers")
    assert (len(rows), sum(r["asked"] for r in rows)) == (31, 30)
