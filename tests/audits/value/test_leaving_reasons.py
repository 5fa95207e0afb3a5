"""Unanswered cases are seen where price is said: told apart from other leavers, and called no cause too soon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.value.leaving_reasons import leaving_reasons
from rapport.core.outcome import Looked, NotAssessable
from tests.audits.engagement.shop import is_quiet, worse
from tests.stage import Stage

START, END = datetime(2024, 12, 1), datetime(2026, 1, 1)
WORDS = ("it is too expensive", "we do not use it enough", "we closed the business", None)


def company(
    seed: int,
    ignored: Callable[[str, bool, Any], float],
    customers: int = 1500,
    leaving: Callable[[str], float] = lambda plan: 0.03,
) -> dict[str, pa.Table]:
    """Return a year of subscribers; `ignored` is the chance of an unanswered case before a month.

    It is given what they will say on leaving at its end (empty: they stay), whether they wrote, and the plan.
    """
    random = np.random.default_rng(seed)
    plan = random.choice(["basic", "pro"], customers)
    periods, tickets = [], []
    for i in range(customers):
        end, words = None, None
        for month in range(12):
            begins = datetime(2025, month + 1, 1)
            leaves = random.random() < leaving(plan[i])
            said = str(random.choice(["price", "use", "closed", "none"], p=[0.4, 0.3, 0.1, 0.2])) if leaves else ""
            writes = random.random() < 0.5
            if writes and month > 0:
                at = begins - timedelta(days=20)
                waits = random.random() < ignored(said, writes, plan[i])
                tickets.append((f"t{i}-{month}", f"c{i}", at, None if waits else at + timedelta(hours=3)))
            if leaves:
                end = begins + timedelta(days=float(random.uniform(1, 27)))
                words = WORDS[["price", "use", "closed", "none"].index(said)]
                break
        periods.append((f"c{i}", plan[i], end, words))
    return {
        "subscriptions": pa.table(
            {
                "subscription_id": [p[0] for p in periods],
                "customer_id": [p[0] for p in periods],
                "plan": [p[1] for p in periods],
                "mrr": [20.0] * customers,
                "valid_from": [datetime(2024, 12, 5)] * customers,
                "valid_to": pa.array([p[2] for p in periods], pa.timestamp("us")),
                "end_reason": ["cancelled" if p[2] else None for p in periods],
                "cancel_reason": pa.array([p[3] for p in periods], pa.string()),
            }
        ),
        "tickets": pa.table(
            {
                "ticket_id": [t[0] for t in tickets],
                "customer_id": [t[1] for t in tickets],
                "opened_at": [t[2] for t in tickets],
                "first_reply_at": pa.array([t[3] for t in tickets], pa.timestamp("us")),
            }
        ),
    }


def on_stage(tables: dict[str, Any]) -> Stage:
    return Stage(tables, as_of=END, start=START)


def when_they_say_price(said: str, writes: bool, plan: Any) -> float:
    return 0.95 if said == "price" else 0.02


def when_they_leave(said: str, writes: bool, plan: Any) -> float:
    return 0.95 if said else 0.02


def rarely(said: str, writes: bool, plan: Any) -> float:
    return 0.02


def on_one_plan(said: str, writes: bool, plan: Any) -> float:
    return 0.6 if plan == "basic" else 0.02


@pytest.mark.parametrize("seed", [1, 2])
def test_price_is_said_and_unanswered_cases_are_seen(seed: int) -> None:
    first = worse(on_stage(company(seed, when_they_say_price)).ask(leaving_reasons))[0]
    assert first.scope == {"said": "price", "path": "unanswered cases"}
    assert first.p_value < 0.001
    assert first.cause.status == "supported"
    assert "the record cannot say" in first.cause.statement
    assert first.consequence.value.low == 0
    assert first.consequence.value.mid < first.consequence.value.high


def test_what_all_who_leave_had_supports_nothing_about_one_reason() -> None:
    first = worse(on_stage(company(1, when_they_leave)).ask(leaving_reasons))[0]
    assert first.p_value < 0.001
    assert first.cause.status == "hypothesis"
    assert first.cause.alternatives[0].name == "all who leave had it"


@pytest.mark.parametrize("seed", range(3))
def test_a_company_that_answers_is_left_alone(seed: int) -> None:
    assert is_quiet(on_stage(company(seed, rarely)).ask(leaving_reasons))


@pytest.mark.parametrize("seed", range(2))
def test_a_plan_that_is_badly_served_and_left_more_often_fools_nobody(seed: int) -> None:
    """Leavers have more unanswered cases because more of them are on that plan: among those alike they do not."""
    tables = company(seed, on_one_plan, leaving=lambda plan: 0.08 if plan == "basic" else 0.005)
    stage = on_stage(tables)
    assert is_quiet(stage.ask(leaving_reasons))
    rows = [r for r in stage.rows("leaving_paths") if r["month"].month > 4]
    naive = [np.mean([r["unanswered"] for r in rows if r["outcome"] == o]) for o in ("left", "stayed")]
    assert naive[0] > naive[1] + 0.05


def test_what_is_told_agrees_with_the_rows() -> None:
    tables = company(5, rarely)
    outcome = on_stage(tables).ask(leaving_reasons)
    assert isinstance(outcome, Looked)
    gone = tables["subscriptions"].to_pandas()
    gone = gone[gone.valid_to.notna()]
    told = gone.cancel_reason.notna()
    assert outcome.headline.startswith(f"{100 * told.mean():.0f} % of {len(gone)} who left by choice said why: price ")
    price = (gone.cancel_reason == WORDS[0]).sum() / told.sum()
    assert f"price {100 * price:.0f} %" in outcome.headline


def row(customer: str, ends: datetime | None = None, words: str | None = None, reason: str = "cancelled") -> Any:
    return {
        "subscription_id": customer,
        "customer_id": customer,
        "plan": "one",
        "mrr": 10.0,
        "valid_from": datetime(2025, 1, 5),
        "valid_to": ends,
        "cancel_reason": words,
        "end_reason": reason if ends else None,
    }


def test_what_came_before_is_looked_at_on_the_first_of_the_month() -> None:
    first = datetime(2025, 6, 1)
    periods = [
        row("gone", datetime(2025, 6, 20), "Viel zu teuer"),
        row("unpaid", datetime(2025, 6, 20), None, "payment_failure"),
        row("stays"),
    ]

    def case(id_: str, customer: str, before: float, waited: float | None) -> dict[str, Any]:
        at = first - timedelta(days=before)
        reply = None if waited is None else at + timedelta(days=waited)
        return {"ticket_id": id_, "customer_id": customer, "opened_at": at, "first_reply_at": reply}

    tickets = [case("t1", "gone", 8, 9.0), case("t2", "stays", 5, None), case("t3", "stays", 30, 6.0)]
    late = {"payment_id": "p", "customer_id": "gone", "paid_at": first + timedelta(days=1), "status": "failed"}
    stage = on_stage({"subscriptions": periods, "tickets": tickets, "payments": [{**late, "amount": 1.0}]})
    found = {r["customer_id"]: r for r in stage.rows("leaving_paths") if r["month"] == first.date()}
    assert set(found) == {"gone", "stays"}  # who could not pay did not choose
    assert (found["gone"]["outcome"], found["gone"]["said"]) == ("left", "price")
    assert (found["gone"]["unanswered"], found["gone"]["wrote"], found["gone"]["unpaid"]) == (True, True, False)
    assert (found["stays"]["said"], found["stays"]["unanswered"], found["stays"]["wrote"]) == (None, False, True)
    assert found["stays"]["risen"] is None


@pytest.mark.parametrize(
    ("words", "theme"),
    [
        ("Too expensive for us", "price"),
        ("Nobody answered us", "service"),
        ("we do not use it enough", "not used"),
        ("another program does more", "better elsewhere"),
        ("We closed the business", "circumstances"),
        ("just because", "something else"),
        (None, "no reason"),
    ],
)
def test_words_have_themes(words: str | None, theme: str) -> None:
    found = on_stage({"subscriptions": [row("a", datetime(2025, 6, 20), words)]}).rows("leaving_paths")
    assert {r["said"] for r in found if r["outcome"] == "left"} == {theme}


def test_without_reasons_it_says_so() -> None:
    tables = company(1, rarely, customers=100)
    tables["subscriptions"] = tables["subscriptions"].drop_columns(["cancel_reason"])
    outcome = on_stage(tables).ask(leaving_reasons)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("subscriptions.cancel_reason or feedback.text",)


def test_without_anything_before_it_is_not_called_fine() -> None:
    tables = {"subscriptions": company(1, rarely, customers=300)["subscriptions"]}
    outcome = on_stage(tables).ask(leaving_reasons)
    assert isinstance(outcome, NotAssessable)
    assert "tickets.first_reply_at" in outcome.missing
