"""Whose relationship is healthy, and why: told on a few customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rapport.measures.health_indicators import DOMAINS, INDICATORS, POINTS
from rapport.measures.health_signs import PROFILES
from tests.stage import Stage

NOW = datetime(2026, 1, 1)
CUSTOMERS = 40


def ago(days: float) -> datetime:
    return NOW - timedelta(days)


def company(**more: list[dict[str, Any]]) -> Stage:
    """A shop of forty who all buy every month and were created two years ago, with what a test adds."""
    names = [f"c{i:02d}" for i in range(CUSTOMERS)]
    tables: dict[str, Any] = {
        "customers": [{"customer_id": c, "created_at": ago(730)} for c in names],
        "orders": [
            {
                "order_id": f"{c}-{m}",
                "customer_id": c,
                "ordered_at": ago(30 * m + 5),
                "amount": 20.0,
                "status": "completed",
            }
            for c in names
            for m in range(12)
        ],
        **more,
    }
    return Stage(tables, as_of=NOW, start=ago(900))


def health(stage: Stage) -> dict[str, dict[str, Any]]:
    return {row["customer_id"]: row for row in stage.rows("health")}


@pytest.mark.parametrize("profile", range(len(PROFILES)), ids=PROFILES)
def test_every_domain_is_worth_ten_points_in_every_profile(profile: int) -> None:
    for domain in DOMAINS:
        assert sum(one.points[profile] for one in INDICATORS if one.domain == domain) == POINTS


def test_equal_customers_are_all_in_the_middle() -> None:
    found = health(company())
    assert len(found) == CUSTOMERS
    assert {row["health"] for row in found.values()} == {50.0}
    assert all(row["reason_1"] is None for row in found.values())


def test_the_points_of_the_domains_sum_to_the_score() -> None:
    asked = [
        {"feedback_id": f"f{i}", "customer_id": f"c{i:02d}", "kind": "nps", "asked_at": ago(60), "answered_at": ago(59)}
        | {"score": float(i % 11)}
        for i in range(30)
    ]
    for row in health(company(feedback=asked)).values():
        assert row["health"] == pytest.approx(50 + sum(row[d] for d in DOMAINS), abs=1e-6)


def test_speaking_up_is_healthy_and_an_unsolved_problem_is_not() -> None:
    case = {"opened_by": "customer", "topic": "delivery", "channel": "email"}
    tickets = [
        {**case, "ticket_id": "t1", "customer_id": "c00", "opened_at": ago(40), "resolved_at": ago(39)},
        {**case, "ticket_id": "t2", "customer_id": "c01", "opened_at": ago(40)},
    ]
    found = health(company(tickets=tickets))
    assert found["c00"]["communication"] > found["c05"]["communication"]
    assert found["c01"]["communication"] < found["c00"]["communication"]
    reasons = {found["c01"][f"reason_{i}"] for i in (1, 2, 3)}
    assert "a problem is unsolved" in reasons


def test_asked_and_silent_is_a_sign_and_never_asked_is_none() -> None:
    asked = [
        {"feedback_id": f"f{i}", "customer_id": f"c{i:02d}", "kind": "csat", "asked_at": ago(60), "scale_max": 5.0}
        | ({"answered_at": ago(59), "score": 4.0} if i else {})
        for i in range(20)
    ]
    found = health(company(feedback=asked))
    assert found["c00"]["sentiment"] < 0 == found["c30"]["sentiment"]
    assert found["c00"]["reason_1"] == "was asked and stayed silent"
    assert found["c30"]["sentiment_coverage"] == 0
    assert (
        found["c30"]["health_high"] - found["c30"]["health_low"]
        > found["c05"]["health_high"] - found["c05"]["health_low"]
    )


def test_contact_counts_inside_the_ceiling_and_beyond_it_against() -> None:
    def touches(customer: str, count: int) -> list[dict[str, Any]]:
        return [
            {"touch_id": f"{customer}-{n}", "customer_id": customer, "sent_at": ago(1 + n / 2), "purpose": "promotion"}
            | {"channel": "email"}
            for n in range(count)
        ]

    sent = [touch for i in range(CUSTOMERS) for touch in touches(f"c{i:02d}", 40 if i == 0 else 4 + 8 * (i % 2))]
    found = health(company(touches=sent))
    assert found["c00"]["reason_1"] == "is contacted too often"
    assert found["c01"]["outreach"] == found["c02"]["outreach"] > found["c00"]["outreach"]


def test_of_an_account_the_worst_answer_counts_and_not_the_mean() -> None:
    people = [
        {"contact_id": f"{c}{n}", "customer_id": c, "started_at": ago(700)} for c in ("c00", "c01") for n in range(2)
    ]
    people += [
        {"contact_id": f"c{i:02d}x{n}", "customer_id": f"c{i:02d}", "started_at": ago(700)}
        for i in range(2, 30)
        for n in (0, 1)
    ]
    answers = {"c00": (10, 2), "c01": (6, 6)}
    asked = [
        {"feedback_id": f"{c}{n}", "customer_id": c, "kind": "nps", "asked_at": ago(50), "answered_at": ago(49)}
        | {"score": float(score)}
        for c, scores in answers.items()
        for n, score in enumerate(scores)
    ]
    found = health(company(contacts=people, feedback=asked))
    assert found["c00"]["profile"] == found["c01"]["profile"] == "account"
    assert found["c00"]["sentiment"] < found["c01"]["sentiment"]
    assert found["c35"]["profile"] == "shop"


def test_who_is_gone_has_no_health() -> None:
    gone = [{"order_id": "x", "customer_id": "gone", "ordered_at": ago(600), "amount": 20.0, "status": "completed"}]
    stage = company()
    orders = [
        *gone,
        *({"order_id": "y", "customer_id": "here", "ordered_at": ago(6), "amount": 2.0, "status": "completed"},),
    ]
    found = health(Stage({"orders": orders}, as_of=NOW, start=ago(900)))
    assert set(found) == {"here"}
    assert len(health(stage)) == CUSTOMERS
