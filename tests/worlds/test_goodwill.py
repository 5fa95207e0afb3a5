"""What invented companies do unasked, the shop's programme, and the twin in which use fades before anybody leaves."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from rapport.audits.commitment.champion_left import LEAST, champion_left
from rapport.core.outcome import NotAssessable
from rapport.worlds import World, build
from tests.stage import Stage


@pytest.fixture(scope="module", params=["shop", "subscription"])
def world(request: pytest.FixtureRequest) -> World:
    return build(request.param, 1200, seed=9)


def test_words_and_thanks_go_to_those_who_are_customers_then(world: World) -> None:
    touches = world.tables["touches"].to_pandas()
    people = world.tables["customers"].to_pandas().set_index("customer_id")
    own = touches[touches.purpose.isin(["service", "reward"])]
    assert set(own.purpose) == {"service", "reward"}
    assert not own.automated.any()
    who = people.loc[own.customer_id]
    assert (own.sent_at.array >= who.created_at.array + pd.Timedelta(days=59)).all()
    closed = who.closed_at.notna().array
    assert (own.sent_at.array[closed] < who.closed_at.array[closed]).all()


def test_who_has_stayed_long_is_thanked_more_often(world: World) -> None:
    touches = world.tables["touches"].to_pandas()
    people = world.tables["customers"].to_pandas().set_index("customer_id")
    age = (touches.sent_at.array - people.created_at.loc[touches.customer_id].array).days
    words = touches.purpose.eq("service").to_numpy()
    thanks = touches.purpose.eq("reward").to_numpy()
    rates = [float(thanks[part].sum() / words[part].sum()) for part in (age < 365, age >= 365)]
    assert rates[1] > 3 * rates[0]


def test_the_programme_books_what_its_members_buy() -> None:
    tables = {name: table.to_pandas() for name, table in build("shop", 1200, seed=9).tables.items()}
    entries, orders = tables["loyalty"], tables["orders"]
    joined = entries[entries.kind == "join"].set_index("customer_id")["at"]
    assert joined.index.is_unique
    rest = entries[entries.kind != "join"]
    assert (rest["at"].array >= joined.loc[rest.customer_id].array).all()
    earned = entries[entries.kind == "earn"].merge(
        orders, left_on=["customer_id", "at"], right_on=["customer_id", "ordered_at"]
    )
    assert len(earned) == (entries.kind == "earn").sum()
    assert (earned.points == np.floor(earned.amount.astype(float))).all()
    redeemed = entries[entries.kind == "redeem"].groupby("customer_id").points.sum()
    points = entries[entries.kind == "earn"].groupby("customer_id").points.sum()
    assert (points.loc[redeemed.index] + redeemed >= 0).all()
    tiers = entries[entries.kind == "tier"]
    assert not tiers.duplicated(["customer_id", "tier"]).any()
    bought = entries[entries.kind == "earn"].groupby("customer_id").size()
    gold = tiers[tiers.tier == "gold"].customer_id
    assert len(gold)
    assert (bought.loc[gold] >= 10).all()


def test_where_use_fades_first_the_plain_comparison_is_certain_and_the_audit_is_not() -> None:
    tables = build("subscription", 2500, seed=3, twin="fading-first").tables
    stage = Stage(tables, as_of=datetime(2026, 5, 1), start=datetime(2024, 5, 1))
    rows = [r for r in stage.rows("champion_leavings") if r["champion"] == "left"]
    usual, after = (np.array([float(r[c]) for r in rows]) for c in ("usual", "after"))
    fall = (after - usual) / usual.mean()
    assert (-fall.mean() - LEAST) / (fall.std() / np.sqrt(len(fall))) > 3
    outcome = stage.ask(champion_left)
    assert isinstance(outcome, NotAssessable)
    assert "before they left" in outcome.reason


def test_the_other_company_has_no_such_twin_to_tell_from_itself() -> None:
    """The shop has no contacts: there the twin is the clean company."""
    clean, twin = (build("shop", 60, 6, twin=t) for t in ("clean", "fading-first"))
    assert all(twin.tables[of].equals(table) for of, table in clean.tables.items())
