"""What shows the same thing is one incident, counted once; how much it matters goes by whom it reaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.core import outcome
from rapport.core.finding import Finding
from rapport.core.interval import Interval
from rapport.engine.findings import severity
from rapport.engine.incidents import incidents
from rapport.engine.registry import registry
from tests.engine.test_opinion import found

PLAN = {"plan": "Plus"}
TABLES = {"churn": {"subscriptions"}, "revenue-retention": {"subscriptions"}, "nps": {"feedback"}}


def since(audit: str, onset: str | None, plan: str = "Plus") -> Finding:
    one = found(f"{audit}/{plan}/{onset}", {"plan": plan}, "high")
    return replace(one, audit=audit, condition=replace(one.condition, onset=onset))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (since("revenue-retention", "2025-08-01"), True),
        (since("revenue-retention", "2025-09-01"), True),
        (since("revenue-retention", None), True),
        (since("revenue-retention", "2025-10-01"), False),
        (since("revenue-retention", "2025-08-01", plan="Basic"), False),
        (since("nps", "2025-08-01"), False),
    ],
)
def test_beginnings_a_month_apart_may_be_one_incident(other: Finding, same: bool) -> None:
    found_here = incidents([since("churn", "2025-08-01"), other], TABLES)
    assert (len({f.incident for f in found_here}) == 1) is same


def test_the_turn_of_a_year_is_a_month_like_others() -> None:
    found_here = incidents([since("churn", "2025-12-01"), since("revenue-retention", "2026-01-01")], TABLES)
    assert len({f.incident for f in found_here}) == 1


@pytest.mark.parametrize(("touched", "grade"), [(30, "medium"), (60, "high"), (270, "critical")])
def test_severity_goes_by_the_customers_who_are_touched(touched: int, grade: str) -> None:
    audit = registry().audits["usage-breadth"]
    size = 6 * audit.least_effect
    known = Interval(size, None, None, 100)
    test = outcome.Test(
        {}, outcome.Status.NONCONFORMING, 0.0, known, known, 0.0, 100, 999, "", "", "", size, False, None
    )
    assert severity(test, audit, touched, 1000) == grade
