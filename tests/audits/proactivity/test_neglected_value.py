"""The best customers hear from nobody, or they do; those who write are answered and are another matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import fisher_exact

from rapport.audits.proactivity.neglected_value import BEST, neglected_value
from rapport.core.declarations import Declarations, Policy
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.stage import Stage

END = datetime(2026, 1, 1)
DAYS = 400.0


def moment(days_ago: Any) -> Any:
    return np.datetime64(END, "us") - (np.asarray(days_ago) * 86400e6).astype("timedelta64[us]")


def company(
    seed: int, customers: int = 2000, best: float = 0.8, others: float = 0.8, wrote: float = 0.5, young: float = 0.2
) -> dict[str, pa.Table]:
    """Return a shop; `best` and `others` are the shares with a word in the last ninety days.

    The best write with probability `wrote`, the others half as often; `young` is the share who came lately and were
    welcomed, none of them among the best.
    """
    random = np.random.default_rng(seed)
    who = np.array([f"c{i:04d}" for i in range(customers)])
    worth = random.lognormal(4, 1, customers)
    top = worth >= np.quantile(worth, 0.9)
    new = ~top & (random.random(customers) < young)
    since = np.where(new, random.uniform(5, 60, customers), random.uniform(200, 900, customers))
    word = random.random(customers) < np.where(top, best, others)
    letters = pa.table(
        {
            "touch_id": [f"m{i}" for i in range(2 * customers)],
            "customer_id": np.tile(who, 2),
            "sent_at": moment(np.concatenate([np.where(word, random.uniform(1, 89, customers), 150), since])),
            "purpose": ["service"] * customers + ["onboarding"] * customers,
        }
    )
    writes = random.random(customers) < np.where(top, wrote, wrote / 2)
    at = random.uniform(2, 80, int(writes.sum()))
    tickets = {"ticket_id": [f"t{i}" for i in range(at.size)], "customer_id": who[writes], "opened_at": moment(at)}
    orders = {"order_id": who, "customer_id": who, "ordered_at": moment(np.minimum(since, 100)), "amount": worth}
    return {
        "customers": pa.table({"customer_id": who, "created_at": moment(since)}),
        "orders": pa.table(orders),
        "touches": letters,
        "tickets": pa.table({**tickets, "first_reply_at": moment(at - 1)}),
    }


def ask(tables: dict[str, Any], declared: Declarations | None = None) -> Any:
    return Stage(tables, as_of=END, start=END - timedelta(days=DAYS), declared=declared).ask(neglected_value)


def worse(outcome: Any) -> list[Any]:
    assert isinstance(outcome, Looked)
    return [t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_best_without_a_word_are_found_though_many_of_them_write(seed: int) -> None:
    (test,) = worse(ask(company(seed, best=0.3)))
    assert (test.scope, test.status) == (BEST, Status.NONCONFORMING)
    assert test.p_value < 0.001
    assert test.title.startswith("Of your best customers who did not write themselves, ")
    assert test.consequence is not None
    assert test.consequence.value is None


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_where_all_are_looked_after_alike_nothing_is_found(seed: int) -> None:
    tests = worse(ask(company(seed)))
    assert {tuple(t.scope) for t in tests} == {("value_tier",), ()}
    assert min(t.p_value for t in tests) > 0.05


def test_new_customers_who_were_just_welcomed_do_not_make_the_best_look_forgotten() -> None:
    """Taken together, seventy of a hundred young ones against none of the best would be beyond any doubt."""
    test = next(t for t in worse(ask(company(5, best=0.5, others=0.5, young=0.7))) if t.scope)
    assert test.p_value > 0.05


def test_the_best_looked_after_better_than_others_is_good_practice() -> None:
    outcome = ask(company(1, best=0.95, others=0.4))
    good = [t for t in outcome.tests if t.status is Status.GOOD_PRACTICE]
    assert [t.scope for t in good] == [BEST]
    assert good[0].p_value < 0.001
    assert all(t.within for t in worse(outcome))


def test_the_p_value_is_near_that_of_an_exact_test_where_nothing_must_be_exceeded() -> None:
    """Fisher's test asks for any difference, this one for ten points: its p is the larger, the counts are the same."""
    tables = company(2, best=0.5, wrote=0.0, young=0.0)
    test = next(t for t in worse(ask(tables)) if t.scope)
    without, n = round(test.value.value * test.n), test.n
    others = 2000 - n
    left = round(test.baseline * others)
    exact = fisher_exact([[without, n - without], [left, others - left]], alternative="greater").pvalue
    assert exact < test.p_value < 0.01
    assert test.effect.value == pytest.approx(without / n - left / others)


def test_where_nobody_hears_anything_it_is_an_opportunity_and_with_a_declared_limit_a_fault() -> None:
    tables = company(1, best=0.0, others=0.0, wrote=0.1)
    (test,) = [t for t in worse(ask(tables)) if not t.scope]
    assert (test.status, test.baseline) == (Status.OPPORTUNITY, 0.5)
    assert test.p_value < 0.001
    declared = Declarations(policies=(Policy("word", "useful_contact_days", 60),))
    (test,) = [t for t in worse(ask(tables, declared)) if not t.scope]
    assert (test.status, test.baseline) == (Status.NONCONFORMING, 0.1)
    assert "60 days" in test.title


def test_too_few_and_nothing_known_are_not_assessable() -> None:
    assert isinstance(ask(company(1, customers=60)), NotAssessable)
    tables = company(1, customers=300)
    outcome = ask({name: tables[name] for name in ("customers", "orders")})
    assert isinstance(outcome, NotAssessable)
    assert any("touches.purpose" in missing for missing in outcome.missing)


def test_where_all_pay_the_same_there_is_no_best_tenth() -> None:
    tables = company(1)
    flat = tables["orders"].set_column(3, "amount", pa.array(np.full(2000, 49.0)))
    assert isinstance(ask({**tables, "orders": flat}), NotAssessable)
