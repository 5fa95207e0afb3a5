"""The one document an audit produces: everything the report, the API and the next audit draw from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.core.finding import Finding, Money
from rapport.core.outcome import Chart
from rapport.core.settings import Engine, Settings

SCHEMA = "rapport.audit/1"


@dataclass(frozen=True, slots=True)
class Period:
    """The time audited, half-open, as ISO times in UTC."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class SnapshotTable:
    """One table of the record that was audited."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The record that was audited, named by its content."""

    id: str
    path: str
    tables: tuple[SnapshotTable, ...]


@dataclass(frozen=True, slots=True)
class InputFile:
    """What became of one source file's rows: rows = used + rejected, `replaced` of those used were superseded."""

    source: str
    table: str
    rows: int
    used: int
    rejected: int
    replaced: int
    sha256: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reliability:
    """Can the record be trusted? `opinion` is unqualified, qualified, adverse or disclaimer."""

    opinion: str
    score: float
    reasons: tuple[str, ...]
    caps: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Opinion:
    """The audit on one page: the score and grade, what is good, what matters, what could not be concluded.

    `text` is the paragraph a person can read aloud; `at_stake` counts each incident once.
    """

    score: float | None
    low: float | None
    high: float | None
    grade: str | None
    confidence: float
    coverage: float
    text: str
    strengths: tuple[str, ...]
    concerns: tuple[str, ...]
    not_concluded: tuple[str, ...]
    at_stake: Money | None = None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of a metric."""

    month: str
    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One measured value with its interval, n and definition; `value` is None and `reason` says why."""

    id: str
    name: str
    definition: str
    version: int
    unit: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    segment: str = ""
    reason: str = ""
    trend: tuple[TrendPoint, ...] = ()
    sql: str = ""


@dataclass(frozen=True, slots=True)
class DefinitionText:
    """The printed definition of a metric; `rests_on` are the declarations behind it."""

    id: str
    version: int
    name: str
    unit: str
    formula: str
    inclusion: str
    missing: str
    least_n: int
    interval: str
    source: str
    rests_on: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """How the company conducts itself in one category: None where nothing could be scored."""

    id: str
    score: float | None
    low: float | None
    high: float | None
    coverage: float


@dataclass(frozen=True, slots=True)
class Tested:
    """One place that an audit tested for what is worse than it should be, found or not: what a follow-up compares with.

    `id` is that of the finding it would be; `found` says that it is beyond the least effect after correction for many
    tests, `within` that the whole interval lies inside.
    """

    id: str
    found: bool
    within: bool
    value: float
    low: float | None
    high: float | None
    baseline: float
    effect: float
    effect_low: float | None
    effect_high: float | None
    n: int
    customers: int
    onset: str | None = None


@dataclass(frozen=True, slots=True)
class AuditResult:
    """How one audit ended; `detectable` is the effect it would have seen, `frozen_hash` that of its criteria.

    `rests_on` are the declarations behind it, `tested` the places it looked at.
    """

    id: str
    category: str
    question: str
    status: str
    score: float | None
    score_low: float | None
    score_high: float | None
    reason: str
    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    tests: int = 0
    p_value: float | None = None
    q_value: float | None = None
    version: int = 1
    criteria: str = ""
    least_effect: float | None = None
    unit: str = ""
    chart: Chart | None = None
    detectable: float | None = None
    frozen_hash: str = ""
    rests_on: Mapping[str, Any] = field(default_factory=dict)
    tested: tuple[Tested, ...] = ()


@dataclass(frozen=True, slots=True)
class RoadmapItem:
    """One thing to do, ranked by value, effort and certainty."""

    id: str
    findings: tuple[str, ...]
    action: str
    owner: str
    effort: str
    value: Money | None
    rank: int
    p_top3: float | None
    measure: str
    retest: str


@dataclass(frozen=True, slots=True)
class Run:
    """One audit from end to end: the content of `audit.json` (see `docs/reference/audit-json.md`).

    `customers` is what is said of them beside health and segments: value tiers, moves between segments, what the best
    have in common, what to do next, and the few from whom most may be lost. `shared` marks a document without personal
    data: only who holds the record can verify it.
    """

    schema: str
    engine: Engine
    fingerprint: str
    made_at: str
    company: str
    currency: str
    as_of: str
    period: Period
    snapshot: Snapshot
    inputs: tuple[InputFile, ...]
    reliability: Reliability
    opinion: Opinion
    metrics: tuple[MetricValue, ...]
    definitions: tuple[DefinitionText, ...]
    categories: tuple[CategoryScore, ...]
    audits: tuple[AuditResult, ...]
    findings: tuple[Finding, ...]
    health: Mapping[str, Any]
    segments: tuple[Mapping[str, Any], ...]
    models: tuple[Mapping[str, Any], ...]
    journey: Mapping[str, Any]
    roadmap: tuple[RoadmapItem, ...]
    customers: Mapping[str, Any] = field(default_factory=dict)
    comparisons: tuple[Mapping[str, Any], ...] = ()
    method: Mapping[str, Any] | None = None
    settings: Settings = field(default_factory=Settings)
    shared: bool = False
