"""Conducts an audit from end to end: what can be asked is asked, judged together, and summed up in one document."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapport.core.audit import Audit
from rapport.core.canonical import digest
from rapport.core.declarations import Facts
from rapport.core.errors import UsageError
from rapport.core.finding import Finding, Remedy
from rapport.core.outcome import Errored, Looked, NotAssessable, Outcome
from rapport.core.run import SCHEMA, AuditResult, Engine, MetricValue, Period, Run
from rapport.core.words import grouped, opening, place
from rapport.engine.asking import Asker
from rapport.engine.evidence import evidence_for
from rapport.engine.exposure import exposed
from rapport.engine.findings import Ground, finding, frozen_hash
from rapport.engine.incidents import incidents
from rapport.engine.judge import LEVEL, Verdict, judge
from rapport.engine.measuring import definition_text, measured
from rapport.engine.opinion import importance, opinion
from rapport.engine.protection import shown_groups
from rapport.engine.record import Record
from rapport.engine.registry import Registry
from rapport.engine.reliability import Trust, trust
from rapport.engine.roadmap import roadmap
from rapport.engine.score import category_scores, overall
from rapport.measures.conventions import COMPARISONS
from rapport.measures.query import measures
from rapport.record import TABLES

Progress = Callable[[str, float], None]
NEAR = 100
"""How many times its rows a place may lack and still be named as one that more rows would settle."""


def conduct(
    record: Record,
    registry: Registry,
    remedies: Mapping[str, Remedy],
    *,
    version: str,
    made_at: str,
    seed: int = 0,
    only: Collection[str] = (),
    progress: Progress = lambda stage, share: None,
) -> Run:
    """Return the run: everything the report, the API and the next audit draw from.

    All audits are run and judged together even with `only`, so that q-values are those of the whole family; `only`
    limits what is reported. Raises UsageError for an unknown id in `only`.
    """
    unknown = sorted(set(only) - registry.audits.keys())
    if unknown:
        raise UsageError(f"there is no audit “{unknown[0]}”", todo="see `rapport audits`")
    asker = Asker(record.database, measures(), record.filled)
    outcomes: dict[str, Outcome] = {}
    for i, (name, one) in enumerate(registry.audits.items()):
        progress("asking", i / len(registry.audits))
        outcomes[name] = shown_groups(_ask(one, asker, record), record.facts.declared.privacy.minimum_group)
    progress("judging", 0.0)
    verdicts = judge(outcomes)
    tables = {t.name: t.rows for t in record.snapshot.tables}
    believed = trust(outcomes, record.inputs, tables)
    shown = {name: a for name, a in registry.audits.items() if not only or name in only}
    progress("measuring", 0.0)
    metrics = _metrics(registry, asker, record)
    customers = next((int(m.value or 0) for m in metrics if m.id == "customers"), 0)
    progress("writing findings", 0.0)
    findings = _findings(shown, verdicts, asker, record, believed, remedies, customers)
    plan = roadmap(findings, seed)
    tested = {name for name, v in verdicts.items() if v.tests}
    categories = category_scores(shown, outcomes, tested)
    results = tuple(_result(a, outcomes[n], verdicts[n], findings, record.facts) for n, a in shown.items())
    short = {n: _short(a, outcomes[n]) for n, a in shown.items()}
    facts = record.facts
    return Run(
        schema=SCHEMA,
        engine=Engine("rapport", version, record.backend),
        fingerprint=_fingerprint(record, registry, version, seed),
        made_at=made_at,
        company=facts.declared.company.name,
        currency=facts.currency,
        as_of=facts.as_of.isoformat(),
        period=Period(facts.start.isoformat(), facts.as_of.isoformat()),
        snapshot=record.snapshot,
        inputs=record.inputs,
        reliability=believed.reliability,
        opinion=opinion(
            facts.declared.company.name, overall(categories), believed.reliability, findings, results, plan, short
        ),
        metrics=metrics,
        definitions=tuple(definition_text(d) for d in registry.metrics.values()),
        categories=categories,
        audits=results,
        findings=findings,
        health={},
        segments=(),
        models=(),
        journey={},
        roadmap=plan,
        comparisons=_comparisons(asker, facts),
        method=_method(outcomes, record),
    )


def _ask(one: Audit, asker: Asker, record: Record) -> Outcome:
    """Run one audit; a crash is an outcome of that audit and of nothing else."""
    try:
        answers = asker.gather(one.inputs, one.needs, one.optional)
        if isinstance(answers, NotAssessable):
            return answers
        left_out = tuple(dict.fromkeys(c for asked in one.inputs.values() for c in asker.left_out(asked)))
        return one.run(**answers, facts=replace(record.facts, left_out=left_out))
    except Exception as problem:  # noqa: BLE001 - the one place where an audit's crash becomes a result
        return Errored(f"It stopped with {type(problem).__name__}: {problem}", traceback.format_exc())


def _metrics(registry: Registry, asker: Asker, record: Record) -> tuple[MetricValue, ...]:
    values: list[MetricValue] = []
    for definition in registry.metrics.values():
        values += measured(definition, asker, record.facts)
    return tuple(values)


def _findings(
    shown: Mapping[str, Audit],
    verdicts: Mapping[str, Verdict],
    asker: Asker,
    record: Record,
    believed: Trust,
    remedies: Mapping[str, Remedy],
    customers: int,
) -> tuple[Finding, ...]:
    """Return the findings of the shown audits, the most important first, joined into incidents."""
    found: list[Finding] = []
    reads = {name: tables_of(a) for name, a in shown.items()}
    for name, one in shown.items():
        ground = Ground(one, record.facts, customers, believed.cap(reads[name]), remedies.get(name))
        for judged in verdicts[name].kept:
            asked = one.inputs[judged.test.input]
            evidence = evidence_for(judged.test, asked, asker.database, ground.remedy)
            plainly = finding(judged, ground, evidence)
            found.append(exposed(plainly, judged.test, asked, asker, record.facts.currency))
    return incidents(sorted(found, key=importance), reads)


def tables_of(one: Audit) -> frozenset[str]:
    """Return the record's tables that an audit reads, through all measures below it."""
    known = measures()
    found: set[str] = set()
    open_names = {asked.measure for asked in one.inputs.values()}
    while open_names:
        name = open_names.pop()
        if name in known:
            open_names |= known[name].reads
        elif name in TABLES:
            found.add(name)
    return frozenset(found)


