"""Those who leave stop answering, one team asks after happy endings: and companies in which everybody is heard."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.foundations.survey_representativeness import survey_representativeness
from rapport.core.interval import Interval
from rapport.core.outcome import Looked, NotAssessable, Status
from rapport.measures.unheard import _told
from rapport.models.representativeness import Weighted
from tests.stage import Stage

DAY = np.timedelta64(1, "D")
BEGIN = np.datetime64("2024-01-01", "us")
AS_OF = datetime(2026, 1, 1)


def certain(outcome):
    assert isinstance(outcome, Looked), outcome
    echoes = [(t.input, dict(s)) for t in outcome.tests for s in t.explains]
    return [t for t in outcome.tests if t.p_value < 0.001 and (t.input, dict(t.scope)) not in echoes]


def subscribers(seed, n=1500, silent=0.0, content=0.0):
    """Subscribers asked every quarter; a share of the answers of those who leave is not given."""
    chance = np.random.default_rng(seed)
    leaves = BEGIN + (chance.exponential(900, n).astype(int) + 120) * DAY
    customer = np.char.add("c", np.arange(n).astype(str))
    who, wave = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(7), indexing="ij"))
    asked = BEGIN + (wave * 91 + 20) * DAY + chance.integers(0, 60, who.size) * DAY
    there = leaves[who] > asked
    who, asked = who[there], asked[there]
    soon = leaves[who] - asked < 90 * DAY
    answers = chance.random(who.size) < 0.5 * np.where(soon, 1 - silent, 1)
    score = np.clip(np.round(8.5 - content * soon + 1.5 * chance.normal(size=who.size)), 0, 10)
    return {
        "customers": pa.table(
            {
                "customer_id": customer,
                "created_at": np.full(n, BEGIN - 30 * DAY),
                "region": chance.choice(["north", "south", "east"], n),
                "segment": chance.choice(["small", "large"], n),
            }
        ),
        "subscriptions": pa.table(
            {
                "subscription_id": customer,
                "customer_id": customer,
                "plan": np.full(n, "basic"),
                "mrr": [Decimal(10)] * n,
                "valid_from": np.full(n, BEGIN - 30 * DAY),
                "valid_to": pa.array(leaves, mask=leaves >= np.datetime64(AS_OF)),
            }
        ),
        "feedback": pa.table(
            {
                "feedback_id": np.arange(who.size).astype(str),
                "customer_id": customer[who],
                "kind": np.full(who.size, "nps"),
                "asked_at": asked,
                "answered_at": pa.array(asked + DAY, mask=~answers),
                "score": pa.array(score, mask=~answers),
            }
        ),
    }


def cases(seed, n=4000, spared=0.0):
    """Cases of three teams, all asked about; the team Returns does not ask about a share of those that took long."""
    chance = np.random.default_rng(seed)
    opened = BEGIN + chance.integers(0, 700, n) * DAY
    hours = np.round(chance.exponential(10, n)).astype(int) + 1
    team = chance.choice(["Billing", "Returns", "Delivery"], n)
    asked = chance.random(n) >= np.where((team == "Returns") & (hours > 15), spared, 0)
    solved = opened + hours * np.timedelta64(1, "h")
    answers = chance.random(n) < 0.5
    customer = np.char.add("c", chance.integers(0, n // 2, n).astype(str))
    id_ = np.char.add("t", np.arange(n).astype(str))
    satisfied = np.where(chance.random(n) < np.where(hours > 15, 0.5, 0.9), 5.0, 2.0)
    return {
        "tickets": pa.table(
            {
                "ticket_id": id_,
                "customer_id": customer,
                "opened_at": opened,
                "resolved_at": solved,
                "team": team,
                "topic": np.full(n, "any"),
            }
        ),
        "feedback": pa.table(
            {
                "feedback_id": id_[asked],
                "customer_id": customer[asked],
                "ticket_id": id_[asked],
                "kind": np.full(asked.sum(), "csat"),
                "asked_at": (solved + DAY)[asked],
                "answered_at": pa.array((solved + 2 * DAY)[asked], mask=~answers[asked]),
                "score": pa.array(satisfied[asked], mask=~answers[asked]),
                "scale_min": np.full(asked.sum(), 1.0),
                "scale_max": np.full(asked.sum(), 5.0),
            }
        ),
    }


def told_change(note):
    """Return by how much the change that is told differs from the two numbers that are told beside it."""
    new, old, change = (float(x) for x in re.findall(r"-?\d+\.\d+", note.replace("−", "-"))[:3])
    return new - old - change


def test_those_who_leave_and_no_longer_answer_are_found_and_what_the_score_would_be():
    outcome = Stage(subscribers(1, silent=0.6, content=4), as_of=AS_OF).ask(survey_representativeness)
    (found,) = certain(outcome)
    assert found.scope == {"afterwards": "customers who left within 90 days"}
    assert found.status is Status.NONCONFORMING
    assert "by all others" in found.title
    assert outcome.doubts[0].table == "feedback"
    (note,) = [n for n in outcome.notes if "net promoter score" in n]
    assert "a change of −" in note, "those who leave are angrier: with them the score would be lower"
    assert told_change(note) == pytest.approx(0.0, abs=1e-9)


def test_one_team_that_asks_after_happy_endings_only_is_found():
    outcome = Stage(cases(2, spared=0.5), as_of=AS_OF).ask(survey_representativeness)
    (found,) = certain(outcome)
    assert found.scope == {"team": "Returns", "experience": "slow or reopened cases"}
    assert found.title.startswith("Team Returns, slow or reopened cases: ")
    (note,) = [n for n in outcome.notes if "would be satisfied" in n]
    assert "a change of −" in note
    assert told_change(note) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_where_everybody_is_heard_alike_nothing_is_found_however_unhappy_some_are(seed):
    for tables in (subscribers(seed, content=4), cases(seed)):
        outcome = Stage(tables, as_of=AS_OF).ask(survey_representativeness)
        assert certain(outcome) == []
        assert outcome.score.high > 95
        assert outcome.doubts == ()


@pytest.mark.parametrize(
    ("plain", "new", "said"),
    [
        (28.249, 28.251, ("28.25", "28.25", "a change of 0.00 points, 95 % between −0.01 and 0.01")),
        (28.2, 28.21, ("28.2", "28.2", "a change of 0.0 points, 95 % between 0.0 and 0.0")),
        (28.24, 28.28, ("28.28", "28.24", "a change of 0.04 points, 95 % between 0.03 and 0.05")),
        (28.24, 27.36, ("27.36", "28.24", "a change of −0.88 points, 95 % between −0.89 and −0.87")),
    ],
)
def test_the_change_that_is_told_is_that_of_the_numbers_beside_it(plain, new, said):
    change = new - plain
    assert _told(Weighted(plain, new, Interval(change, change - 0.01, change + 0.01, 500)), 1) == said


def test_few_questions_are_not_called_conforming():
    outcome = Stage(subscribers(3, 60, silent=0.6), as_of=AS_OF).ask(survey_representativeness)
    assert certain(outcome) == []
    assert not any(t.within for t in outcome.tests if "afterwards" in t.scope)


def test_answers_alone_do_not_tell_who_was_asked():
    tables = subscribers(1)
    feedback = tables["feedback"].filter(tables["feedback"]["answered_at"].is_valid())
    alone = Stage({"feedback": feedback.drop_columns(["asked_at"])}, as_of=AS_OF).ask(survey_representativeness)
    assert isinstance(alone, NotAssessable)
    with_customers = Stage(tables | {"feedback": feedback}, as_of=AS_OF).ask(survey_representativeness)
    assert isinstance(with_customers, Looked)
    assert any("no question without an answer" in note for note in with_customers.notes)
    assert all("are heard" in t.title for t in with_customers.tests)


def test_without_feedback_it_says_what_is_missing():
    tables = subscribers(1)
    del tables["feedback"]
    outcome = Stage(tables, as_of=AS_OF).ask(survey_representativeness)
    assert isinstance(outcome, NotAssessable)
    assert "feedback.customer_id" in outcome.missing
