"""Satisfaction, which no record shows, is moved by what customers experience and moves what they say, use and do.

Means of two groups of a large company are compared in standard errors; four of them are one company in 16,000.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rapport.worlds import World, build

SURE = 4.0
LATE = pd.Timestamp("2026-02-01", tz="UTC")


@pytest.fixture(scope="module")
def shop() -> World:
    return build("shop", 4000, seed=8)


@pytest.fixture(scope="module")
def software() -> World:
    return build("subscription", 4000, seed=8)


def truth(world: World) -> pd.DataFrame:
    return world.customers.to_pandas().set_index("customer_id")


def rows(world: World, of: str) -> pd.DataFrame:
    return world.tables[of].to_pandas()


def sure(higher: pd.Series, lower: pd.Series) -> bool:
    """Return whether one group's mean is higher than the other's beyond chance."""
    error = np.sqrt(higher.var() / len(higher) + lower.var() / len(lower))
    return bool((higher.mean() - lower.mean()) / error > SURE)


@pytest.mark.parametrize("name", ["shop", "software"])
def test_it_moves_the_answers(name: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(name)
    answers = rows(world, "feedback")
    answers = answers[answers.score.notna() & (answers.asked_at >= LATE)]
    felt = truth(world).satisfaction.reindex(answers.customer_id).to_numpy()
    for kind, middle in (("nps", 8), ("csat", 4), ("ces", 6)):
        own = pd.Series(felt[answers.kind == kind])
        score = answers.score[answers.kind == kind].to_numpy()
        assert sure(own[score > middle], own[score <= middle]), kind


@pytest.mark.parametrize("name", ["shop", "software"])
def test_silence_and_failures_move_it(name: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(name)
    tickets = rows(world, "tickets")
    old_enough = (tickets.opened_at >= LATE) & (tickets.opened_at < pd.Timestamp("2026-04-01", tz="UTC"))
    lately = tickets[old_enough]
    never = set(lately.customer_id[lately.first_reply_at.isna()])
    quickly = set(lately.customer_id[(lately.resolved_at - lately.opened_at) < pd.Timedelta("20h")]) - never
    felt = truth(world).satisfaction
    # A dropped case weighs some 1.4 on a scale whose standard deviation is 0.75; few are dropped.
    assert felt.reindex(sorted(quickly)).mean() > felt.reindex(sorted(never)).mean() + 0.3


@pytest.mark.parametrize("name", ["shop", "software"])
def test_it_keeps_customers(name: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(name)
    known = truth(world)
    assert sure(known.satisfaction[known.left_at.isna()], known.satisfaction[known.left_at.notna()])


def test_it_brings_buyers_back(shop: World) -> None:
    orders = rows(shop, "orders")
    number = orders[orders.ordered_at >= LATE].groupby("customer_id").size()
    known = truth(shop)
    here = known[known.left_at.isna()]
    number = number.reindex(here.index).fillna(0)
    middle = here.satisfaction.median()
    assert sure(number[here.satisfaction > middle], number[here.satisfaction <= middle])


def test_it_moves_upgrades(software: World) -> None:
    periods = rows(software, "subscriptions")
    felt = truth(software).satisfaction
    rises = felt.reindex(periods.customer_id[periods.end_reason == "upgrade"].unique())
    sinks = felt.reindex(periods.customer_id[periods.end_reason == "downgrade"].unique())
    assert sure(rises, sinks)


def test_failed_payments_and_champions_who_leave_move_it(software: World) -> None:
    known = truth(software)
    payments, people = rows(software, "payments"), rows(software, "contacts")
    last = payments[payments.paid_at >= LATE]
    failed = set(last.customer_id[last.status == "failed"])
    paid = set(last.customer_id) - failed
    assert sure(known.satisfaction.reindex(sorted(paid)), known.satisfaction.reindex(sorted(failed)))
    without = people[people.left_at.isna()].groupby("customer_id").champion.any()
    here = known.left_at.isna()
    alone = set(without.index[~without]) & set(known.index[here])
    with_one = set(without.index[without]) & set(known.index[here])
    assert len(alone) > 20
    assert known.satisfaction.reindex(sorted(with_one)).mean() > known.satisfaction.reindex(sorted(alone)).mean()


def test_who_uses_more_features_stays(software: World) -> None:
    use, known = rows(software, "usage"), truth(software)
    joined = rows(software, "customers").set_index("customer_id").created_at.dt.tz_convert(None)
    use["age"] = pd.to_datetime(use.day) - joined.reindex(use.customer_id).to_numpy()
    early = use[use.age.between(pd.Timedelta("45D"), pd.Timedelta("90D"))]
    breadth = early.groupby("customer_id").feature.nunique()
    plan = rows(software, "subscriptions").sort_values("valid_from").groupby("customer_id").plan.first()
    breadth = breadth - breadth.groupby(plan.reindex(breadth.index)).transform("mean")
    stayed = known.left_at.isna().reindex(breadth.index)
    assert sure(breadth[stayed], breadth[~stayed])


def test_many_fade_before_they_leave_and_some_go_without_a_sign(software: World) -> None:
    known, use = truth(software), rows(software, "usage")
    gone = known[known.left_at.notna() & known.decided_at.notna() & (known.left_at > LATE - pd.Timedelta("400D"))]
    faded = (gone.left_at - gone.decided_at) > pd.Timedelta("62D")
    assert 0.15 < faded.mean() < 0.6
    use["left"] = pd.to_datetime(known.left_at.reindex(use.customer_id).to_numpy()).tz_localize(None)
    before = (use.left - pd.to_datetime(use.day)).dt.days
    for which, least, most in ((faded, 0.0, 0.45), (~faded, 0.45, 1.2)):
        own = use[use.customer_id.isin(gone.index[which])]
        last = (before.reindex(own.index).between(1, 30)).sum()
        earlier = (before.reindex(own.index).between(180, 209)).sum()
        assert least < last / earlier < most, (which.name, last, earlier)


def test_failing_payments_end_contracts_of_the_content_as_well(software: World) -> None:
    periods, felt = rows(software, "subscriptions"), truth(software).satisfaction
    lost = felt.reindex(periods.customer_id[periods.end_reason == "payment_failure"])
    left = felt.reindex(periods.customer_id[periods.end_reason == "cancelled"])
    assert sure(lost, left)
