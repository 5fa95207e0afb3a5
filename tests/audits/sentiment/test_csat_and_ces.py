"""One touchpoint loses satisfied customers; the returns process gets hard."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from rapport.audits.sentiment.ces import ces
from rapport.audits.sentiment.csat import csat
from rapport.core.outcome import Looked, NotAssessable
from tests.audits.sentiment.answering import Answers, certain
from tests.stage import Stage


def test_one_touchpoint_falls():
    world = Answers(1, 9000, "csat", people=4500)
    world.score = world.drawn(np.where((world.touchpoint == "support") & world.since(5), 0.25, 0.0))
    first, *_ = certain(world.stage().ask(csat))
    assert first.scope == {"touchpoint": "support"}
    assert first.onset == "2025-08-01"
    assert "Touchpoint support" in first.title
    assert {} in [dict(s) for s in first.explains] or not any(not t.scope for t in certain(world.stage().ask(csat)))


def test_the_returns_process_gets_hard():
    world = Answers(2, 4000, "ces", people=2000)
    world.score = world.drawn(np.where((world.touchpoint == "returns") & world.since(6), 0.3, 0.0))
    outcome = world.stage().ask(ces)
    first, *_ = certain(outcome)
    assert first.scope == {"touchpoint": "returns"}
    assert first.onset == "2025-07-01"
    assert "found it easy" in outcome.headline


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("kind", "audit"), [("csat", csat), ("ces", ces)])
def test_where_nothing_changed_nothing_is_found(kind, audit, seed):
    assert not certain(Answers(seed, 5000, kind, people=2000).stage().ask(audit))


@pytest.mark.parametrize("audit", [csat, ces])
def test_without_such_answers_it_cannot_be_asked(audit):
    rows = [{"feedback_id": "1", "kind": "nps", "answered_at": datetime(2025, 5, 1), "score": 3.0}]
    outcome = Stage({"feedback": rows}).ask(audit)
    assert isinstance(outcome, NotAssessable)


def test_an_even_level_can_be_called_conforming():
    outcome = Answers(9, 20000, "csat").stage().ask(csat)
    assert isinstance(outcome, Looked)
    assert any(t.within and not t.scope for t in outcome.tests)
