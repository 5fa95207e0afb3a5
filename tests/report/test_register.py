"""An incident is listed once, the gravest first, with what else shows it beneath."""

from typing import Any

from rapport.report.register import anchors, each_incident, folded, incidents, leading, seen_words


def one(id_: str, severity: str, incident: str = "", status: str = "nonconforming") -> dict[str, Any]:
    return {"id": id_, "severity": severity, "incident": incident or id_, "status": status, "title": id_}


def test_incidents_are_ranked_by_severity_and_then_in_the_order_of_the_audit() -> None:
    found = incidents([one("a", "low"), one("b", "high"), one("c", "high"), one("d", "strange"), one("e", "critical")])
    assert [(i.rank, i.id) for i in found] == [(1, "e"), (2, "b"), (3, "c"), (4, "a"), (5, "d")]


def test_the_finding_an_incident_is_named_after_heads_it() -> None:
    (found,) = incidents([one("delivery", "high", "promise"), one("promise", "medium", "promise")])
    assert found.head["id"] == "promise"
    assert [o["id"] for o in found.others] == ["delivery"]


def test_good_practice_is_no_problem() -> None:
    findings = [one("a", "low", status="good_practice"), one("b", "low", status="opportunity")]
    assert [i.id for i in incidents(findings)] == ["b"]
    assert [i.id for i in incidents(findings, ("good_practice",))] == ["a"]


def test_every_finding_has_a_place_of_its_own() -> None:
    places = anchors([one("first-reply/team=Billing", "low"), one("first-reply/team:billing", "low"), one("ü", "low")])
    assert list(places.values()) == [
        "finding-first-reply-team-billing",
        "finding-first-reply-team-billing-2",
        "finding-one",
    ]


def test_where_else_it_was_seen_is_said_in_words() -> None:
    assert seen_words("reopens/team=Shop,topic=order change", "reopens") == "team Shop, topic order change"
    assert seen_words("first-reply/part_of_day=night", "reopens") == "first reply: part of day night"


def test_an_incident_is_named_once() -> None:
    assert each_incident(["promise", "delivery", "silence", "gone"], {"promise": 1, "delivery": 1, "silence": 2}) == [
        "promise",
        "silence",
        "gone",
    ]


def test_of_many_incidents_the_gravest_are_whole_and_the_rest_sorted_by_audit() -> None:
    found = incidents(
        [{**one(f"a{i}", "high" if i < 6 else "medium"), "audit": "x" if i < 9 else "y"} for i in range(10)]
    )
    assert [i.id for i in leading(found)] == ["a0", "a1", "a2", "a3", "a4", "a5"]
    assert [(name, [i.id for i in rest]) for name, rest in folded(found)] == [("x", ["a6", "a7", "a8"]), ("", ["a9"])]
    assert leading(found[:8]) == found[:8]
    assert folded(found[:8]) == []
