"""What is missing is said once, with everything that waits for it."""

from typing import Any

from rapport.report.gaps import missing, places, thin
from rapport.report.measured import key_figures, unmeasured
from rapport.report.roadmap import steps


def audit(question: str, reason: str, tests: int = 0) -> dict[str, Any]:
    return {"question": question, "reason": reason, "tests": tests}


def metric(id_: str, value: float | None, reason: str = "", segment: str = "") -> dict[str, Any]:
    return {"id": id_, "value": value, "reason": reason, "segment": segment}


def test_questions_that_wait_for_the_same_are_together_the_most_first() -> None:
    asked = [
        audit("A?", "No feedback."),
        audit("B?", "No tickets."),
        audit("C?", "No tickets."),
        audit("D?", "Few.", 3),
    ]
    assert [(g.reason, [a["question"] for a in g.waiting]) for g in missing(asked)] == [
        ("No tickets.", ["B?", "C?"]),
        ("No feedback.", ["A?"]),
    ]
    assert [a["question"] for a in thin(asked)] == ["D?"]


def test_places_stand_under_their_question() -> None:
    lines = ["A? No tickets.", "B? Team Fax: 3 rows", "B? Team Mail: 4 rows", "region Isle: 2 rows"]
    assert places(lines, [audit("A?", ""), audit("B?", "")], lines[:1]) == [("B?", lines[1:3]), ("", lines[3:])]


def test_a_measure_without_any_value_is_listed_by_what_is_missing() -> None:
    metrics = [
        metric("nps", None, "No feedback."),
        metric("csat", None, "No feedback."),
        metric("promise_kept_share", None, "12 rows", "promise=a"),
        metric("promise_kept_share", 0.9, "", "promise=b"),
        metric("revenue", 5.0),
    ]
    assert [(g.reason, [m["id"] for m in g.waiting]) for g in unmeasured(metrics)] == [
        ("No feedback.", ["nps", "csat"])
    ]
    assert [m["id"] for m in key_figures(metrics)] == ["revenue"]


def test_a_step_that_differs_in_the_place_alone_is_written_once() -> None:
    common = {"effort": "days", "measure": "waits", "retest": "Shorter."}
    roadmap = [{"id": f"f{t}", "action": f"Ask team {t} why.", "rank": t, **common} for t in (1, 2)]
    roadmap.append({"id": "gone", "action": "Mend it.", "rank": 3, **common})
    findings = [{"id": f"f{t}", "scope": {"team": str(t)}} for t in (1, 2)]
    assert [(s.like and s.like["rank"], s.where) for s in steps(roadmap, findings)] == [
        (None, "team 1"),
        (1, "team 2"),
        (None, "the whole company"),
    ]
