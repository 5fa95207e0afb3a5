"""What counts as found, and what as found in the right place."""

from __future__ import annotations

import pytest

from rapport.app.benchmark import Case
from rapport.app.benchmark.outcome import Found
from rapport.app.benchmark.score import Score, agrees, beside, score
from tests.benchmark.made import BILLING, found, outcome


def billing(*findings: Found) -> Score:
    return score(outcome(*findings), BILLING)


def test_a_finding_of_the_audit_in_the_planted_place_is_found_and_localised() -> None:
    own = found()
    assert billing(own) == Score(found=True, localised=True, incidents=frozenset({own.incident}))


def test_a_finding_elsewhere_is_found_and_not_localised() -> None:
    elsewhere = billing(found(scope={"team": "Shop"}))
    assert (elsewhere.found, elsewhere.localised) == (True, False)


def test_nothing_and_praise_are_not_found() -> None:
    assert not billing().found
    assert not billing(found(status="good_practice"), found(status="opportunity")).found


def test_an_opportunity_counts_where_its_incident_is_called_wrong() -> None:
    cause = found("cover-gaps", {"part_of_day": "after 15:00"}, incident="slow")
    assert billing(cause, found(status="opportunity", incident="slow")).found
    assert not billing(cause, found(status="opportunity")).found


def test_an_opportunity_counts_where_the_audit_should_end_so() -> None:
    run = outcome(found(status="opportunity"))
    assert score(run, {**BILLING, "status": "opportunity"}).found


def test_each_defect_of_a_company_is_scored_by_itself() -> None:
    run = outcome(found(), found("nps", {}), case=Case("shop", 1, {"first-reply": 4.0, "csat": 0.6, "nps": 15.0}))
    assert [score(run, truth).found for truth in run.planted] == [True, False, True]
    assert beside(run) == 0


def test_what_else_is_told_is_counted_by_incident() -> None:
    others = [found("csat", {"touchpoint": t}, incident="one") for t in ("billing", "support")]
    assert beside(outcome(found(), *others)) == 1


@pytest.mark.parametrize(
    ("told", "planted", "same"),
    [
        ({"team": "Billing", "part_of_day": "after 15:00"}, {"team": "Billing"}, True),
        ({"part_of_day": "after 15:00"}, {"team": "Billing"}, False),
        ({"weekday": "Saturday"}, {"weekday": "saturday"}, True),
        ({}, {}, True),
        ({"region": "north"}, {}, False),
        ({}, {"team": "Billing"}, False),
        (
            {"table": "orders", "column": "region", "source": "orders/marketplace.parquet"},
            {"channel": "marketplace"},
            True,
        ),
        ({"source": "orders/app.parquet", "column": "region"}, {"channel": "marketplace", "column": "region"}, False),
        ({"total": "orders_count"}, {"table": "orders"}, True),
    ],
)
def test_places_agree(told: dict[str, str], planted: dict[str, str], same: bool) -> None:
    assert agrees(found(scope=told), {"scope": planted, "since": None}) is same


@pytest.mark.parametrize(
    ("onset", "same"), [("2025-12-01", True), ("2025-10-01", True), ("2026-02-01", False), (None, True)]
)
def test_a_change_is_in_the_right_time_within_two_months(onset: str | None, same: bool) -> None:
    assert agrees(found(onset=onset), BILLING) is same
