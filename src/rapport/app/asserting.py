"""Holds an audit against its budgets: which limits are kept, which are broken, and which nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rapport.app.budgets import (
    OPINION,
    Declared,
    FindingsBudget,
    Limited,
    MetricBudget,
    ReliabilityBudget,
    ScoreBudget,
    read_budgets,
    worse_or_as_bad,
)
from rapport.app.verifying.reading import document
from rapport.core.audit import CATEGORIES
from rapport.core.errors import InputError
from rapport.core.run import SCHEMA

OPINIONS = ("unqualified", "qualified", "adverse", "disclaimer")
BLIND = ("not_assessable", "error")


class Verdict(StrEnum):
    """What can be said of a budget."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Checked:
    """One budget held against the audit: what was measured, its interval, and whether the build fails for it."""

    budget: str
    limit: str
    measured: float | str | None
    low: float | None
    high: float | None
    n: int | None
    unit: str
    verdict: Verdict
    fails: bool
    warns: bool
    said: str
    line: int | None


@dataclass(frozen=True, slots=True)
class _Measured:
    """A number with its interval, or why there is none."""

    value: float | str | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    reason: str = ""


def check(audit: Path, budgets: Path) -> tuple[Checked, ...]:
    """Hold an audit (its folder or its `audit.json`) against a file of budgets.

    Raises
    ------
    InputError
        If the audit cannot be read.
    ConfigError
        If the budgets are malformed or name what does not exist.
    """
    declared = read_budgets(budgets)
    file, _, run = document(audit)
    if run.get("schema") != SCHEMA:
        todo = "use the version of Rapport that made it, or audit again"
        raise InputError(f"has the schema {run.get('schema')}, not {SCHEMA}", where=str(file), todo=todo)
    try:
        return tuple(one for each in declared for one in _checked(each, run))
    except (KeyError, TypeError, AttributeError) as problem:
        raise InputError("is damaged", where=str(file), todo="see `rapport verify`, or audit again") from problem


def _checked(declared: Declared, run: Mapping[str, Any]) -> Iterator[Checked]:
    budget = declared.budget
    if isinstance(budget, MetricBudget):
        for name, found in _metric(budget, run):
            yield _limit(declared, budget, f"metric {name}", found)
    elif isinstance(budget, ScoreBudget):
        yield _limit(declared, budget, f"score {budget.id}", _score(budget.id, run))
    elif isinstance(budget, FindingsBudget):
        yield _findings(declared, budget, run)
    elif isinstance(budget, ReliabilityBudget):
        yield _reliability(declared, budget, run)


def _metric(budget: MetricBudget, run: Mapping[str, Any]) -> list[tuple[str, _Measured]]:
    """Return the values of a metric that the budget is about, each with its name."""
    values = [m for m in run["metrics"] if m["id"] == budget.id]
    found = [m for m in values if budget.segment in (None, m["segment"])]
    if not found:
        there = ", ".join(m["segment"] for m in values if m["segment"])
        reason = "the audit does not have it" if not values else f"it has no segment “{budget.segment}” ({there})"
        return [(_name(budget.id, budget.segment or ""), _Measured(None, reason=reason))]
    return [
        (
            _name(m["id"], m["segment"]),
            _Measured(m["value"], m["low"], m["high"], m["n"], m["unit"], reason=m["reason"]),
        )
        for m in found
    ]


def _name(id_: str, segment: str) -> str:
    return f"{id_} [{segment}]" if segment else id_


def _score(name: str, run: Mapping[str, Any]) -> _Measured:
    if name == OPINION:
        one = run["opinion"]
        return _Measured(one["score"], one["low"], one["high"], reason="nothing could be scored")
    if name in CATEGORIES:
        category = next((c for c in run["categories"] if c["id"] == name), None)
        if category is None:
            return _Measured(None, reason="no audit of this category was reported")
        return _Measured(category["score"], category["low"], category["high"], reason="nothing in it could be scored")
    audit = next((a for a in run["audits"] if a["id"] == name), None)
    if audit is None:
        return _Measured(None, reason="this audit was not reported")
    return _Measured(audit["score"], audit["score_low"], audit["score_high"], reason=audit["reason"])


