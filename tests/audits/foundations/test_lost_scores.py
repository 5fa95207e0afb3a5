"""Every zero of an NPS export arrives as empty: no zero at all, and empty answers instead."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.foundations.lost_scores import absent, lost_scores
from rapport.core.outcome import Looked, NotAssessable
from tests.stage import Stage

SHARES = [0.03, 0.015, 0.015, 0.02, 0.02, 0.05, 0.05, 0.12, 0.18, 0.2, 0.3]


def answers(seed, n=2500, lost=None, in_words=0.0):
    r = np.random.default_rng(seed)
    score = r.choice(11, n, p=SHARES).astype(float)
    source = r.choice(["web", "app"], n)
    gone = (r.random(n) < in_words) | ((score == 0) & ((source == lost) | (lost == "all")))
    table = {
        "feedback_id": np.arange(n).astype(str),
        "customer_id": np.char.add("c", np.arange(n).astype(str)),
        "kind": np.full(n, "nps"),
        "answered_at": np.datetime64("2025-05-01", "us") + r.integers(0, 200, n).astype("timedelta64[D]"),
        "score": pa.array(score, mask=gone),
        "source": source,
    }
    return Stage({"feedback": pa.table(table)})


def certain(outcome):
    assert isinstance(outcome, Looked)
    echoes = [dict(s) for t in outcome.tests for s in t.explains]
    return [t for t in outcome.tests if t.p_value < 0.001 and dict(t.scope) not in echoes]


def test_every_zero_lost_is_found_and_what_it_does_to_the_score():
    outcome = answers(1, lost="all").ask(lost_scores)
    (found,) = certain(outcome)
    assert found.scope == {"kind": "nps"}
    assert "no answer of 0 arrived" in found.title
    assert "would be" in found.statement
    assert outcome.doubts[0].table == "feedback"


def test_zeros_lost_in_one_source_are_found_there():
    (found,) = certain(answers(2, lost="app").ask(lost_scores))
    assert found.scope == {"kind": "nps", "source": "app"}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("in_words", [0.0, 0.1])
def test_answers_in_words_alone_are_no_lost_scores(seed, in_words):
    assert certain(answers(seed, in_words=in_words).ask(lost_scores)) == []


def test_few_answers_that_happen_to_have_no_zero_are_quiet_and_not_conforming():
    outcome = answers(3, 80, lost="all").ask(lost_scores)
    assert certain(outcome) == []
    assert not any(t.within for t in outcome.tests if len(t.scope) == 1)


def test_what_should_occur_is_judged_by_its_neighbours():
    assert absent({value: 20 + value for value in range(1, 11)}, 0) == (0, 21.0)
    assert absent({0: 5, 1: 30, 3: 20}, 0) == (2, 12.5)
    assert absent({1: 3, 2: 4, 3: 9}, 1) is None


def test_without_scores_it_cannot_be_asked():
    rows = [{"feedback_id": "1", "kind": "nps", "answered_at": datetime(2025, 5, 1), "text": "fine"}]
    outcome = Stage({"feedback": rows}).ask(lost_scores)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("feedback.score",)
