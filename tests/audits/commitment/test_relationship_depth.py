"""Partners turn into buyers, or only many new customers came; and nothing can be said without two years."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.commitment.relationship_depth import relationship_depth
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.stage import Stage

END = datetime(2026, 1, 1)
KINDS = np.array(["linen", "towels", "curtains"])


def moment(days_ago: Any) -> Any:
    return np.datetime64(END, "us") - (np.asarray(days_ago) * 86400e6).astype("timedelta64[us]")


def company(seed: int, before: float = 0.4, now: float = 0.4, new: int = 600, customers: int = 1800) -> dict[str, Any]:
    """Return a shop; so many of its customers of a year and more are partners, a year ago and now.

    `customers` have been here for two to four years, `new` of others came within the last twelve months. A partner
    orders three kinds of things and answers two surveys a year; anybody else orders one thing and says nothing.
    """
    random = np.random.default_rng(seed)
    tenure = np.concatenate([random.uniform(740, 1500, customers), random.uniform(30, 360, new)])
    rows = []
    for since, share in ((365, before), (0, now)):
        here = tenure > since + 30
        deep = here & (tenure > since + 365) & (random.random(tenure.size) < share)
        for i in np.flatnonzero(here):
            rows.append((i, since, min(since + 364.0, tenure[i]), bool(deep[i])))
    who, since, until, deep = (np.array(column) for column in zip(*rows, strict=True))
    who_ids = np.array([f"c{i:05d}" for i in range(tenure.size)])
    at = since + 1 + random.random(who.size) * (until - since - 2)
    number = np.arange(who.size)
    kinds = [(n, k) for n in number for k in range(3 if deep[n] else 1)]
    answers = np.repeat(number[deep], 2)
    return {
        "customers": pa.table({"customer_id": who_ids, "created_at": moment(tenure)}),
        "orders": pa.table(
            {
                "order_id": [f"o{n}" for n in number],
                "customer_id": who_ids[who],
                "ordered_at": moment(at),
                "amount": np.full(who.size, 30.0),
            }
        ),
        "order_lines": pa.table(
            {
                "order_line_id": [f"l{n}-{k}" for n, k in kinds],
                "order_id": [f"o{n}" for n, _ in kinds],
                "product_id": [f"p{k}" for _, k in kinds],
                "category": [KINDS[k] for _, k in kinds],
                "quantity": np.ones(len(kinds)),
            }
        ),
        "feedback": pa.table(
            {
                "feedback_id": [f"f{n}" for n in range(answers.size)],
                "customer_id": who_ids[who[answers]],
                "kind": ["csat"] * answers.size,
                "answered_at": moment(since[answers] + random.uniform(1, 360, answers.size)),
            }
        ),
    }


def ask(tables: dict[str, Any], days: int = 735) -> Any:
    return Stage(tables, as_of=END, start=END - timedelta(days=days)).ask(relationship_depth)


def worse(outcome: Any) -> Any:
    assert isinstance(outcome, Looked)
    (test,) = (t for t in outcome.tests if t.status is Status.NONCONFORMING)
    return test


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_partners_who_turn_into_buyers_are_found(seed: int) -> None:
    outcome = ask(company(seed, now=0.2))
    test = worse(outcome)
    assert test.p_value < 0.001
    assert test.scope == {}
    assert "of customers known for as long a year ago" in test.title
    assert test.consequence is not None
    assert test.cause is not None
    assert test.cause.status == "not_established"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_where_as_many_are_partners_as_before_nothing_is_found_and_that_is_a_result(seed: int) -> None:
    test = worse(ask(company(seed)))
    assert test.p_value > 0.05
    assert test.within


def test_many_new_customers_are_no_loss_of_partners() -> None:
    """By the plain share of partners the fall would be twenty points: all of it is mix."""
    outcome = ask(company(5, new=2000))
    test = worse(outcome)
    assert test.p_value > 0.05
    (then, now) = (float(x) for x in _shares(company(5, new=2000)))
    assert now - then < -0.15
    assert "because of who is a customer" in outcome.notes[0]


def _shares(tables: dict[str, Any]) -> list[float]:
    rows = Stage(tables, as_of=END, start=END - timedelta(days=735)).rows("relationship_types")
    return [float(np.mean([r["partner"] for r in rows if r["moment"] == moment])) for moment in ("a year ago", "now")]


def test_the_change_is_the_weighted_change_within_tenure() -> None:
    """A second way: the rates by hand from the rows, weighted by the mean share of each tenure."""
    tables = company(6, now=0.25)
    rows = Stage(tables, as_of=END, start=END - timedelta(days=735)).rows("relationship_types")
    bands = sorted({r["tenure_band"] for r in rows})
    sides = {m: [r for r in rows if r["moment"] == m] for m in ("a year ago", "now")}
    expected = 0.0
    for band in bands:
        own = {m: [r["partner"] for r in side if r["tenure_band"] == band] for m, side in sides.items()}
        if all(own.values()):
            weight = np.mean([len(own[m]) / len(sides[m]) for m in sides])
            expected += weight * (np.mean(own["now"]) - np.mean(own["a year ago"]))
    assert worse(ask(tables)).effect.value == pytest.approx(expected)


def test_more_partners_than_before_is_good_practice() -> None:
    good = next(t for t in ask(company(2, now=0.6)).tests if t.status is Status.GOOD_PRACTICE)
    assert good.p_value < 0.001


def test_false_alarms_are_as_rare_as_they_should_be() -> None:
    """At the least effect itself p-values are uniform or larger; of twenty, eight under 5 % have p < 1e-6."""
    ps = [worse(ask(company(seed, before=0.40, now=0.40 - 0.05, new=0, customers=500))).p_value for seed in range(20)]
    assert sum(p < 0.05 for p in ps) < 8


def test_without_two_years_or_without_conversations_nothing_is_said() -> None:
    tables = company(1, customers=200, new=50)
    assert isinstance(ask(tables, days=500), NotAssessable)
    without = ask({name: table for name, table in tables.items() if name != "feedback"})
    assert isinstance(without, NotAssessable)
    assert any("feedback.answered_at" in missing for missing in without.missing)
    undated = {**tables, "customers": tables["customers"].drop_columns(["created_at"])}
    assert isinstance(ask(undated), NotAssessable)
