"""A small part of the benchmark: three defects, a company in which nothing is wrong, and one too small to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.app.benchmark import Rapport, cases, run, tally
from rapport.app.benchmark.tally import UNASSESSED, Tally

DEFECTS = ("first-reply", "csat", "churn")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    out: Path = tmp_path_factory.mktemp("benchmark")
    wanted = [c for c in cases((1,), (*DEFECTS, "clean", "small")) if c.plants or c.world == "shop"]
    return tally(run(wanted, Rapport(), out))


def test_the_defects_are_found_where_they_are(counted: Tally) -> None:
    assert {d.id for d in counted.defects} == set(DEFECTS)
    assert [(d.id, d.recall.value, d.localised.value) for d in counted.defects] == [
        (d.id, 1.0, 1.0) for d in counted.defects
    ]


def test_nothing_is_found_where_nothing_is(counted: Tally) -> None:
    assert {q.twin: q.where for q in counted.twins} == {"clean": {}, "small": {}}


def test_the_small_company_is_told_that_nobody_can_tell(counted: Tally) -> None:
    (small,) = (q for q in counted.twins if q.twin == "small")
    assert small.unassessed.value >= UNASSESSED
