"""The twins do what they say, with any company, and leave the rest as it was."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rapport.worlds import TWINS, WORLDS, World, build
from rapport.worlds.injected import LINES

CUSTOMERS = 1500
NAMES = sorted(WORLDS)


@pytest.fixture(scope="module")
def companies() -> dict[str, World]:
    return {name: build(name, CUSTOMERS, seed=5) for name in NAMES}


def apart(one: pd.Series, other: pd.Series) -> float:
    """Return how many standard errors two means are apart."""
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    return float((one.mean() - other.mean()) / error)


@pytest.mark.parametrize("name", NAMES)
def test_every_twin_is_a_company_of_the_same_kind(name: str, companies: dict[str, World]) -> None:
    for twin in TWINS:
        world = build(name, 80, seed=5, twin=twin)
        assert set(world.tables) == set(companies[name].tables)
        assert world.truth["twin"] == twin
        assert world.truth["planted"] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_clean_twin_is_the_company_without_its_plants(name: str, companies: dict[str, World]) -> None:
    clean = build(name, CUSTOMERS, seed=5, twin="clean")
    assert all(clean.tables[of].equals(table) for of, table in companies[name].tables.items())


@pytest.mark.parametrize("name", NAMES)
def test_the_small_twin_has_sixty_customers(name: str) -> None:
    assert build(name, 5000, seed=5, twin="small").tables["customers"].num_rows == 60
    assert build(name, 20, seed=5, twin="small").tables["customers"].num_rows == 20


def _since(world: World, id_: str) -> str:
    return next(str(p["since"]) for p in world.truth["planted"] if p["id"] == id_)


def _slow_team(world: World, id_: str) -> float:
    tickets = world.tables["tickets"].to_pandas()
    tickets["wait"] = np.log((tickets.first_reply_at - tickets.opened_at).dt.total_seconds())
    slow = tickets.team == WORLDS[world.truth["world"]].plants[id_].scope["team"]
    known = tickets.wait.notna()
    return apart(tickets.wait[slow & known], tickets.wait[~slow & known])


def _handed_on(world: World, id_: str) -> float:
    tickets = world.tables["tickets"].to_pandas()
    there = tickets.topic == WORLDS[world.truth["world"]].plants[id_].scope["topic"]
    known = tickets.handoffs.notna()
    return apart(tickets.handoffs[there & known], tickets.handoffs[~there & known])


def _worse_scores(world: World, id_: str) -> float:
    plant = WORLDS[world.truth["world"]].plants[id_]
    answers = world.tables["feedback"].to_pandas()
    answers = answers[(answers.kind == "csat") & answers.score.notna()]
    late = answers.asked_at >= _since(world, id_)
    there = late & (answers.touchpoint == plant.scope["touchpoint"])
    return apart(answers.score[~there], answers.score[there])


def _left_plan(world: World, id_: str) -> float:
    plant = WORLDS[world.truth["world"]].plants[id_]
    periods = world.tables["subscriptions"].to_pandas().sort_values("valid_from")
    last = periods.groupby("subscription_id").tail(1)
    gone = (last.valid_to >= _since(world, id_)).astype(float)
    there = last.plan == plant.scope["plan"]
    return apart(gone[there], gone[~there])


def _never_again(world: World, id_: str) -> float:
    came = world.tables["customers"].to_pandas().set_index("customer_id").acquisition_channel
    times = world.tables["orders"].to_pandas().groupby("customer_id").size()
    there = came.reindex(times.index) == WORLDS["shop"].plants[id_].scope["acquisition_channel"]
    return apart(times[~there], times[there])


SEEN = {"first-reply": _slow_team, "hand-offs": _handed_on, "csat": _worse_scores}
ONLY = {"shop": {"repeat-purchase": _never_again}, "subscription": {"churn": _left_plan}}


@pytest.mark.parametrize("name", NAMES)
def test_shuffled_outcomes_hide_what_is_planted(name: str) -> None:
    """Doubled doses, so that they are far beyond chance here; four standard errors are one company in 16,000."""
    seen = SEEN | ONLY[name]
    doses = {id_: min(2 * WORLDS[name].plants[id_].dose, 12.0) for id_ in seen if id_ != "repeat-purchase"}
    doses |= {id_: None for id_ in seen if id_ not in doses}
    planted = build(name, CUSTOMERS, seed=5, plants=doses)
    hidden = build(name, CUSTOMERS, seed=5, plants=doses, twin="shuffled")
    for id_, contrast in seen.items():
        assert contrast(planted, id_) > 7, id_
        assert abs(contrast(hidden, id_)) < 4, id_


@pytest.mark.parametrize("name", NAMES)
def test_shuffling_deals_anew_and_invents_nothing(name: str, companies: dict[str, World]) -> None:
    shuffled = build(name, CUSTOMERS, seed=5, twin="shuffled")
    before, after = companies[name].tables, shuffled.tables
    for of, columns in {
        "feedback": ("kind", "asked_at", "touchpoint"),
        "tickets": ("opened_at", "team", "topic"),
        "customers": ("created_at",),
        "subscriptions": ("valid_from", "valid_to", "end_reason"),
    }.items():
        assert after[of].sort_by(before[of].column_names[0]).select(columns).equals(before[of].select(columns)), of
    for of, column in (("tickets", "handoffs"), ("subscriptions", "plan"), ("customers", "region")):
        # Cases of the last days, whose course the record does not know yet, are not the same ones: one in a hundred.
        was, now = (pd.Series(t[of][column].to_pylist()).value_counts() for t in (before, after))
        assert (was - now).abs().sum() < 0.02 * was.sum(), (of, column)
    assert not after["tickets"]["first_reply_at"].equals(before["tickets"]["first_reply_at"])


def test_shuffled_orders_and_payments_still_add_up() -> None:
    shop = build("shop", 300, seed=5, twin="shuffled").tables
    lines = shop["order_lines"].to_pandas()
    gross = (lines.quantity * lines.unit_price.astype(float)).groupby(lines.order_id).sum()
    orders = shop["orders"].to_pandas().set_index("order_id")
    paid = orders.amount.astype(float) + orders.discount.astype(float)
    assert np.allclose(paid, gross.reindex(paid.index), atol=0.006)
    assert (orders.refund_amount.dropna() <= orders.amount[orders.refund_amount.notna()]).all()
    company = build("subscription", 300, seed=5, twin="shuffled").tables
    periods, payments = company["subscriptions"].to_pandas(), company["payments"].to_pandas()
    both = payments.merge(periods, on="subscription_id")
    running = (both.valid_from <= both.due_at) & ~(both.valid_to <= both.due_at)
    assert (both.amount[running] == both.mrr[running]).all()


def _by_month(world: World, of: str, column: str) -> pd.Series:
    at = world.tables[of][column].to_pandas()
    return at.groupby([at.dt.year, at.dt.month]).size()


@pytest.mark.parametrize("name", NAMES)
def test_the_season_twin_has_its_peak_in_december(name: str, companies: dict[str, World]) -> None:
    season = build(name, CUSTOMERS, seed=5, twin="season")
    ratio = _by_month(season, "tickets", "opened_at") / _by_month(companies[name], "tickets", "opened_at")
    december = ratio.index.get_level_values(1) == 12
    assert (ratio[december] > 1.3).all()
    others = ratio[~np.isin(ratio.index.get_level_values(1), (11, 12, 1))]
    # A month has some 150 cases: a tenth, and what the crowded weeks did to those who write.
    assert others.between(0.8, 1.25).all()
    tickets = season.tables["tickets"].to_pandas()
    wait = np.log((tickets.first_reply_at - tickets.opened_at).dt.total_seconds())
    there = tickets.opened_at.dt.month == 12
    assert apart(wait[there & wait.notna()], wait[~there & wait.notna()]) > 4


@pytest.mark.parametrize("name", NAMES)
def test_instructions_are_in_the_words_and_nowhere_else(name: str, companies: dict[str, World]) -> None:
    before, after = companies[name].tables, build(name, CUSTOMERS, seed=5, twin="instructions").tables
    said = set(pc.unique(after["messages"]["text"]).to_pylist()) | set(pc.unique(after["feedback"]["text"]).to_pylist())
    assert set(LINES) <= said
    words = {"text", "author", "name", "cancel_reason", "product", "campaign"}
    for of, table in before.items():
        now = after[of]
        if of == "feedback":
            assert pc.sum(pc.equal(now["kind"], "review")).as_py() > 20
            now = now.filter(pc.not_equal(now["kind"], "review"))
        columns = [c for c in table.column_names if c not in words]
        assert now.select(columns).equals(table.select(columns)), of


def test_the_small_fall_is_no_larger_than_chance() -> None:
    world = build("shop", 3000, seed=5, twin="small-fall")
    feedback = world.tables["feedback"]
    answered = feedback.filter(pc.and_(pc.equal(feedback["kind"], "nps"), pc.is_valid(feedback["score"])))
    since = pa.scalar(pd.Timestamp("2025-10-30", tz="UTC").to_pydatetime())
    wave = pc.sum(pc.greater_equal(answered["asked_at"], since)).as_py()
    # Four standard deviations of a Poisson count of 300.
    assert abs(wave - 300) < 70


def test_in_the_regression_twin_a_high_half_year_is_followed_by_usual_ones() -> None:
    world = build("subscription", CUSTOMERS, seed=5, twin="regression")
    usage = world.tables["usage"].to_pandas()[["customer_id", "day"]].drop_duplicates()
    half = (pd.to_datetime(usage.day) - pd.Timestamp("2024-05-01")).dt.days // 183
    days = usage.groupby(["customer_id", half]).size().unstack(fill_value=0)
    periods = world.tables["subscriptions"].to_pandas()
    since = periods.groupby("customer_id").valid_from.min()
    stays = periods[periods.valid_to.isna()].customer_id
    days = days[days.index.isin(stays) & (since.reindex(days.index) < pd.Timestamp("2024-05-03", tz="UTC"))]
    loyal = days[days[0] >= days[0].quantile(0.67)]
    assert apart(loyal[0], loyal[3]) > 5  # who compares with the half-year that chose them calls it fading
    assert abs(apart(loyal[1], loyal[3])) < 3
