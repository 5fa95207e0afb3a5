"""Writes the opinion: what an auditor would say if there were one minute."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rapport.core.finding import Finding, Money
from rapport.core.outcome import Status
from rapport.core.run import AuditResult, Opinion, Reliability, RoadmapItem
from rapport.core.words import opening, place, plural
from rapport.engine.score import Overall, grade

SEVERITIES = ("critical", "high", "medium", "low")
MOST, MOST_SAID = 5, 2
BEFORE = {"topic": "on", "channel": "on", "touchpoint": "at", "plan": "on"}
LACKING = re.compile(r"The record has no (\w+)\.")
RECORD = {
    "unqualified": "The record can be relied on.",
    "qualified": "The record can be relied on, with the reservations named below.",
    "adverse": "The record is in doubt where it matters: every finding is to be held with caution.",
    "disclaimer": "There is too little of a record to rely on.",
}


def importance(finding: Finding) -> tuple[int, float, float, str]:
    """Order findings by severity, then by confidence, then by customers affected."""
    place = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    return (place, -finding.confidence, -float(finding.consequence.customers), finding.id)


def opinion(
    company: str,
    overall: Overall,
    reliability: Reliability,
    findings: Sequence[Finding],
    results: Sequence[AuditResult],
    plan: Sequence[RoadmapItem],
    short: Mapping[str, Sequence[str]],
) -> Opinion:
    """Return the opinion on one page; `short` lists, by audit, the places about which nothing can be said yet."""
    good = [f for f in findings if f.status == Status.GOOD_PRACTICE.value and f.incident == f.id]
    bad = sorted((f for f in findings if f.status != Status.GOOD_PRACTICE.value and f.incident == f.id), key=importance)
    good.sort(key=importance)
    unknown = [r for r in results if r.status in (Status.NOT_ASSESSABLE.value, Status.ERROR.value)]
    not_concluded = [f"{r.question} {r.reason}" for r in unknown]
    not_concluded += [line for lines in short.values() for line in lines]
    confidence = min(1.0, reliability.score / 100) * (overall.coverage if overall.score else 0.0)
    score = overall.score
    return Opinion(
        score=score.value if score else None,
        low=score.low if score else None,
        high=score.high if score else None,
        grade=grade(score.value) if score else None,
        confidence=round(confidence, 2),
        coverage=overall.coverage,
        text=_paragraph(company, bad, good, results, reliability),
        strengths=tuple(f.title for f in good[:3]),
        concerns=tuple(f.title for f in bad[:MOST]),
        not_concluded=tuple(not_concluded),
        at_stake=_at_stake(plan),
    )


def _paragraph(
    company: str,
    bad: Sequence[Finding],
    good: Sequence[Finding],
    results: Sequence[AuditResult],
    reliability: Reliability,
) -> str:
    looked = sum(1 for r in results if r.tests)
    whose = f"the customers of {company}" if company else "the company's customers"
    if not looked:
        return (
            f"None of the {len(results)} questions about {whose} could be answered from this record.{_lacking(results)}"
        )
    said = _concerns(bad) if looked == len(results) else [_partly(looked, results, whose), *_concerns(bad)]
    if good:
        said.append(f"What works well deserves as much notice: {_sentence(good[0], begins=False)}")
    if looked == len(results):
        all_ = f"All {looked} questions" if looked > 1 else "The one question"
        said.append(f"{all_} about {whose} could be looked into{_left_open(results)}.")
    return " ".join([*said, RECORD[reliability.opinion]])


def _concerns(bad: Sequence[Finding]) -> list[str]:
    """Return what needs attention, the two gravest in full."""
    serious = [f for f in bad if f.severity in ("critical", "high")]
    if not bad:
        return ["Nothing that was looked at misses its criterion."]
    if not serious:
        many = plural(len(bad), "thing", "things")
        return [
            f"Nothing grave was found; {_number(len(bad)).lower()} smaller {many} can be mended.",
            _sentence(bad[0]),
        ]
    need = plural(len(serious), "thing needs", "things need")
    more = "" if len(serious) <= MOST_SAID else ", two above all"
    return [f"{_number(len(serious))} {need} attention first{more}.", *(_sentence(f) for f in serious[:MOST_SAID])]


def _sentence(finding: Finding, *, begins: bool = True) -> str:
    """Return a title as a sentence that can be read aloud: `Team Shop: 27 % …` is `In team Shop, 27 % …`."""
    where = place(finding.scope)
    head, _, rest = finding.title.partition(": ")
    if not rest or not finding.scope or head.lower() != where.lower():
        return f"{finding.title}."
    before = BEFORE.get(where.partition(" ")[0], "in")
    return f"{opening(before) if begins else before} {where}, {rest}."


def _partly(looked: int, results: Sequence[AuditResult], whose: str) -> str:
    head = f"Of {len(results)} questions about {whose}, {looked} could be looked into{_left_open(results)}."
    return head + _lacking(results)


def _left_open(results: Sequence[AuditResult]) -> str:
    open_ = sum(1 for r in results if r.tests and r.status == Status.NOT_ASSESSABLE.value)
    if not open_:
        return ""
    whom = "it" if len(results) == 1 else f"{_number(open_).lower()} of them"
    return f"; {whom} {plural(open_, 'stays', 'stay')} open for want of rows"


def _lacking(results: Sequence[AuditResult]) -> str:
    """Return which tables would open most questions, empty where none is missing as a whole."""
    found = Counter(m[1] for r in results if not r.tests and (m := LACKING.fullmatch(r.reason)))
    most = [f"no {name.replace('_', ' ')}" for name, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))][
        :3
    ]
    if not most:
        return ""
    listed = most[0] if len(most) == 1 else f"{', '.join(most[:-1])} and {most[-1]}"
    return f" The record holds {listed}."


def _number(n: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
    return words[n] if n < len(words) else str(n)


def _at_stake(plan: Sequence[RoadmapItem]) -> Money | None:
    """Return the sum over incidents, each counted once; bounds are added, which is cautious."""
    values = [item.value for item in plan if item.value is not None]
    if not values:
        return None
    return Money(sum(v.low for v in values), sum(v.mid for v in values), sum(v.high for v in values))