def _result(one: Audit, outcome: Outcome, verdict: Verdict, findings: Sequence[Finding], facts: Facts) -> AuditResult:
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
    )


def _detectable(looked: Looked) -> float | None:
    """Return the effect that the middle one of the places tested would have shown with 80 % power."""
    seen = sorted(t.detectable for t in looked.tests if t.detectable is not None and len(t.scope) <= 1 and not t.onset)
    return seen[len(seen) // 2] if seen else None


def _short(one: Audit, outcome: Outcome) -> list[str]:
    """Return sentences about places with too few rows, the largest first, where the rows that would do are near."""
    if not isinstance(outcome, Looked) or one.category == "foundations":
        return []
    near = [s for s in outcome.short if s.needed is not None and s.needed <= NEAR * s.n]
    ranked = sorted(near, key=lambda s: (-s.n, sorted(s.scope.items())))[:3]
    return [
        f"{one.question} {opening(place(s.scope))}: {grouped(s.n)} rows, {grouped(s.needed or 0)} needed."
        for s in ranked
    ]


def _comparisons(asker: Asker, facts: Facts) -> tuple[Mapping[str, Any], ...]:
    """Return the same things under several definitions, side by side, as far as the record allows."""
    found = []
    for one in COMPARISONS:
        answers = asker.gather(one.inputs, one.needs, one.optional)
        compared = None if isinstance(answers, NotAssessable) else one.compute(answers, facts)
        if compared is not None:
            found.append(compared)
    return tuple(found)


def _fingerprint(record: Record, registry: Registry, version: str, seed: int) -> str:
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


def _method(outcomes: Mapping[str, Outcome], record: Record) -> dict[str, object]:
    looked = [o for o in outcomes.values() if isinstance(o, Looked)]
    return {
        "tests": sum(len(o.tests) for o in looked),
        "families": len(looked),
        "level": LEVEL,
        "period_months": round(record.facts.months, 1),
        "timezone": record.facts.declared.company.timezone,
        "import_notes": list(record.notes),
    }
