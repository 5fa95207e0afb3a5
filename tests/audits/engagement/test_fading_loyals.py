"""Loyal customers who fade are found; chance highs, the season and those who left are no fading."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from rapport.audits.engagement.fading_loyals import fading_loyals
from rapport.core.outcome import NotAssessable, Status
from rapport.models.least_effect import p_beyond
from tests.audits.engagement.shop import is_quiet, worse
from tests.audits.engagement.software import END, START, software, software_stage
from tests.stage import Stage

RATE = 1.2


def oldest_fade(often, who, month, chance):
    oldest = who["joined"] < np.quantile(who["joined"][who["joined"] < 0], 1 / 3)
    return np.where(oldest[:, None] & (month >= 17), 0.5, 1.0) * often


def all_fade(often, who, month, chance):
    return often * (0.55 if month >= 17 else 1.0)


def restless(often, who, month, chance):
    """Each half-year everybody draws anew how much they do: nobody fades, but a high half-year is followed by less."""
    fresh = np.random.default_rng(month // 6).lognormal(-0.5, 1.0, often.shape)
    return often * fresh


def december(often, who, month, chance):
    return often * (2.5 if month % 12 == 11 else 0.8)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_oldest_cohort_that_halves_its_use_is_found(seed):
    outcome = software_stage(software(seed, customers=1800, uses=oldest_fade, rate=RATE)).ask(fading_loyals)
    first = worse(outcome)[0]
    assert first.scope == {"cohort": "oldest third"}
    assert first.p_value < 0.001
    assert first.effect.value < 0
    whole = [t for t in worse(outcome) if not t.scope]
    assert whole[0].p_value > 0.05 or {} in first.explains


def test_where_all_fade_it_is_said_of_all():
    tests = worse(software_stage(software(3, uses=all_fade, rate=RATE)).ask(fading_loyals))
    assert tests[0].scope == {}
    assert tests[0].p_value < 0.001
    assert tests[1].p_value > 0.001


@pytest.mark.parametrize("seed", [4, 5])
def test_a_chance_high_is_no_loyalty_lost(seed):
    stage = software_stage(software(seed, customers=1500, uses=restless, rate=RATE))
    assert is_quiet(stage.ask(fading_loyals))
    rows = [r for r in stage.rows("loyal_windows") if r["loyal"]]
    first, now = (np.array([float(r[name]) for r in rows]) for name in ("first_days", "now_days"))
    both = first + now
    naive = now / both - 0.5
    assert p_beyond(naive.mean(), naive.std() / len(rows) ** 0.5, 0.05, -1) < 1e-6  # who compares with the first window


@pytest.mark.parametrize("uses", [None, december])
def test_steady_customers_are_left_alone(uses):
    outcome = software_stage(software(6, customers=1500, uses=uses, rate=RATE)).ask(fading_loyals)
    assert is_quiet(outcome)
    assert all(t.same_season for t in outcome.tests)
    assert all(t.within for t in worse(outcome) if not t.scope)


def test_windows_and_shares_are_counted_by_hand():
    def days(*back):
        return [(END - timedelta(b)).date() for b in back]

    # Windows end 0, 364 and 546 days before the cut-off; each has 182 days.
    use = {
        "a": days(600, 610, 620, 630, 400, 410, 420, 10),
        "b": days(600, 610, 620, 1, 182, 365),
        "gone": days(600, 610, 620, 400),
        "new": days(50, 60),
        "once": days(546.0, 728, 364, 183, 546, 20),
    }
    rows = [{"customer_id": c, "day": d, "feature": "x", "events": 1} for c, own in use.items() for d in own]
    rows.append({"customer_id": "edge", "day": date(2024, 1, 1), "feature": "x", "events": 1})
    stage = Stage({"usage": rows}, as_of=END, start=START)
    found = {
        r["customer_id"]: tuple(int(r[f"{w}_days"]) for w in ("first", "then", "now"))
        for r in stage.rows("loyal_windows")
    }
    assert found == {"a": (4, 3, 1), "b": (3, 1, 2), "once": (1, 1, 1)}
    assert {r["customer_id"]: r["loyal"] for r in stage.rows("loyal_windows")} == {"a": True, "b": False, "once": False}
    newer = [r["newer"] for r in stage.rows("loyal_days") if r["customer_id"] == "a"]
    assert sorted(newer) == [False, False, False, True]


def test_a_contract_tells_who_faded_from_who_left():
    tables = software(7, customers=600, rate=RATE)
    ended = [END - timedelta(30) if i < 300 else None for i in range(600)]
    periods = tables["subscriptions"].append_column("valid_to", [ended])
    stage = software_stage({**tables, "subscriptions": periods})
    followed = {int(r["customer_id"][1:]) for r in stage.rows("loyal_windows")}
    assert followed
    assert min(followed) >= 300


def orders_of(seed, season=2.5, shift=1.0):
    """Return a year of orders: all buy `season` times as often in its last third, who buys much `shift` times that."""
    chance = np.random.default_rng(seed)
    rate = chance.gamma(1.5, 1.5, 1500)
    rows = []
    for c in range(1500):
        for third in range(3):
            mean = rate[c] * (season * (shift if rate[c] > 3 else 1.0) if third == 2 else 1.0)
            for at in (third * 120 + chance.random(chance.poisson(mean)) * 120).tolist():
                order = {"order_id": f"o{len(rows)}", "customer_id": f"c{c}", "amount": 9.0}
                rows.append({**order, "ordered_at": datetime(2025, 1, 1) + timedelta(at)})
    return Stage({"orders": rows}, as_of=datetime(2025, 12, 27), start=datetime(2025, 1, 1))


@pytest.mark.parametrize("season", [2.5, 0.4])
def test_in_a_year_the_season_is_taken_from_those_who_were_not_loyal(season):
    steady = orders_of(8, season).ask(fading_loyals)
    assert is_quiet(steady)
    assert not any(t.same_season for t in steady.tests)


def test_in_a_year_loyal_customers_who_fade_are_found():
    first = worse(orders_of(9, shift=0.4).ask(fading_loyals))[0]
    assert first.scope == {}
    assert first.p_value < 0.001


def test_loyal_customers_who_do_more_are_good_practice():
    outcome = software_stage(software(10, uses=lambda o, w, m, c: o * (1.9 if m >= 17 else 1.0), rate=0.8))
    good = [t for t in outcome.ask(fading_loyals).tests if t.status is Status.GOOD_PRACTICE and not t.scope]
    assert good[0].p_value < 0.001


def test_a_short_record_and_one_without_activity_say_so():
    stage = software_stage(software(11, customers=30, rate=RATE))
    assert isinstance(stage.ask(fading_loyals), NotAssessable)
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=END, start=START).ask(fading_loyals)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("usage.day or orders.customer_id",)