def _limit(declared: Declared, budget: Limited, name: str, found: _Measured) -> Checked:
    """Hold one number against its limits; the bound it is measured by is the one the budget names."""
    measured = {"value": found.value, "low": found.low, "high": found.high}[budget.on]
    limits = [f"{sign} {number:g}" for sign, number in (("≥", budget.min), ("≤", budget.max)) if number is not None]
    limit = " and ".join(limits) + ("" if budget.on == "value" else f" ({budget.on} bound)")
    if not isinstance(measured, (int, float)):
        reason = found.reason if found.value is None else f"its {budget.on} bound cannot be known"
        return _result(declared, name, limit, found, Verdict.UNKNOWN, reason or "it has no value")
    below = budget.min is not None and measured < budget.min
    above = budget.max is not None and measured > budget.max
    said = f"below {budget.min:g}" if below else f"above {budget.max:g}" if above else ""
    return _result(declared, name, limit, found, Verdict.BROKEN if said else Verdict.KEPT, said)


def _findings(declared: Declared, budget: FindingsBudget, run: Mapping[str, Any]) -> Checked:
    """Count findings; a limit that is kept only because nobody could look is not kept."""
    found = [f["id"] for f in run["findings"] if _meant(budget, f)]
    name = " ".join(
        (
            f"findings {budget.status.replace('_', ' ')}",
            *([f"{budget.severity} or worse"] if budget.severity not in (None, "low") else []),
            *([f"of {budget.audit}"] if budget.audit else []),
            *([budget.id] if budget.id else []),
        )
    )
    measured = _Measured(len(found), unit="count")
    limit = f"≤ {budget.max}" if budget.max else "none"
    if len(found) > budget.max:
        return _result(declared, name, limit, measured, Verdict.BROKEN, ", ".join(found))
    blind = _blind(budget, run)
    return _result(declared, name, limit, measured, Verdict.UNKNOWN if blind else Verdict.KEPT, blind)


def _meant(budget: FindingsBudget, finding: Mapping[str, Any]) -> bool:
    return (
        finding["status"] == budget.status
        and (budget.severity is None or finding["severity"] in worse_or_as_bad(budget.severity))
        and budget.audit in (None, finding["audit"])
        and budget.id in (None, finding["id"])
    )


def _blind(budget: FindingsBudget, run: Mapping[str, Any]) -> str:
    """Return why findings of this kind could not have been seen, empty where they could.

    Of a budget over all audits one expects that some could not look, but not that one crashed or was left out.
    """
    name = budget.audit or (budget.id or "").partition("/")[0]
    status = {a["id"]: a["status"] for a in run["audits"]}
    if name:
        one = next((a for a in run["audits"] if a["id"] == name), None)
        if one is None:
            return f"{name} was not reported"
        return f"{name} could not tell: {one['reason']}" if one["status"] in BLIND else ""
    crashed = [name for name, ended in status.items() if ended == "error"]
    if crashed:
        return f"{', '.join(crashed)} crashed"
    only = run["settings"]["only"]
    return f"only {', '.join(only)} was asked for" if only else ""


def _reliability(declared: Declared, budget: ReliabilityBudget, run: Mapping[str, Any]) -> Checked:
    opinion = run["reliability"]["opinion"]
    broken = OPINIONS.index(opinion) > OPINIONS.index(budget.at_least) if opinion in OPINIONS else True
    said = " ".join(run["reliability"]["reasons"]) if broken else ""
    verdict = Verdict.BROKEN if broken else Verdict.KEPT
    return _result(declared, "reliability", f"at least {budget.at_least}", _Measured(opinion), verdict, said)


def _result(declared: Declared, name: str, limit: str, found: _Measured, verdict: Verdict, said: str) -> Checked:
    budget = declared.budget
    bad = verdict is Verdict.BROKEN or (verdict is Verdict.UNKNOWN and budget.required)
    told = " — ".join(filter(None, (said, budget.why if bad else "")))
    fails, warns = bad and budget.level == "error", bad and budget.level == "warn"
    measure = (found.value, found.low, found.high, found.n, found.unit)
    return Checked(name, limit, *measure, verdict, fails, warns, told, declared.line)


def broken(checked: Sequence[Checked]) -> bool:
    """Tell whether a build fails for any of the budgets."""
    return any(one.fails for one in checked)
