"""Findings, incidents, scores, the roadmap and the opinion, from small parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.core.finding import (
    NOT_ESTABLISHED,
    Action,
    Condition,
    Consequence,
    Criteria,
    Evidence,
    Finding,
    Money,
)
from rapport.core.outcome import Doubt, Looked, NotAssessable, Score
from rapport.core.run import AuditResult, CategoryScore, InputFile, Reliability
from rapport.engine.incidents import incidents
from rapport.engine.opinion import opinion
from rapport.engine.reliability import trust
from rapport.engine.roadmap import roadmap
from rapport.engine.score import grade, overall, weighted

PROOF = Evidence("query", "replies", "SELECT 1", "00", 1)


def found(
    audit="first-reply", scope=None, *, effect=0.3, onset=None, status="nonconforming", value=None, customers=100
):
    scope = scope or {"team": "Billing"}
    key = ",".join(f"{k}={v}" for k, v in scope.items())
    condition = Condition(
        "s", 500, 0.4, "share", 0.3, 0.5, 0.7, effect, 0.001, 0.1, effect - 0.1, effect + 0.1, effect, onset
    )
    return Finding(
        f"{audit}/{key}",
        audit,
        f"{audit}/{key}",
        f"{audit} {key}",
        status,
        "high",
        0.99,
        scope,
        Criteria("c", "s", 0.1, "00"),
        condition,
        NOT_ESTABLISHED,
        Consequence(customers, value),
        Action("a", "b", "Support", "days", "m", "r"),
        (PROOF,),
    )


READS = {"first-reply": {"tickets"}, "cover-gaps": {"tickets"}, "nps": {"feedback"}}


def test_a_finding_cannot_exist_without_evidence():
    with pytest.raises(ValueError, match="no evidence"):
        replace(found(), evidence=())


def test_findings_that_show_the_same_are_one_incident_headed_by_the_nearest_to_the_cause():
    exact = found(scope={"team": "Billing", "part_of_day": "after 15:00"})
    wide, other = found("cover-gaps", {"part_of_day": "after 15:00"}), found(scope={"team": "Tech"})
    joined = {f.id: f for f in incidents([wide, exact, other], READS)}
    assert joined[wide.id].incident == exact.id
    assert joined[exact.id].also_seen_in == (wide.id,)
    assert joined[other.id].incident == other.id


def test_other_tables_other_places_and_other_beginnings_are_other_incidents():
    here = found(onset="2025-03-01")
    for other in (
        found("nps", {"team": "Billing"}),
        found("cover-gaps", {"team": "Tech"}),
        found("cover-gaps", {"team": "Billing"}, onset="2025-07-01"),
        found("cover-gaps", {"team": "Billing"}, status="good_practice"),
    ):
        assert {f.incident for f in incidents([here, other], READS)} == {here.id, other.id}


def test_a_category_without_a_score_is_none_and_lowers_coverage_not_the_score():
    both = overall((CategoryScore("value", 80.0, 75.0, 85.0, 1.0), CategoryScore("journey", None, None, None, 0.0)))
    assert (both.score.value, both.coverage) == (80.0, 0.5)
    assert overall((CategoryScore("value", None, None, None, 0.0),)).score is None


def test_the_record_itself_is_not_part_of_the_companys_score():
    parts = (CategoryScore("foundations", 10.0, 5.0, 15.0, 1.0), CategoryScore("value", 80.0, 75.0, 85.0, 1.0))
    assert overall(parts).score.value == 80.0


def test_independent_scores_average_with_a_narrower_interval():
    mean = weighted([(1.0, Score(50.0, 40.0, 60.0)), (1.0, Score(70.0, 60.0, 80.0))])
    assert mean.value == 60.0
    assert mean.high - mean.low == pytest.approx(20 / 2**0.5)


def test_what_cannot_be_better_is_uncertain_downwards_only():
    mean = weighted([(1.0, Score(100.0, 80.0, 100.0)), (3.0, Score(60.0, 50.0, 70.0))])
    assert mean.value == 70.0
    assert mean.low == pytest.approx(70 - (5.0**2 + 7.5**2) ** 0.5)
    assert mean.high == pytest.approx(77.5)
    alone = weighted([(2.0, Score(100.0, 80.0, 100.0))])
    assert (alone.low, alone.high) == (80.0, 100.0)


def test_grades_are_a_partition():
    assert [grade(s) for s in (100, 90, 58, 30, 0)] == ["A", "A", "C+", "D", "E"]


def test_the_roadmap_ranks_by_value_and_says_how_sure_the_first_three_are():
    values = [Money(90, 100, 110), Money(80, 95, 110), Money(45, 50, 55), Money(38, 48, 58), Money(1, 2, 3)]
    plan = roadmap([found(scope={"team": str(i)}, value=v) for i, v in enumerate(values)], seed=1)
    assert [p.rank for p in plan] == [1, 2, 3, 4, 5]
    assert plan[0].value == values[0]
    assert plan[0].p_top3 == 1.0
    assert 0.5 < plan[2].p_top3 < 0.8  # 50 ± 2.6 against 48 ± 5.1: P = Φ(2/5.7) = 0.64
    assert plan == roadmap([found(scope={"team": str(i)}, value=v) for i, v in enumerate(values)], seed=1)


def test_doubts_cap_what_rests_on_their_table_and_nothing_else():
    looked = Looked("h", (), None, doubts=(Doubt("tickets", 0.4, "Three weeks are missing."),))
    believed = trust({"record-gaps": looked}, (), {"tickets": 100, "orders": 100})
    assert believed.reliability.opinion == "qualified"
    assert (believed.cap(["tickets", "orders"]), believed.cap(["orders"])) == (0.4, 1.0)
    assert believed.reliability.score == pytest.approx(70.0)


def test_what_was_not_looked_for_cannot_have_been_found():
    little = trust({"record-gaps": NotAssessable("no rows")}, (), {"orders": 9}, ("record-gaps", "clock-shift"))
    assert little.reliability.opinion == "qualified"
    assert "0 of 2 questions" in little.reliability.reasons[-1]
    assert trust({}, (), {"orders": 9}).reliability.opinion == "unqualified"


def test_rejected_rows_are_a_doubt():
    file = InputFile("a.csv", "orders", 100, 90, 10, 0, "00")
    assert trust({}, (file,), {"orders": 90}).reliability.opinion == "qualified"
    assert trust({}, (), {}).reliability.opinion == "disclaimer"


def test_the_opinion_counts_each_incident_once():
    first = found(value=Money(10, 20, 30))
    second = replace(found("cover-gaps", {"team": "Billing"}, value=Money(10, 20, 30)), incident=first.id)
    results = [AuditResult("nps", "sentiment", "Would they?", "not_assessable", None, None, None, "No surveys.", ())]
    said = opinion(
        "Acme",
        overall((CategoryScore("value", 58.0, 54.0, 61.0, 1.0),)),
        Reliability("unqualified", 100.0, (), {}),
        [first, second],
        results,
        roadmap([first, second], 1),
        {},
    )
    assert said.at_stake == Money(10, 20, 30)
    assert said.grade == "C+"
    assert said.not_concluded == ("Would they? No surveys.",)
