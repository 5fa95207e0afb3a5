"""Each scale in its place: 0 is an answer, 3 of 5 is not satisfied, 7 to 1 is turned, 1 to 5 is no NPS."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.stage import Stage

WHEN = datetime(2025, 12, 1)


def answers(kind, scores, as_of=datetime(2026, 1, 1), present=True, **words):
    rows = [
        {
            "feedback_id": f"f{i:03}",
            "customer_id": None,
            "kind": kind,
            "asked_at": None,
            "answered_at": WHEN,
            "score": None if s is None else float(s),
            "scale_min": None,
            "scale_max": None,
            "item": None,
            "source": None,
            **words,
        }
        for i, s in enumerate(scores)
    ]
    return Stage({"feedback": rows}, as_of=as_of, present=present).rows("answers")


def test_an_nps_of_zero_is_a_detractor():
    assert [r["nps_value"] for r in answers("nps", range(11))] == [-100] * 7 + [0] * 2 + [100] * 2


def test_an_empty_score_is_no_answer_of_any_kind():
    row, *_ = answers("nps", [None, 10])
    assert (row["nps_value"], row["answered"], row["off_scale"]) == (None, True, False)


def test_nps_on_another_scale_is_refused():
    rows = answers("nps", [1, 5, 4], scale_min=1.0, scale_max=5.0)
    assert {r["nps_value"] for r in rows} == {None}
    assert all(r["off_scale"] for r in rows)
    assert answers("nps", [11])[0]["nps_value"] is None
    assert {r["nps_value"] for r in answers("nps", [1, 2, 3, 4, 5] * 8)} == {None}


def test_csat_counts_four_and_five_and_on_three_values_the_best():
    assert [r["satisfied"] for r in answers("csat", [1, 2, 3, 4, 5])] == [False, False, False, True, True]
    assert [r["satisfied"] for r in answers("csat", [1, 2, 3])] == [False, False, True]
    assert [r["satisfied"] for r in answers("csat", [0, 1])] == [False, True]
    assert [r["satisfied"] for r in answers("csat", [1, 2, 3], scale_min=1.0, scale_max=5.0)] == [False] * 3
    assert [r["satisfied"] for r in answers("csat", [5, 6, 7], scale_min=1.0, scale_max=7.0)] == [False, True, True]
    assert [r["satisfied"] for r in answers("csat", [50, 90], scale_min=0.0, scale_max=100.0)] == [None, None]


def test_scales_are_inferred_source_by_source():
    rows = [
        {"feedback_id": f"{s}{v}", "kind": "csat", "answered_at": WHEN, "score": float(v), "source": s}
        for s, top in (("desk", 3), ("shop", 5))
        for v in range(1, top + 1)
    ]
    found = {r["row_id"]: r["satisfied"] for r in Stage({"feedback": rows}).rows("answers")}
    assert found["desk3"]
    assert not found["shop3"]


def test_ease_runs_from_one_to_seven_whatever_the_scale():
    assert [r["ease"] for r in answers("ces", [1, 4, 7])] == [1, 4, 7]
    assert [r["easy"] for r in answers("ces", [4, 5, 6])] == [False, True, True]
    assert [r["ease"] for r in answers("ces", [1, 3, 5], scale_min=1.0, scale_max=5.0)] == [1, 4, 7]
    assert [r["ease"] for r in answers("ces", [1, 2, 7], scale_min=7.0, scale_max=1.0)] == [7, 6, 1]


def test_items_of_a_questionnaire_are_left_out():
    assert answers("csat", [5], item="trust") == []
    assert len(answers("csat", [5], item="Overall")) == 1


def test_asked_and_never_answered_is_there_and_a_score_without_a_time_is_an_answer():
    asked = answers("nps", [None], answered_at=None, asked_at=WHEN)[0]
    assert (asked["answered"], asked["due"]) == (False, True)
    assert answers("nps", [3], answered_at=None, asked_at=WHEN)[0]["answered"]
    assert not answers("nps", [3], asked_at=datetime(2025, 12, 30))[0]["due"]


def test_what_is_answered_later_is_not_known_yet():
    rows = answers("nps", [9], as_of=datetime(2025, 11, 25), present=False, asked_at=datetime(2025, 11, 20))
    assert [(r["answered"], r["score"]) for r in rows] == [(False, None)]


def test_waves_are_stretches_of_91_days_and_a_year_before_is_364_days():
    rows, end = [], datetime(2026, 1, 1)
    for label, days in (("new", 10), ("before", 101), ("year", 374), ("between", 200)):
        for i in range(30):
            when = end - timedelta(days=days)
            rows.append(
                {"feedback_id": f"{label}{i}", "customer_id": f"c{i}", "kind": "nps", "answered_at": when, "score": 9.0}
            )
    found = {r["row_id"]: r for r in Stage({"feedback": rows}, as_of=end).rows("answers")}
    assert found["new0"]["vs_previous"] == "newest"
    assert found["before0"]["vs_previous"] == "previous"
    assert found["year0"]["vs_year_before"] == "year before"
    assert (found["between0"]["vs_previous"], found["between0"]["vs_year_before"]) == (None, None)
    assert found["new3"]["both_previous"]
    assert found["new3"]["both_year_before"]


def test_the_region_is_the_customers_else_the_country():
    rows = [
        {"feedback_id": c, "customer_id": c, "kind": "nps", "answered_at": WHEN, "score": 9.0} for c in ("a", "b", "c")
    ]
    customers = [
        {"customer_id": "a", "region": "north", "country": "DE"},
        {"customer_id": "b", "region": None, "country": "AT"},
    ]
    found = Stage({"feedback": rows, "customers": customers}).rows("answers")
    assert [r["region"] for r in found] == ["north", "AT", None]
