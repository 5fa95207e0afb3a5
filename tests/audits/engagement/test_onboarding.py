"""The wait of new customers for first value: slow plans are found, the young and the left edge are not counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.engagement.onboarding import onboarding
from rapport.core.declarations import Declarations, Journey, Moment
from rapport.core.outcome import Looked, NotAssessable
from tests.audits.engagement.shop import is_quiet, worse
from tests.audits.engagement.software import END, START, software, software_stage
from tests.stage import Stage


def slow_on_team(days, who):
    return np.where((who["plan"] == "Team")[:, None], 4.0 * days, days)


def slow_since(days, who):
    return np.where((who["joined"] > 420)[:, None], 4.0 * days, days)


def use(customer, day, feature="tasks", events=1):
    return {"customer_id": customer, "day": day, "feature": feature, "events": events}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slow_plan_is_found(seed):
    first = worse(software_stage(software(seed, customers=2000, delay=slow_on_team)).ask(onboarding))[0]
    assert first.scope == {"plan": "Team"}
    assert first.p_value < 0.001
    assert first.value.value < first.baseline
    assert "tasks" in first.title


def test_later_cohorts_that_take_longer_are_found_with_the_month():
    first = worse(software_stage(software(3, customers=2000, delay=slow_since)).ask(onboarding))[0]
    assert first.scope == {}
    assert first.p_value < 0.001
    assert "2025-02" <= first.onset[:7] <= "2025-04"


@pytest.mark.parametrize("seed", range(4))
def test_equal_waits_are_left_alone_although_the_newest_are_not_there_yet(seed):
    assert is_quiet(software_stage(software(seed, customers=1500)).ask(onboarding))


def test_the_curve_is_that_of_another_library():
    lifelines = pytest.importorskip("lifelines")
    stage = software_stage(software(5, customers=1200, delay=slow_on_team))
    asked = stage.answer(onboarding.inputs["until"])
    rows = [r for r in stage.rows("first_value") if r["plan"] == "Team"]
    fitted = lifelines.KaplanMeierFitter().fit([r["seconds"] for r in rows], [r["reached"] for r in rows])
    ours = asked.curve({"plan": "Team"}).quantile(0.5).value
    # Durations stand in bins of a few percent; uses are known to the day.
    assert ours == pytest.approx(fitted.median_survival_time_, rel=0.05)


def test_who_began_when_is_counted_by_hand():
    begun = {"early": -20, "quick": 30, "never": 40, "left": 50, "young": 690, "lead": 60}
    customers = [{"customer_id": c, "created_at": START + timedelta(d)} for c, d in begun.items()]
    periods = [
        {
            "subscription_id": c,
            "customer_id": c,
            "plan": "P",
            "mrr": 5.0,
            "valid_from": max(START, START + timedelta(d)),
            "valid_to": START + timedelta(d + 10) if c == "left" else None,
        }
        for c, d in begun.items()
        if c != "lead"
    ]
    usage = [
        use("early", date(2024, 1, 1)),
        use("quick", date(2024, 2, 4)),
        use("quick", date(2024, 2, 3), "files"),
        use("never", date(2024, 2, 11), events=0),
    ]
    declared = Declarations(journey=Journey(expected=(Moment("tasks", 10),)))
    stage = Stage(
        {"customers": customers, "subscriptions": periods, "usage": usage}, as_of=END, start=START, declared=declared
    )
    found = {r["customer_id"]: (r["reached"], r["seconds"] / 86400, r["in_time"]) for r in stage.rows("first_value")}
    assert found == {
        "quick": (True, 4.0, True),
        "never": (False, (END - START).days - 40.0, False),
        "left": (False, 10.0, False),
        "young": (False, (END - START).days - 690.0, False),
    }
    assert {r["horizon_days"] for r in stage.rows("first_value")} == {10.0}


def test_a_declared_moment_among_the_events_comes_before_use():
    tables = software(6, customers=800)
    ids, joined = tables["customers"]["customer_id"], tables["customers"]["created_at"]
    late = pa.array(np.asarray(joined) + np.timedelta64(3, "D"))
    events = pa.table({"event_id": ids, "customer_id": ids, "at": late, "name": pa.array(["first invoice"] * len(ids))})
    declared = Declarations(journey=Journey(expected=(Moment("check-in", 30, purpose="x"), Moment("first invoice", 5))))
    after = events.filter(pa.compute.greater_equal(late, pa.scalar(np.datetime64(START, "us"))))
    stage = Stage({**tables, "events": after}, as_of=END, start=START, declared=declared)
    outcome = stage.ask(onboarding)
    assert isinstance(outcome, Looked)
    assert outcome.headline.startswith("100 % of new customers have come to “first invoice” within 5 days")


def test_in_a_shop_first_value_is_the_first_order_delivered():
    chance = np.random.default_rng(7)
    n = 1200
    day = 700 * chance.random(n)
    region = chance.choice(["north", "south", "east"], n)
    took = chance.lognormal(1.0, 0.3, n) * np.where(region == "north", 1.6, 1.0)

    def at(days):
        return np.datetime64(START, "us") + (days * 86400e6).astype("timedelta64[us]")

    ids = np.array([f"c{i}" for i in range(n)])
    orders = pa.table(
        {
            "order_id": np.array([f"o{i}" for i in range(n)]),
            "customer_id": ids,
            "ordered_at": at(day),
            "delivered_at": at(day + took),
            "amount": np.full(n, 20.0),
            "region": region,
        }
    )
    people = pa.table({"customer_id": ids, "created_at": at(day)})
    first = worse(Stage({"orders": orders, "customers": people}, as_of=END, start=START).ask(onboarding))[0]
    assert first.scope == {"region": "north"}
    assert first.p_value < 0.001
    assert "have their first order" in first.title


def test_what_is_missing_is_named():
    outcome = Stage({"customers": [{"customer_id": "a", "created_at": datetime(2025, 1, 1)}]}).ask(onboarding)
    assert isinstance(outcome, NotAssessable)
    assert any("usage.feature" in one for one in outcome.missing)


def test_a_record_of_old_customers_only_is_not_assessable():
    tables = software(8, customers=200)
    old = pa.array(np.full(200, np.datetime64("2022-01-01", "us")))
    people = tables["customers"].set_column(1, "created_at", old)
    assert isinstance(software_stage({**tables, "customers": people}).ask(onboarding), NotAssessable)


def test_many_alike_plans_conform():
    outcome = software_stage(software(9, customers=4000)).ask(onboarding)
    plain = [t for t in worse(outcome) if len(t.scope) == 1 and t.onset is None]
    assert plain
    assert all(t.within for t in plain)
