"""Writes the opinion: what an auditor would say if there were one minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.core.finding import Finding, Money
from rapport.core.outcome import Status
from rapport.core.run import AuditResult, Opinion, Reliability, RoadmapItem
from rapport.core.words import plural
from rapport.engine.score import Overall, grade

SEVERITIES = ("critical", "high", "medium", "low")
MOST = 5
RECORD = {
    "unqualified": "The record can be relied on.",
    "qualified": "The record can be relied on with the reservations named below.",
    "adverse": "The record is in doubt where it matters, so that every finding is held with caution.",
    "disclaimer": "There is too little of a record to give an opinion.",
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
    who = company or "this company"
    looked = sum(1 for r in results if r.tests)
    if not looked:
        return f"Of {len(results)} questions about the customers of {who} none could be answered from this record."
    asked = f"questions about the customers of {who}"
    head = f"All {looked} {asked}" if looked == len(results) else f"Of {len(results)} {asked}, {looked}"
    open_ = sum(1 for r in results if r.tests and r.status == Status.NOT_ASSESSABLE.value)
    tail = f"; {_number(open_).lower()} of them {plural(open_, 'stays', 'stay')} open for want of rows" if open_ else ""
    parts = [f"{head} could be looked into{tail}."]
    serious = [f for f in bad if f.severity in ("critical", "high")]
    if serious:
        need = plural(len(serious), "thing needs", "things need")
        parts.append(f"{_number(len(serious))} {need} attention first, above all this: {serious[0].title}.")
    elif bad:
        parts.append(
            f"Nothing grave was found; {len(bad)} smaller {plural(len(bad), 'thing', 'things')} can be mended."
        )
    else:
        parts.append("Nothing was found that misses its criterion.")
    if good:
        parts.append(f"What works well deserves as much notice: {good[0].title[0].lower()}{good[0].title[1:]}.")
    parts.append(RECORD[reliability.opinion])
    return " ".join(parts)


def _number(n: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
    return words[n] if n < len(words) else str(n)


def _at_stake(plan: Sequence[RoadmapItem]) -> Money | None:
    """Return the sum over incidents, each counted once; bounds are added, which is cautious."""
    values = [item.value for item in plan if item.value is not None]
    if not values:
        return None
    return Money(sum(v.low for v in values), sum(v.mid for v in values), sum(v.high for v in values))
