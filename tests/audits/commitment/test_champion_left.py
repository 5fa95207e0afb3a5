"""The main contact leaves and use follows, or use fell first, or nothing happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm

from rapport.audits.commitment.champion_left import champion_left
from rapport.core.outcome import Looked, NotAssessable
from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
DAYS = 731


def software(
    seed: int, falls: float = 0.0, before: float = 0.0, accounts: int = 400, season: float = 0.0
) -> dict[str, Any]:
    """Return accounts of which each loses its champion once.

    Use falls by `falls` for good on the day of the leaving; with `before` it falls by that much evenly in the 180 days
    that end with it. `season` is how much less everybody uses in the second half of each year.
    """
    random = np.random.default_rng(seed)
    left = random.uniform(100, DAYS - 5, accounts)
    level = random.uniform(0.3, 0.7, accounts)
    day = np.arange(DAYS)
    since = day[None, :] - left[:, None]
    much = 1 - falls * (since >= 0) - before * np.clip((since + 180) / 180, 0, 1)
    much = much * np.where((day % 365) >= 182, 1 - season, 1.0)
    there = random.random((accounts, DAYS)) < level[:, None] * np.maximum(much, 0)
    who, at = np.nonzero(there)
    ids = np.array([f"a{i:03d}" for i in range(accounts)])
    return {
        "customers": pa.table({"customer_id": ids, "created_at": np.full(accounts, START, dtype="datetime64[us]")}),
        "contacts": pa.table(
            {
                "contact_id": ids,
                "customer_id": ids,
                "champion": [True] * accounts,
                "left_at": np.datetime64(START, "us") + (left * 86400e6).astype("timedelta64[us]"),
            }
        ),
        "usage": pa.table(
            {
                "customer_id": ids[who],
                "day": (np.datetime64(START, "D") + at.astype("timedelta64[D]")),
                "feature": ["plan"] * len(who),
                "events": np.ones(len(who), dtype=np.int64),
            }
        ),
    }


def ask(tables: dict[str, Any]) -> Any:
    return Stage(tables, as_of=END, start=START).ask(champion_left)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_use_that_follows_the_champion_is_found(seed: int) -> None:
    outcome = ask(software(seed, falls=0.6))
    assert isinstance(outcome, Looked)
    (test,) = outcome.tests
    assert test.p_value < 0.001
    assert test.effect.value == pytest.approx(-0.6, abs=0.06)  # four standard errors of 0.015
    assert (test.scope, test.cause is not None and test.cause.status) == ({}, "supported")
    assert "less in the three months after" in test.title


@pytest.mark.parametrize(("seed", "falls"), [(1, 0.0), (2, 0.0), (3, 0.15), (4, 0.15)])
def test_a_dip_or_nothing_is_conforming(seed: int, falls: float) -> None:
    (test,) = ask(software(seed, falls=falls)).tests
    assert test.p_value > 0.5
    assert test.within


def test_a_season_that_everybody_has_is_no_fall() -> None:
    (test,) = ask(software(5, season=0.5)).tests
    assert abs(test.effect.value) < 0.08  # four standard errors
    assert test.p_value > 0.5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_use_fell_first_nothing_is_established(seed: int) -> None:
    """The means before and after differ by more than half: who compares only these is certain, and wrong."""
    tables = software(seed, before=0.85)
    rows = Stage(tables, as_of=END, start=START).rows("champion_leavings")
    own = [r for r in rows if r["champion"] == "left"]
    after, six_before = (sum(float(r[c]) for r in own for c in cs) for cs in (("after",), ("usual", "earlier")))
    assert 1 - after / (six_before / 2) > 0.5
    outcome = ask(tables)
    assert isinstance(outcome, NotAssessable)
    assert "begun to fall before they left" in outcome.reason


def test_the_effect_and_its_error_are_those_of_a_clustered_regression() -> None:
    """A second way: least squares of the weighted changes on who left, with clusters by account (statsmodels)."""
    tables = software(6, falls=0.45)
    rows = Stage(tables, as_of=END, start=START).rows("champion_leavings")
    left = np.array([r["champion"] == "left" for r in rows], dtype=np.float64)
    change = np.array([float(r["after_change"]) for r in rows])
    who = np.unique([r["customer_id"] for r in rows], return_inverse=True)[1]
    fit = sm.OLS(change, sm.add_constant(left)).fit(cov_type="cluster", cov_kwds={"groups": who})
    usual = np.mean([float(r["weighted_usual"]) for r in rows if r["champion"] == "left"])
    (test,) = ask(tables).tests
    assert test.effect.value == pytest.approx(fit.params[1] / usual)
    half = (test.effect.high - test.effect.low) / 2
    # Each side has its own correction for few clusters and t takes the place of the normal: within a twentieth.
    assert half == pytest.approx(1.96 * fit.bse[1] / usual, rel=0.05)


def test_false_alarms_where_the_fall_is_just_the_least_effect() -> None:
    """With the largest of two p-values at most one in twenty is expected under 5 %; six of twenty has p < 0.001."""
    ps = []
    for seed in range(20):
        outcome = ask(software(100 + seed, falls=0.30, accounts=200))
        ps.append(outcome.tests[0].p_value if isinstance(outcome, Looked) else 1.0)
    assert sum(p < 0.05 for p in ps) < 6


def test_today_without_a_champion_and_what_they_brought_is_told() -> None:
    tables = software(1, falls=0.6)
    periods = {
        "subscription_id": tables["customers"]["customer_id"],
        "customer_id": tables["customers"]["customer_id"],
        "mrr": np.full(400, 10.0),
        "valid_from": np.full(400, START, dtype="datetime64[us]"),
    }
    (test,) = ask({**tables, "subscriptions": pa.table(periods)}).tests
    assert test.consequence.customers == 400
    assert test.consequence.value is None
    assert "400 accounts are without a champion today" in test.consequence.assumptions


def test_where_no_use_is_recorded_orders_are_counted() -> None:
    tables = software(1, falls=0.6)
    use = tables.pop("usage")
    orders = {
        "order_id": [f"o{i}" for i in range(use.num_rows)],
        "customer_id": use["customer_id"],
        "ordered_at": use["day"].cast(pa.timestamp("us")),
        "amount": np.full(use.num_rows, 5.0),
    }
    (test,) = ask({**tables, "orders": pa.table(orders)}).tests
    assert test.p_value < 0.001
    assert "accounts are ordered from" in test.title


def test_what_is_missing_is_named() -> None:
    tables = software(1, accounts=25)
    few = ask(tables)
    assert isinstance(few, NotAssessable)
    assert few.needed == 20
    unmarked = {**tables, "contacts": tables["contacts"].drop_columns(["champion"])}
    assert ask(unmarked).missing == ("contacts.champion",)
    silent = ask({name: tables[name] for name in ("customers", "contacts")})
    assert isinstance(silent, NotAssessable)
    assert "usage.day or orders.ordered_at" in silent.missing
    recent = Stage(tables, as_of=START + timedelta(days=200), start=START).ask(champion_left)
    assert isinstance(recent, NotAssessable)
