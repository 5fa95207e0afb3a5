"""The survey metrics on worked answers, on real ones, and against the textbook's formula."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from rapport.core.outcome import NotAssessable
from rapport.measures.metrics.surveys import ces, ces_share_easy, csat, nps, nps_response_rate
from rapport.measures.nps_of import score_of
from rapport.models.moments import of_rows
from tests.stage import Stage

REAL = Path(__file__).parents[3] / "shared/data/nps_saas/nps_saas.parquet"
WHEN = datetime(2025, 5, 1)


def survey(kind, scores, customers=None, **words):
    rows = [
        {
            "feedback_id": f"f{i:05}",
            "customer_id": f"c{i if customers is None else customers[i]}",
            "kind": kind,
            "asked_at": WHEN,
            "answered_at": None if s is None else WHEN,
            "score": None if s is None else float(s),
            **words,
        }
        for i, s in enumerate(scores)
    ]
    return Stage({"feedback": rows})


@pytest.mark.parametrize(("n", "se"), [(100, 7.81), (400, 3.91), (1000, 2.47), (2000, 1.75)])
def test_half_promoters_and_a_fifth_detractors(n, se):
    found = survey("nps", [10] * (n // 2) + [0] * (n // 5) + [7] * (n - n // 2 - n // 5)).metric(nps)
    assert found.value == pytest.approx(30)
    assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(se, abs=0.005)
    assert found.n == n


def test_zero_counts_as_a_detractor_and_empty_as_nothing():
    found = survey("nps", [0] * 5 + [10] * 5 + [None] * 30).metric(nps)
    assert (found.value, found.n) == (0, 10)


def test_fewer_than_ten_answers_are_too_few():
    assert survey("nps", [9] * 9).metric(nps) is None
    assert survey("csat", [5] * 9).metric(csat) is None


def test_answers_of_one_customer_are_one_cluster():
    scores = [10] * 60 + [0] * 40
    alone = survey("nps", scores).metric(nps)
    many = survey("nps", scores, customers=[i // 5 for i in range(100)]).metric(nps)
    assert many.value == alone.value
    assert many.high - many.low > 2 * (alone.high - alone.low)


def test_all_promoters_still_have_an_interval():
    counts = {"promoters": 30, "passives": 0, "detractors": 0}
    found = score_of(of_rows([100.0] * 30, [i // 3 for i in range(30)]), counts)
    assert found.value == 100
    assert found.low is not None
    assert found.low < 95


def test_the_response_rate_needs_somebody_who_did_not_answer():
    assert survey("nps", [9] * 30).metric(nps_response_rate) is None
    found = survey("nps", [9] * 30 + [None] * 90).metric(nps_response_rate)
    assert (found.value, found.n) == (0.25, 120)


def test_three_of_five_is_in_the_denominator_of_csat():
    found = survey("csat", [5] * 30 + [4] * 30 + [3] * 20 + [1] * 20).metric(csat)
    assert found.value == pytest.approx(0.6)
    # Wilson, 60 of 100
    assert found.low == pytest.approx(0.5020, abs=0.002)
    assert found.high == pytest.approx(0.6906, abs=0.002)


def test_of_three_values_only_the_best_is_good():
    assert survey("csat", [3] * 30 + [2] * 30 + [1] * 40).metric(csat).value == pytest.approx(0.3)


def test_effort_is_told_both_ways():
    stage = survey("ces", [7] * 20 + [5] * 20 + [4] * 20 + [1] * 40)
    assert stage.metric(ces).value == pytest.approx((140 + 100 + 80 + 40) / 100)
    assert stage.metric(ces_share_easy).value == pytest.approx(0.4)


def test_without_answers_there_is_no_metric():
    assert isinstance(survey("csat", [5] * 20).metric(nps), NotAssessable)


@pytest.mark.data
@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/nps_saas is not there")
def test_twenty_thousand_real_answers_equal_the_formula():
    p, d, n = duckdb.sql(
        "SELECT AVG(CASE WHEN score >= 9 THEN 1.0 ELSE 0 END), AVG(CASE WHEN score <= 6 THEN 1.0 ELSE 0 END), "
        f"COUNT(*) FROM '{REAL}'"
    ).fetchall()[0]
    table = duckdb.sql(
        "SELECT CAST(ROW_NUMBER() OVER (ORDER BY id) AS VARCHAR) AS feedback_id, CAST(id AS VARCHAR) AS customer_id, "
        "'nps' AS kind, CAST(score AS DOUBLE) AS score, CAST(surveyed_at AS TIMESTAMP) AS answered_at "
        f"FROM '{REAL}'"
    ).to_arrow_table()
    found = Stage({"feedback": table}, as_of=datetime(2018, 9, 1), start=datetime(2016, 1, 1)).metric(nps)
    reach = 1.959964 * 100 * math.sqrt((p + d - (p - d) ** 2) / n)
    assert found.n == n == 20268
    assert round(found.value, 2) == 10.86
    assert found.value == pytest.approx(100 * (p - d), abs=1e-9)
    assert (found.low, found.high) == pytest.approx((found.value - reach, found.value + reach), abs=1e-4)
