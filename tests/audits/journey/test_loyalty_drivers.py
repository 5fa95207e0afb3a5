"""Users of one small feature stay and recommend; heavy users only use everything; few customers tell nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.journey.loyalty_drivers import loyalty_drivers
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.stage import Stage

DAY = np.timedelta64(1, "D")
BEGIN = np.datetime64("2024-01-01", "us")
FEATURES = ("schedule", "photos", "reports")


def company(seed, n=3000, photos=0.0, heavy=0.0):
    """Subscribers who join over 17 months; `photos` is how much more its early users recommend and stay.

    `heavy` is by how much those who use much of everything stay and recommend more than those who use little.
    """
    chance = np.random.default_rng(seed)
    joined = BEGIN + (5 + chance.integers(0, 510, n)) * DAY
    drive = chance.normal(0, 1, n)
    busy = 1 / (1 + np.exp(-drive))
    takes = chance.random((n, 3)) < np.clip(np.array([0.8, 0.3, 0.3]) + 0.4 * (busy[:, None] - 0.5), 0, 1)
    days = chance.binomial(25, 0.1 + 0.5 * busy)
    likes = takes[:, 1] * photos
    stays = chance.random(n) < np.clip(0.75 + likes + heavy * (busy - 0.5), 0, 1)
    refers = chance.random(n) < np.clip(0.06 + likes + heavy * (busy - 0.5), 0, 1)
    left = joined + chance.integers(40, 200, n) * DAY
    customer = np.char.add("c", np.arange(n).astype(str))
    who, feature, day = [], [], []
    for k, name in enumerate(FEATURES):
        for i in np.flatnonzero(takes[:, k]):
            own = chance.choice(27, max(1, days[i] // (k + 1)), replace=False)
            who += [i] * own.size
            feature += [name] * own.size
            day += list(joined[i] + own * DAY)
    recommended = np.flatnonzero(refers)
    return {
        "customers": pa.table({"customer_id": customer, "created_at": joined}),
        "subscriptions": pa.table(
            {
                "subscription_id": np.append(customer, "old"),
                "customer_id": np.append(customer, "old"),
                "plan": np.full(n + 1, "basic"),
                "mrr": [Decimal(10)] * (n + 1),
                "valid_from": np.append(joined, BEGIN),
                "valid_to": pa.array(np.append(left, BEGIN), mask=np.append(stays, True)),
            }
        ),
        "usage": pa.table(
            {
                "customer_id": customer[who],
                "day": np.array(day).astype("datetime64[D]"),
                "feature": feature,
                "events": np.ones(len(who), dtype=np.int64),
            }
        ),
        "referrals": pa.table(
            {
                "referral_id": np.append(recommended.astype(str), "first"),
                "referrer_id": np.append(customer[recommended], "old"),
                "at": np.append(joined[recommended] + 90 * DAY, BEGIN),
            }
        ),
    }


def asked(tables):
    return Stage(tables, as_of=datetime(2026, 1, 1)).ask(loyalty_drivers)


def certain(outcome):
    assert isinstance(outcome, Looked), outcome
    return [t for t in outcome.tests if t.p_value < 0.001]


def test_users_of_one_small_feature_who_stay_and_recommend_are_found():
    outcome = asked(company(1, photos=0.2))
    found = certain(outcome)
    assert {t.scope["behaviour"] for t in found} == {"used photos"}
    assert {t.scope["outcome"] for t in found} == {"recommend you", "stay"}
    assert all(t.status is Status.OPPORTUNITY for t in found)
    one = next(t for t in found if t.scope["outcome"] == "recommend you")
    assert one.title.startswith("Of new customers who used photos in their first four weeks ")
    assert one.effect.low < 0.2 < one.effect.high
    assert one.cause.status == "hypothesis"
    assert len(one.cause.alternatives) == 3


@pytest.mark.parametrize("seed", range(3))
def test_heavy_users_who_use_everything_and_stay_make_no_feature_matter(seed):
    outcome = asked(company(seed, heavy=0.6))
    assert certain(outcome) == []
    crude = [t for t in outcome.tests if t.cause.alternatives[0].result.startswith(("1", "2"))]
    assert crude, "compared with everybody, ten points and more would have been seen"


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_matters_nothing_is_found(seed):
    assert certain(asked(company(seed))) == []


def test_a_company_without_drivers_is_in_order_once_there_are_enough_customers():
    outcome = asked(company(5, n=9000))
    assert all(t.within for t in outcome.tests if t.scope["outcome"] == "recommend you")


def test_few_newcomers_tell_nothing_and_what_would_do_is_said():
    outcome = asked(company(1, n=150, photos=0.2))
    assert outcome.tests == ()
    assert outcome.short[0].needed == 90


def test_without_contracts_or_orders_it_says_so():
    tables = company(1, n=100)
    outcome = asked({"customers": tables["customers"], "usage": tables["usage"]})
    assert isinstance(outcome, NotAssessable)
    assert "subscriptions.valid_from or orders.ordered_at" in outcome.missing
