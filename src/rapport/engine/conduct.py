"""Conducts an audit from end to end: what can be asked is asked, judged together, and summed up in one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from rapport.core.audit import Audit
from rapport.core.declarations import Facts
from rapport.core.errors import UsageError
from rapport.core.finding import Finding, Remedy
from rapport.core.run import SCHEMA, MetricValue, Period, Run
from rapport.core.settings import Engine, Settings
from rapport.engine.asking import Asker
from rapport.engine.document import fingerprint, method, result, short_of
from rapport.engine.evidence import evidence_for
from rapport.engine.exposure import exposed
from rapport.engine.findings import Ground, finding
from rapport.engine.incidents import incidents
from rapport.engine.judge import Verdict, judge
from rapport.engine.measuring import definition_text
from rapport.engine.opinion import importance, opinion
from rapport.engine.record import Record
from rapport.engine.registry import Registry
from rapport.engine.relationships import SHORT_LISTS, looked_at, relationships
from rapport.engine.reliability import Trust, trust
from rapport.engine.roadmap import roadmap
from rapport.engine.running import Progress, all_comparisons, all_inputs, all_metrics, all_outcomes
from rapport.engine.score import category_scores, overall
from rapport.measures.catalogue import measures
from rapport.measures.wanted import wanted
from rapport.record import TABLES


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
    facts = replace(record.facts, seed=seed)
    asker = _asker(record, registry, facts)
    outcomes = all_outcomes(registry, asker, facts, progress)
    progress("judging", 0.0)
    verdicts = judge(outcomes)
    about_record = [name for name, a in registry.audits.items() if a.category == "foundations"]
    believed = trust(outcomes, record.inputs, {t.name: t.rows for t in record.snapshot.tables}, about_record)
    shown = {name: a for name, a in registry.audits.items() if not only or name in only}
    progress("measuring", 0.0)
    metrics = all_metrics(registry, asker, facts)
    progress("looking at customers", 0.0)
    people = relationships(asker)
    problems = dict(people.problems)
    comparisons = all_comparisons(asker, facts, problems.__setitem__)
    progress("writing findings", 0.0)
    findings = _findings(shown, verdicts, asker, record, believed, remedies, _customers(metrics))
    plan = roadmap(findings, seed)
    categories = category_scores(shown, outcomes, {name for name, v in verdicts.items() if v.tests})
    results = tuple(result(a, outcomes[n], verdicts[n], findings, facts) for n, a in shown.items())
    short = {n: short_of(a, outcomes[n]) for n, a in shown.items()}
    company, total, trusted = facts.declared.company.name, overall(categories), believed.reliability
    return Run(
        schema=SCHEMA,
        engine=Engine("rapport", version, record.backend),
        fingerprint=fingerprint(record, registry, version, seed),
        made_at=made_at,
        company=company,
        currency=facts.currency,
        as_of=facts.as_of.isoformat(),
        period=Period(facts.start.isoformat(), facts.as_of.isoformat()),
        snapshot=record.snapshot,
        inputs=record.inputs,
        reliability=trusted,
        opinion=opinion(company, total, trusted, findings, results, plan, short),
        metrics=metrics,
        definitions=tuple(definition_text(d, facts) for d in registry.metrics.values()),
        categories=categories,
        audits=results,
        findings=findings,
        health=people.health,
        segments=people.segments,
        models=people.models,
        customers=people.customers,
        journey={},
        roadmap=plan,
        comparisons=comparisons,
        method={**method(outcomes, record), "problems": problems},
        settings=Settings(seed, tuple(only), record.given_as_of, record.given_since, facts.declared),
    )


def _asker(record: Record, registry: Registry, facts: Facts) -> Asker:
    """Return what answers from a record and knows everything that will be asked of it."""
    known, inputs = measures(), list(all_inputs(registry))
    columns = wanted(known, [*inputs, *SHORT_LISTS.values()])
    awaited, after = Counter(inputs), looked_at(known)
    return Asker(record.database, known, record.filled, facts, wanted=columns, awaited=awaited, afterwards=after)


def _customers(metrics: tuple[MetricValue, ...]) -> int:
    return next((int(m.value or 0) for m in metrics if m.id == "customers"), 0)


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
            touched = exposed(judged.test, asked, asker, record.facts.currency)
            found.append(finding(judged, ground, evidence, touched))
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
