"""A region whose customers fade without a word is found; who leaves with a word, and a pause, are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from rapport.audits.engagement.silent_churn import silent_churn
from rapport.core import outcome as outcomes
from rapport.core.outcome import Looked, NotAssessable, Status
from rapport.worlds import build
from tests.stage import Stage

END, START = datetime(2026, 5, 1), datetime(2024, 5, 1)


def worse(outcome: object) -> list[outcomes.Test]:
    assert isinstance(outcome, Looked)
    return sorted((t for t in outcome.tests if t.status is Status.NONCONFORMING), key=lambda t: t.p_value)


def company(name: str, customers: int, seed: int, dose: float | None = None) -> Stage:
    plants = {"silent-churn": dose} if dose else None
    return Stage(build(name, customers, 24, seed=seed, plants=plants).tables, as_of=END, start=START)


def test_the_region_that_falls_silent_is_found() -> None:
    outcome = company("subscription", 2500, 1, 0.25).ask(silent_churn)
    first = worse(outcome)[0]
    assert first.scope == {"region": "north"}
    assert first.p_value < 0.001
    assert first.value.value > 3 * first.baseline
    assert "leave without a word in four weeks" in first.title
    assert first.consequence is not None
    assert first.consequence.customers > 20
    assert first.consequence.value is not None
    assert first.consequence.value.low <= first.consequence.value.mid <= first.consequence.value.high


def test_in_a_healthy_company_nothing_is_found_and_the_flagging_is_proved() -> None:
    outcome = company("subscription", 2500, 2).ask(silent_churn)
    assert all(t.p_value > 0.01 for t in worse(outcome))
    assert isinstance(outcome, Looked)
    assert "are flagged now, with € " in outcome.headline
    (note,) = outcome.notes
    assert "against as many by three times their usual gap" in note
    assert "against as many by the length of the silence alone" in note
    assert "of their own usual gaps) before waiting" in note
    assert "not shown to catch more" not in note
    assert outcome.score is not None
    assert outcome.score.low < outcome.score.value < outcome.score.high


def test_in_a_shop_of_few_signs_it_claims_no_more_than_the_length_of_the_silence_tells() -> None:
    """Customers of this shop leave overnight and come seldom: there is little to see but how long they are silent."""
    stage = company("shop", 1500, 2)
    outcome = stage.ask(silent_churn)
    assert isinstance(outcome, Looked)
    (note,) = outcome.notes
    past = stage.asker.said["silence_backtest"]["backtest"]
    assert past["recency"]["difference"]["low"] <= 0
    doubted = note.partition("It is not shown to catch more than ")[2].partition(" would.")[0]
    assert "the length of the silence alone" in doubted
    assert ("three times their usual gap" in doubted) == (past["three_gaps"]["difference"]["low"] <= 0)
    more = past["recency"]["difference"]
    told = " to ".join(f"{100 * more[end]:+.1f}".replace("-", "−") for end in ("low", "high"))
    assert f"({told}) against as many by the length of the silence alone" in note
    lead = f"{past['lead_days_median']:.0f} days or more ({past['lead_gaps_median']:.1f} of their own usual gaps)"
    assert lead in note


def clients(seed: int, stops: str, how: str) -> dict[str, list[dict[str, object]]]:
    """A shop to which customers come about every fortnight; in one region a third stops over four months."""
    rng = np.random.default_rng(seed)
    orders: list[dict[str, object]] = []
    customers: list[dict[str, object]] = []
    tickets: list[dict[str, object]] = []
    for c in range(900):
        region = ("north", "south", "east")[c % 3]
        customers.append({"customer_id": f"c{c}", "region": region, "created_at": START - timedelta(days=30)})
        end = float(rng.uniform(420, 540)) if region == stops and c % 9 < 3 else 730.0
        now = float(rng.uniform(0, 14))
        while now < end:
            when = START + timedelta(days=now)
            orders.append({"order_id": f"{c}-{len(orders)}", "customer_id": f"c{c}", "ordered_at": when, "amount": 9.0})
            now += 14 * float(rng.gamma(4, 0.25))
        if end < 730 and how == "complains":
            opened = START + timedelta(days=end)
            tickets.append({"ticket_id": f"t{c}", "customer_id": f"c{c}", "opened_at": opened, "topic": "delivery"})
    return {"orders": orders, "customers": customers, **({"tickets": tickets} if tickets else {})}


def test_in_a_shop_the_silent_ones_are_found_and_since_when() -> None:
    outcome = Stage(clients(1, "east", "silent"), as_of=END, start=START).ask(silent_churn)
    found = [t for t in worse(outcome) if t.p_value < 0.001]
    assert {t.scope["region"] for t in found if t.scope} == {"east"}


def test_who_complains_before_they_go_does_not_go_without_a_word() -> None:
    silent = Stage(clients(2, "east", "silent"), as_of=END, start=START).ask(silent_churn)
    loud = Stage(clients(2, "east", "complains"), as_of=END, start=START).ask(silent_churn)
    quietly, openly = (
        {t.scope["region"]: t.value.value for t in worse(o) if t.scope and not t.onset} for o in (silent, loud)
    )
    assert openly["east"] < quietly["east"] / 2


def test_it_takes_signs_of_life() -> None:
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=END, start=START).ask(silent_churn)
    assert isinstance(outcome, NotAssessable)


@pytest.mark.parametrize("days", [100])
def test_a_young_record_cannot_tell(days: int) -> None:
    orders = [r for r in clients(3, "", "")["orders"] if r["ordered_at"] > END - timedelta(days=days)]  # type: ignore[operator]
    outcome = Stage({"orders": orders}, as_of=END, start=END - timedelta(days=days)).ask(silent_churn)
    assert isinstance(outcome, NotAssessable)
    assert "too short to look back" in outcome.reason
