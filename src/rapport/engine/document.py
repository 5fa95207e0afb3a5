"""Writes down how each audit ended, and by what the whole run can be recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.core.audit import Audit
from rapport.core.canonical import digest
from rapport.core.declarations import Facts
from rapport.core.finding import Finding
from rapport.core.outcome import Looked, Outcome
from rapport.core.run import AuditResult, Tested
from rapport.core.words import grouped, opening, place
from rapport.engine.findings import effect_told, finding_id
from rapport.engine.frozen import frozen_hash, rests_on
from rapport.engine.judge import LEVEL, Judged, Verdict
from rapport.engine.record import Record
from rapport.engine.registry import Registry
from rapport.measures.catalogue import measures

NEAR = 100
"""How many times its rows a place may lack and still be named as one that more rows would settle."""


def result(one: Audit, outcome: Outcome, verdict: Verdict, findings: Sequence[Finding], facts: Facts) -> AuditResult:
    """Return how one audit ended, as it stands in `audit.json`."""
    looked = outcome if isinstance(outcome, Looked) else None
    score = looked.score if looked and verdict.tests else None
    notes = list(looked.notes) if looked else []
    if verdict.more > 0:
        notes.append(f"{verdict.more} more places differ as well; the largest are shown.")
    return AuditResult(
        id=one.id,
        category=one.category,
        question=one.question,
        status=verdict.status.value,
        score=score.value if score else None,
        score_low=score.low if score else None,
        score_high=score.high if score else None,
        reason=verdict.reason,
        findings=tuple(f.id for f in findings if f.audit == one.id),
        notes=tuple(notes),
        tests=verdict.tests,
        p_value=verdict.p_value,
        q_value=verdict.q_value,
        version=one.version,
        criteria=one.criteria,
        least_effect=one.least_effect,
        unit=one.unit,
        chart=looked.chart if looked else None,
        detectable=_detectable(looked) if looked else None,
        frozen_hash=frozen_hash(one, facts),
        rests_on=rests_on(one.inputs, facts),
        tested=tuple(_tested(one, judged) for judged in verdict.worse),
    )


def _tested(one: Audit, judged: Judged) -> Tested:
    t = judged.test
    effect = effect_told(t)
    return Tested(
        id=finding_id(one, t),
        found=judged.selected,
        within=t.within,
        value=t.value.value,
        low=t.value.low,
        high=t.value.high,
        baseline=t.baseline,
        effect=effect.value,
        effect_low=effect.low,
        effect_high=effect.high,
        n=t.n,
        customers=t.customers,
        onset=t.onset,
    )


def _detectable(looked: Looked) -> float | None:
    """Return the effect that the middle one of the places tested would have shown with 80 % power."""
    seen = sorted(t.detectable for t in looked.tests if t.detectable is not None and len(t.scope) <= 1 and not t.onset)
    return seen[len(seen) // 2] if seen else None


def short_of(one: Audit, outcome: Outcome) -> list[str]:
    """Return sentences about places with too few rows, the largest first, where the rows that would do are near."""
    if not isinstance(outcome, Looked) or one.category == "foundations":
        return []
    near = [s for s in outcome.short if s.needed is not None and s.needed <= NEAR * s.n]
    ranked = sorted(near, key=lambda s: (-s.n, sorted(s.scope.items())))[:3]
    return [
        f"{one.question} {opening(place(s.scope))}: {grouped(s.n)} rows, {grouped(s.needed or 0)} needed."
        for s in ranked
    ]


def fingerprint(record: Record, registry: Registry, version: str, seed: int) -> str:
    """Return the hash of inputs, configuration, definitions and version: equal fingerprints give equal numbers."""
    return digest(
        {
            "version": version,
            "snapshot": record.snapshot.id,
            "facts": record.facts,
            "audits": {name: frozen_hash(a, record.facts) for name, a in registry.audits.items()},
            "metrics": sorted(d.label for d in registry.metrics.values()),
            "measures": {name: digest(m.sql) for name, m in measures().items()},
            "seed": seed,
        }
    )


def method(outcomes: Mapping[str, Outcome], record: Record) -> dict[str, object]:
    """Return what the method section of the report is written from."""
    looked = [o for o in outcomes.values() if isinstance(o, Looked)]
    return {
        "tests": sum(len(o.tests) for o in looked),
        "families": len(looked),
        "level": LEVEL,
        "period_months": round(record.facts.months, 1),
        "timezone": record.facts.declared.company.timezone,
        "import_notes": list(record.notes),
    }
