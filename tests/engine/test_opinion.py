"""The opinion is a paragraph that can be read aloud: what hurts, what works, what is missing, whether to believe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.core.finding import NOT_ESTABLISHED, Action, Condition, Consequence, Criteria, Evidence, Finding
from rapport.core.run import AuditResult, CategoryScore, Reliability
from rapport.engine.opinion import opinion
from rapport.engine.score import overall


def found(title: str, scope: Mapping[str, str], severity: str, status: str = "nonconforming") -> Finding:
    return Finding(
        id=title,
        audit="first-reply",
        incident=title,
        title=title,
        status=status,
        severity=severity,
        confidence=0.9,
        scope=scope,
        criteria=Criteria("", "", 0.1, ""),
        condition=Condition("", 100, 0.5, "share", None, None, 0.9, -0.4, 0.01, None),
        cause=NOT_ESTABLISHED,
        consequence=Consequence(5, None),
        action=Action("", "", "", "days", "", ""),
        evidence=(Evidence("query", "replies", "SELECT 1", "", 1),),
    )


def result(reason: str = "", tests: int = 0, status: str = "not_assessable") -> AuditResult:
    return AuditResult("nps", "sentiment", "Would they?", status, None, None, None, reason, (), tests=tests)


def said(company: str, findings: Sequence[Finding], results: Sequence[AuditResult]) -> str:
    scores = overall((CategoryScore("value", 58.0, 54.0, 61.0, 1.0),))
    return opinion(company, scores, Reliability("unqualified", 100.0, (), {}), findings, results, (), {}).text


def test_a_place_becomes_part_of_its_sentence():
    findings = [
        found("Team Billing: 58 % are answered, elsewhere 98 %", {"team": "Billing"}, "critical"),
        found("The net promoter score fell to 12", {}, "high"),
        found("Channel chat: 3 % wait", {"channel": "chat"}, "high"),
        found("Topic delivery: 86 % are solved", {"topic": "delivery"}, "low", "good_practice"),
    ]
    assert said("Acme", findings, [result(tests=3, status="nonconforming")]) == (
        "Three things need attention first, two above all. In team Billing, 58 % are answered, elsewhere 98 %. "
        "On channel chat, 3 % wait. What works well deserves as much notice: on topic delivery, 86 % are solved. "
        "The one question about the customers of Acme could be looked into. The record can be relied on."
    )


def test_what_the_record_lacks_is_named():
    results = [result("The record has no tickets.")] * 2 + [result("The record has no order_lines.")]
    results += [result("Few.", 4), result("Fine.", 3, "conforming")]
    assert said("", [], results) == (
        "Of 5 questions about the company's customers, 2 could be looked into; one of them stays open for want of "
        "rows. The record holds no tickets and no order lines. Nothing that was looked at misses its criterion. "
        "The record can be relied on."
    )
    assert said("", [], results[:1]).startswith("None of the 1 questions about the company's customers could be")
