"""A campaign whose customers leave is found; one that merely gets other customers is not; persons are not named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.alignment.after_the_sale import after_the_sale
from rapport.core.declarations import Declarations, PrivacyRules, Team
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.audits.engagement.shop import is_quiet, worse
from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
CAMPAIGNS = {"search": ("brand", "products", "prices"), "social": ("films", "friends")}
TEAMS = Declarations(teams=(Team("Web"), Team("Fairs")))


def won(seed: int, customers: int = 3000, stays: Any = None, skewed: bool = False) -> dict[str, pa.Table]:
    """Return subscribers who came over two years; `stays` gives the chance to stay half a year by their columns.

    With `skewed`, one campaign of each channel gets four small firms in five, the others one in three.
    """
    random = np.random.default_rng(seed)
    channel = random.choice(list(CAMPAIGNS), customers)
    campaign = np.array([random.choice(CAMPAIGNS[c]) for c in channel])
    small = random.random(customers) < (np.where(np.isin(campaign, ["prices", "films"]), 0.8, 0.35) if skewed else 0.5)
    who = {
        "channel": channel,
        "campaign": campaign,
        "team": random.choice(["Web", "Fairs"], customers),
        "size": np.where(small, "small", "large"),
    }
    began = np.where(random.random(customers) < 0.1, 0.0, random.uniform(0, 730, customers))
    chance = np.full(customers, 0.8) if stays is None else stays(who)
    leaves = random.random(customers) > chance
    ends = [
        START + timedelta(days=float(b) + float(d)) if gone and b + d < 731 else None
        for b, d, gone in zip(began, random.uniform(20, 175, customers), leaves, strict=True)
    ]
    ids = [f"c{i}" for i in range(customers)]
    return {
        "subscriptions": pa.table(
            {
                "subscription_id": ids,
                "customer_id": ids,
                "plan": ["one"] * customers,
                "mrr": [30.0] * customers,
                "valid_from": [START + timedelta(days=float(b)) for b in began],
                "valid_to": pa.array(ends, pa.timestamp("us")),
            }
        ),
        "customers": pa.table(
            {
                "customer_id": ids,
                "acquisition_channel": channel,
                "acquisition_campaign": campaign,
                "acquired_by": who["team"],
                "segment": who["size"],
            }
        ),
    }


def on_stage(tables: dict[str, Any], declared: Declarations = TEAMS) -> Stage:
    return Stage(tables, as_of=END, start=START, declared=declared)


def films_leave(who: dict[str, Any]) -> Any:
    return np.where(who["campaign"] == "films", 0.6, 0.82)


def small_leave(who: dict[str, Any]) -> Any:
    return np.where(who["size"] == "small", 0.55, 0.9)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_campaign_whose_customers_leave_is_found(seed: int) -> None:
    outcome = on_stage(won(seed, stays=films_leave)).ask(after_the_sale)
    first = worse(outcome)[0]
    assert first.scope == {"acquisition_campaign": "films"}
    assert first.p_value < 0.001
    assert first.title.startswith("Campaign films: ")
    assert first.cause.status == "not_established"
    assert 0 < first.consequence.value.low < first.consequence.value.mid < first.consequence.value.high
    praised = [t for t in outcome.tests if t.status is Status.GOOD_PRACTICE]
    assert min(t.p_value for t in praised) > 0.01, "the other campaign is not praised for being compared with a bad one"


def test_a_team_that_looks_bad_by_its_campaign_is_explained_by_it() -> None:
    tables = won(4, customers=4000, stays=films_leave)
    people = tables["customers"]
    films = np.asarray(people["acquisition_campaign"]) == "films"
    team = np.where(films, "Fairs", np.asarray(people["acquired_by"]))
    at = people.column_names.index("acquired_by")
    tables["customers"] = people.set_column(at, "acquired_by", pa.array(team))
    first = worse(on_stage(tables).ask(after_the_sale))[0]
    assert first.scope == {"acquisition_campaign": "films"}
    assert {"acquired_by": "Fairs"} in first.explains


@pytest.mark.parametrize("seed", range(3))
def test_a_campaign_that_gets_the_hard_customers_is_not_blamed(seed: int) -> None:
    """The naive comparison is ten points and more apart; among customers alike nothing is."""
    tables = won(seed, stays=small_leave, skewed=True)
    stage = on_stage(tables)
    assert is_quiet(stage.ask(after_the_sale))
    rows = stage.rows("won_customers")
    prices = [r["stays"] for r in rows if r["acquisition_campaign"] == "prices"]
    others = [r["stays"] for r in rows if r["acquisition_campaign"] == "brand"]
    assert np.mean(prices) < np.mean(others) - 0.08


@pytest.mark.parametrize("seed", range(3))
def test_where_all_stay_alike_nothing_is_said(seed: int) -> None:
    assert is_quiet(on_stage(won(seed)).ask(after_the_sale))


def test_persons_are_left_out_unless_they_may_be_named() -> None:
    tables = won(1)
    hidden = on_stage(tables, Declarations()).ask(after_the_sale)
    assert isinstance(hidden, Looked)
    assert not any("acquired_by" in t.scope for t in hidden.tests)
    assert "2 names of who won a customer are no declared teams" in hidden.notes[0]
    named = on_stage(tables, Declarations(privacy=PrivacyRules(name_staff=True))).ask(after_the_sale)
    assert isinstance(named, Looked)
    assert any("acquired_by" in t.scope for t in named.tests)
    assert named.notes == ()


def test_a_campaign_that_is_a_channel_of_its_own_is_not_judged() -> None:
    tables = won(1, stays=films_leave)
    people = tables["customers"]
    at = people.column_names.index("acquisition_campaign")
    tables["customers"] = people.set_column(at, "acquisition_campaign", people["acquisition_channel"])
    outcome = on_stage(tables, Declarations()).ask(after_the_sale)
    assert isinstance(outcome, NotAssessable)


def test_who_is_too_young_or_at_the_edge_is_left_out() -> None:
    begins = [datetime(2024, 1, 1), datetime(2024, 6, 1), datetime(2024, 6, 1), datetime(2025, 9, 1)]
    ends = [None, datetime(2024, 11, 27), datetime(2024, 11, 29), None]
    rows = [
        {"subscription_id": f"s{i}", "customer_id": f"c{i}", "mrr": 1.0, "valid_from": b, "valid_to": e}
        for i, (b, e) in enumerate(zip(begins, ends, strict=True))
    ]
    people = [{"customer_id": f"c{i}", "acquisition_campaign": "a"} for i in range(4)]
    found = on_stage({"subscriptions": rows, "customers": people}).rows("won_customers")
    # 180 days after the first of June is the 28th of November.
    assert [(r["customer_id"], r["stays"]) for r in found] == [("c1", False), ("c2", True)]


def test_without_campaigns_and_teams_it_says_so() -> None:
    tables = won(1, customers=50)
    tables["customers"] = tables["customers"].select(["customer_id", "acquisition_channel"])
    outcome = on_stage(tables).ask(after_the_sale)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("customers.acquisition_campaign or customers.acquired_by",)
