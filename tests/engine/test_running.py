"""One that crashes stops nobody else, and an empty column loses its breakdown, not the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rapport.audits.communication.first_reply import first_reply
from rapport.core.outcome import Errored, Looked, NotAssessable, Status
from rapport.engine import running
from rapport.engine.judge import judge
from rapport.engine.registry import Registry, registry
from rapport.engine.running import all_comparisons, all_metrics, run_audit
from rapport.measures.conventions import FIRST_REPLY
from tests.stage import Stage

BEGIN = datetime(2025, 3, 3, 9)


def desk(**more):
    tickets = [
        {
            "ticket_id": f"t{i}",
            "customer_id": f"c{i % 90}",
            "opened_at": BEGIN + timedelta(hours=5 * i),
            "first_reply_at": BEGIN + timedelta(hours=5 * i, minutes=20 + i % 50),
            "team": "ab"[i % 2],
            **more,
        }
        for i in range(300)
    ]
    return Stage({"tickets": tickets})


def test_a_crash_is_the_result_of_one_audit():
    def fall(**answers):
        raise ZeroDivisionError("by nothing")

    stage = desk()
    outcome = run_audit(replace(first_reply, run=fall), stage.asker, stage.facts)
    assert isinstance(outcome, Errored)
    assert outcome.reason == "It stopped with ZeroDivisionError: by nothing"
    verdicts = judge({"broken": outcome, "sound": run_audit(first_reply, stage.asker, stage.facts)})
    assert verdicts["broken"].status is Status.ERROR
    assert verdicts["sound"].status is not Status.ERROR


def test_a_metric_that_crashes_has_no_value_and_says_why():
    def fall(**answers):
        raise KeyError("month")

    stage = desk()
    known = registry().metrics
    broken = replace(known["never_answered_share"], compute=fall)
    values = all_metrics(Registry({}, {**known, "never_answered_share": broken}), stage.asker, stage.facts)
    found = {v.id: v for v in values}
    assert found["never_answered_share"].value is None
    assert "KeyError" in found["never_answered_share"].reason
    assert found["first_reply_minutes_median"].value is not None


def test_a_comparison_that_crashes_is_left_out_and_says_why(monkeypatch):
    def fall(*answers):
        raise KeyError("team")

    stage, told = desk(), {}
    broken = replace(FIRST_REPLY, id="broken", compute=fall)
    monkeypatch.setattr(running, "COMPARISONS", (broken, FIRST_REPLY))
    found = all_comparisons(stage.asker, stage.facts, told.__setitem__)
    assert len(found) == 1
    assert told == {"broken": "It stopped with KeyError: 'team'"}


def test_an_empty_column_loses_its_breakdown_and_that_is_said():
    stage = desk()
    outcome = run_audit(first_reply, stage.asker, stage.facts)
    assert isinstance(outcome, Looked)
    assert any("topic" in note and "does not say" in note for note in outcome.notes)
    assert {"team"} <= {name for t in outcome.tests for name in t.scope}
    assert "topic" not in {name for t in outcome.tests for name in t.scope}


def test_a_missing_column_is_named():
    stage = Stage({"tickets": [{"ticket_id": "1", "opened_at": BEGIN}]})
    outcome = run_audit(first_reply, stage.asker, stage.facts)
    assert isinstance(outcome, NotAssessable)
    assert "tickets.first_reply_at or messages.sent_at" in outcome.reason
