"""Two levels of correction, explained cells and the status of an audit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rapport.core import outcome
from rapport.core.interval import Interval
from rapport.core.outcome import Errored, Looked, NotAssessable, Short, Status
from rapport.engine.judge import judge


def weighed(p, *, status=Status.NONCONFORMING, scope=None, within=False, n=1000, **more):
    interval = Interval(0.0, -0.1, 0.1, n)
    return outcome.Test(scope or {}, status, p, interval, interval, 0.0, n, 100, "t", "s", "x", within=within, **more)


def looked(*tests):
    return Looked("Half of it.", tests, None)


def test_a_crash_and_a_gap_are_results_of_their_own():
    verdicts = judge({"a": Errored("it stopped"), "b": NotAssessable("no orders"), "c": looked(weighed(1e-9))})
    assert verdicts["a"].status is Status.ERROR
    assert verdicts["b"].status is Status.NOT_ASSESSABLE
    assert verdicts["c"].status is Status.NONCONFORMING


def test_nothing_significant_without_power_is_not_conforming():
    verdict = judge({"a": looked(weighed(0.6, scope={"team": "x"}))})["a"]
    assert verdict.status is Status.NOT_ASSESSABLE
    assert "too few" in verdict.reason


def test_conforming_means_that_the_interval_lies_within_the_least_effect():
    cells = [weighed(0.99, scope={"team": t}, within=True) for t in "abcd"]
    assert judge({"a": looked(*cells)})["a"].status is Status.CONFORMING


def test_places_too_small_to_test_are_not_known_to_conform():
    cells = [weighed(0.99, scope={"team": t}, within=True) for t in "abcd"]
    few, many = (tuple(Short({"team": t}, n, 900) for t in "efgh") for n in (200, 300))
    assert judge({"a": replace(looked(*cells), short=few)})["a"].status is Status.CONFORMING
    assert judge({"a": replace(looked(*cells), short=many)})["a"].status is Status.NOT_ASSESSABLE


def test_few_customers_rule_nothing_out_however_many_rows_they_bring():
    cells = [replace(weighed(0.99, scope={"team": t}, within=True), customers=30) for t in "abcd"]
    assert judge({"a": looked(*cells)})["a"].status is Status.NOT_ASSESSABLE


@pytest.mark.parametrize(("settled", "status"), [(True, Status.CONFORMING), (False, Status.NOT_ASSESSABLE)])
def test_where_only_a_change_would_be_a_fault_standing_differences_alone_do_not_conform(settled, status):
    places = [weighed(0.99, scope={"team": t}, within=True, status=Status.OPPORTUNITY) for t in "ab"]
    change = weighed(0.4, within=settled, onset="2025-05-01")
    assert judge({"a": looked(*places, change)})["a"].status is status


def test_what_another_finding_explains_is_no_finding_of_its_own():
    head = weighed(1e-12, scope={"team": "b", "part": "late"}, explains=({"team": "b"},))
    verdict = judge({"a": looked(head, weighed(1e-9, scope={"team": "b"}))})["a"]
    assert [j.test.scope for j in verdict.kept] == [{"team": "b", "part": "late"}]


@pytest.mark.parametrize(("before", "kept"), [(0.79, ["2025-05-01"]), (0.45, ["2025-05-01", None])])
def test_a_difference_that_arose_with_a_change_is_said_once(before, kept):
    """Saturdays: 48 % against 79 % elsewhere is nothing new beside "since May 27 %, before 79 %"."""
    standing = replace(weighed(1e-9, scope={"day": "Sat"}), value=Interval(0.48, 0.45, 0.51, 900), baseline=0.79)
    change = weighed(1e-12, scope={"day": "Sat"}, onset="2025-05-01")
    change = replace(change, value=Interval(0.27, 0.24, 0.30, 500), baseline=before)
    verdict = judge({"a": looked(standing, change)})["a"]
    assert {j.test.onset for j in verdict.kept} == set(kept)


def test_certain_cells_of_one_audit_do_not_loosen_the_threshold_of_another():
    """Flat correction over all cells would let hundreds of certain cells carry doubtful ones; two levels do not."""
    random = np.random.default_rng(7)
    runs, false_flat, false_two = 300, 0, 0
    for _ in range(runs):
        certain = [weighed(1e-12, scope={"team": str(i)}) for i in range(200)]
        doubtful = random.uniform(size=40)
        outcomes = {"certain": looked(*certain)}
        outcomes |= {f"null-{i}": looked(weighed(float(p), scope={"x": "y"})) for i, p in enumerate(doubtful)}
        verdicts = judge(outcomes)
        false_two += any(v.kept for name, v in verdicts.items() if name != "certain")
        flat = np.sort(np.concatenate([np.full(200, 1e-12), doubtful]))
        cut = np.nonzero(flat <= 0.05 * np.arange(1, 241) / 240)[0].max() + 1
        false_flat += cut > 200
    # With one true audit among 41, the chance that a null audit is selected is near 0.05 · 2 (R grows by one).
    assert false_two / runs < 0.10 + 3 * np.sqrt(0.1 * 0.9 / runs)
    assert false_flat / runs > 0.5


@pytest.mark.parametrize("tests", [40, 400])
def test_more_questions_do_not_make_more_false_findings(tests):
    random = np.random.default_rng(11)
    found = 0
    for _ in range(200):
        outcomes = {
            f"a{i}": looked(
                *(weighed(float(p), scope={"c": str(j)}) for j, p in enumerate(random.uniform(size=tests // 20)))
            )
            for i in range(20)
        }
        found += any(v.kept for v in judge(outcomes).values())
    assert found / 200 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
