"""What a finding is made of: the five Cs of an audit, each part with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Criteria:
    """What should be: in words, its source, the least effect worth acting on, and the hash frozen beforehand."""

    text: str
    source: str
    least_effect: float
    frozen_hash: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What is: the measured value with n, interval, baseline, effect, q-value and the smallest effect detectable."""

    statement: str
    n: int
    value: float
    unit: str
    low: float | None
    high: float | None
    baseline: float
    effect: float
    q_value: float
    detectable_effect: float | None
    effect_low: float | None = None
    effect_high: float | None = None
    shrunk_effect: float | None = None
    onset: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another explanation that was tried, and what came of it."""

    name: str
    result: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Why: established, supported, a hypothesis, or not established; correlation is never called cause."""

    status: str
    statement: str
    alternatives: tuple[Alternative, ...] = ()


NO_VALUE = "What this costs cannot be derived from this record."
"""Said where the audit derived no consequence: the customers are then all who were measured in the place."""
NOT_ESTABLISHED = Cause("not_established", "The record shows where and since when, not why.")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the company's currency with its interval."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Consequence:
    """What it does: customers affected and the money at stake (None where it cannot be derived), with assumptions."""

    customers: int
    value: Money | None
    assumptions: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What to do: a step that mends the condition, one that mends the cause, whose it is, how it is tested again."""

    fix_condition: str
    fix_cause: str
    owner: str
    effort: str
    measure: str
    retest: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a finding comes from: the query that can be run again, the rows it rests on, a sample of them, a chart."""

    kind: str
    measure: str
    sql: str
    hash: str
    count: int
    sample: tuple[Mapping[str, Any], ...] = ()
    chart: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. It cannot exist without evidence.

    `id` is readable and the same in every run (`first-reply/team=Billing`); findings that show the same thing share
    `incident`.
    """

    id: str
    audit: str
    incident: str
    title: str
    status: str
    severity: str
    confidence: float
    scope: Mapping[str, str]
    criteria: Criteria
    condition: Condition
    cause: Cause
    consequence: Consequence
    action: Action
    evidence: tuple[Evidence, ...]
    also_seen_in: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a finding that nothing supports."""
        if not self.evidence:
            raise ValueError(f"finding {self.id} has no evidence")


@dataclass(frozen=True, slots=True)
class Remedy:
    """The advice that belongs to an audit; `{place}` stands for where it was found.

    `effort` is `hours`, `days`, `weeks` or `months` of one person; `measure` is what should move, `retest` how one will
    see it.
    """

    audit: str
    fix_condition: str
    fix_cause: str
    effort: str
    measure: str
    retest: str
