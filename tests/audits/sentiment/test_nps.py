"""A real fall of fifteen points is found; a fall of five at 300 answers is noise, and stays quiet."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from rapport.audits.sentiment.nps import nps
from rapport.core.outcome import Looked, NotAssessable, Status
from tests.audits.sentiment.answering import Answers, certain
from tests.stage import Stage


def test_a_real_fall_of_fifteen_points_is_found_with_its_month():
    world = Answers(1, 15000)
    world.score = world.drawn(np.where(world.since(6), 0.075, 0.0))
    first, *_ = certain(world.stage().ask(nps))
    assert first.scope == {}
    assert -20 < first.effect.value < -10
    assert first.onset in (None, "2025-06-01", "2025-07-01", "2025-08-01")
    assert "fell" in first.title


@pytest.mark.parametrize("seed", range(6))
def test_a_fall_of_five_at_300_answers_is_quiet(seed):
    world = Answers(seed, 600)
    world.day = np.where(np.arange(600) < 300, 560 + world.day % 30, 700 + world.day % 29)
    world.score = world.drawn(np.where(np.arange(600) < 300, 0.0, 0.025))
    outcome = world.stage().ask(nps)
    assert isinstance(outcome, Looked)
    assert not certain(outcome, 0.05)
    assert not any(t.within for t in outcome.tests if not t.scope)


@pytest.mark.parametrize("seed", range(4))
def test_where_nothing_changed_nothing_is_found(seed):
    assert not certain(Answers(seed, people=2000).stage().ask(nps))


def test_the_touchpoint_that_falls_is_found_and_explains_the_company():
    world = Answers(3, 9000)
    world.score = world.drawn(np.where((world.touchpoint == "delivery") & world.since(6), 0.25, 0.0))
    first, *_ = certain(world.stage().ask(nps))
    assert first.scope == {"touchpoint": "delivery"}
    assert first.onset == "2025-07-01"
    assert {} in [dict(s) for s in first.explains]


def test_customers_who_answer_in_both_waves_are_compared_with_themselves():
    world = Answers(4, 6000, people=600)
    world.score = world.drawn(np.where(world.since(3), 0.2, 0.0))
    first, *_ = certain(world.stage().ask(nps))
    assert first.cause is not None
    names = " ".join(a.name + a.result for a in first.cause.alternatives)
    assert "answered both times" in names
    assert "mix" in names


def test_more_answers_from_unhappy_customers_are_told_from_a_change():
    world = Answers(5, 12000)
    world.region = world.random.choice(["north", "south"], world.n, p=[0.5, 0.5])
    late = world.since(3)
    world.region = np.where(late & (world.random.random(world.n) < 0.8), "south", world.region)
    world.score = world.drawn(np.where(world.region == "south", 0.2, 0.0))
    fall = next(t for t in world.stage().ask(nps).tests if not t.scope and t.status is Status.NONCONFORMING)
    assert fall.cause is not None
    mix = next(a.result for a in fall.cause.alternatives if "mix" in a.name)
    part, total = (float(x.replace("−", "-").split()[0]) for x in mix.split(" of "))
    assert part / total > 0.7


def test_other_scales_are_not_counted_and_said():
    rows = [
        {"feedback_id": f"a{i}", "kind": "nps", "answered_at": datetime(2025, 5, 1), "score": 4.0, "scale_max": top}
        for i, top in enumerate([10.0] * 40 + [5.0] * 7)
    ]
    outcome = Stage({"feedback": rows}).ask(nps)
    assert isinstance(outcome, Looked)
    assert "40 answers" in outcome.headline
    assert "7 answers on another scale" in outcome.notes[0]


def test_without_scores_it_cannot_be_asked():
    rows = [{"feedback_id": "1", "kind": "nps", "asked_at": datetime(2025, 5, 1)}]
    outcome = Stage({"feedback": rows}).ask(nps)
    assert isinstance(outcome, NotAssessable)
    assert "feedback.score" in outcome.missing


def test_thin_data_is_not_called_conforming():
    outcome = Answers(6, 60).stage().ask(nps)
    assert isinstance(outcome, Looked)
    assert not any(t.within for t in outcome.tests)
