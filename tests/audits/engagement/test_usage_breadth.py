"""What is paid for and not used is found on its plan; what a plan does not have, nobody misses."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pytest

from rapport.audits.engagement.usage_breadth import usage_breadth
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.audits.engagement.shop import is_quiet, worse
from tests.audits.engagement.software import END, START, software, software_stage
from tests.stage import Stage


def hardly_on_team(likely, who):
    likely[who["plan"] == "Team", 0] *= 0.4
    return likely


def never_on_team(likely, who):
    likely[who["plan"] == "Team", 0] = 0.0
    return likely


def no_files_on_team(likely, who):
    likely[who["plan"] == "Team", 1] *= 0.4
    return likely


def less_on_pro(often, who, month, chance):
    return np.where((who["plan"] == "Pro")[:, None] & (month >= 18), 0.25 * often, often)


@pytest.mark.parametrize(("seed", "takes"), [(1, hardly_on_team), (2, hardly_on_team), (3, never_on_team)])
def test_the_core_feature_that_one_plan_leaves_unused_is_found_there(seed, takes):
    outcome = software_stage(software(seed, takes=takes)).ask(usage_breadth)
    first = worse(outcome)[0]
    assert first.scope == {"plan": "Team"}
    assert first.status is Status.NONCONFORMING
    assert first.p_value < 0.001
    assert "tasks" in first.title
    assert ("no customer uses" in first.title) == (takes is never_on_team)
    assert all(t.p_value > 0.05 for t in worse(outcome)[1:])
    praised = [t.p_value for t in outcome.tests if t.status is Status.GOOD_PRACTICE]
    assert min(praised) > 0.05  # beside one bad plan the others only seem to shine


def test_another_feature_left_unused_is_an_opportunity():
    first = worse(software_stage(software(4, takes=no_files_on_team)).ask(usage_breadth))[0]
    assert (first.scope, first.status) == ({"plan": "Team", "feature": "files"}, Status.OPPORTUNITY)
    assert first.p_value < 0.001


@pytest.mark.parametrize("seed", range(4))
def test_what_a_plan_does_not_have_is_not_missed(seed):
    outcome = software_stage(software(seed)).ask(usage_breadth)
    assert is_quiet(outcome)
    assert all(t.scope != {"plan": "Basic", "feature": "export"} for t in outcome.tests)


def test_a_plan_whose_use_narrows_is_found_with_the_month():
    first = worse(software_stage(software(5, customers=1500, uses=less_on_pro)).ask(usage_breadth))[0]
    assert first.scope == {"plan": "Pro"}
    assert first.p_value < 0.001
    assert "2025-06" <= first.onset[:7] <= "2025-08"


def test_the_share_of_takers_is_that_of_plain_sql():
    tables = software(6)
    stage = software_stage(tables)
    customers, usage = tables["customers"], tables["usage"]
    text = """
        WITH use AS (
          SELECT u.*, c.plan, DATE_TRUNC('month', u.day) AS m FROM usage AS u JOIN customers AS c USING (customer_id)
          WHERE u.day >= DATE '2025-01-01' AND DATE_TRUNC('month', u.day) >= c.created_at + INTERVAL 90 DAY
        ),
        own AS (
          SELECT customer_id, plan, COUNT(*) FILTER (feature = 'tasks') > 0 AS taken
          FROM use GROUP BY ALL HAVING COUNT(DISTINCT m) >= 3
        )
        SELECT plan, COUNT(*), COUNT(*) FILTER (taken) FROM own GROUP BY 1 ORDER BY 1
    """
    con = duckdb.connect()
    con.register("customers", customers)
    con.register("usage", usage)
    expected = con.sql(text).fetchall()
    stage.asker._compute("plan_features")
    found = stage.rows("plan_features", "plan, feature")
    assert expected == [(r["plan"], r["customers"], r["users"]) for r in found if r["feature"] == "tasks"]
    assert {(r["plan"], r["feature"]) for r in found if not r["offered"]} == {("Basic", "export"), ("Team", "export")}
    assert {r["feature"] for r in found if r["core"]} == {"tasks"}


def test_use_before_the_cut_off_after_ninety_days_and_on_one_plan_counts():
    use = [("a", d, f) for f in ("x", "y") for d in ("2025-01-20", "2025-04-15", "2025-05-02", "2025-12-30")]
    stage = Stage(
        {
            "customers": [{"customer_id": "a", "created_at": START.replace(year=2025)}],
            "subscriptions": [
                {"subscription_id": "s", "customer_id": "a", "plan": p, "mrr": 5.0, "valid_from": f, "valid_to": t}
                for p, f, t in (
                    ("old", START.replace(year=2025), START.replace(year=2025, month=5, day=10)),
                    ("new", START.replace(year=2025, month=5, day=10), None),
                )
            ],
            "usage": [
                {"customer_id": c, "day": date.fromisoformat(d), "feature": f, "events": 1 if f == "x" else 0}
                for c, d, f in [*use, ("b", "2024-12-01", "x")]
            ],
        },
        as_of=END.replace(year=2025, month=12, day=31),
        start=START,
    )
    # January is the customer's first, in May the plan changed, December is not over, and `y` was never really used.
    rows = [(r["customer_id"], str(r["month"]), r["feature"], r["plan"]) for r in stage.rows("feature_months")]
    assert rows == [("a", "2025-04-01", "x", "old")]


def test_without_plans_the_company_is_followed_all_the_same():
    tables = software(7)
    alone = {"usage": tables["usage"], "customers": tables["customers"].drop_columns(["plan"])}
    outcome = Stage(alone, as_of=END, start=START).ask(usage_breadth)
    assert isinstance(outcome, Looked)
    assert is_quiet(outcome)
    assert {tuple(t.scope) for t in outcome.tests} == {()}


def test_without_use_it_says_so():
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=END, start=START).ask(usage_breadth)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("usage",)


def test_a_few_accounts_are_not_called_conforming():
    outcome = software_stage(software(8, customers=40)).ask(usage_breadth)
    assert not isinstance(outcome, Looked) or not all(t.within for t in worse(outcome))


def test_many_alike_accounts_conform():
    outcome = software_stage(software(9, customers=2500)).ask(usage_breadth)
    plain = [t for t in worse(outcome) if len(t.scope) == 1 and t.onset is None]
    assert plain
    assert all(t.within for t in plain)
