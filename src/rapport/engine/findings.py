"""Turns a test that counts into a finding with its five Cs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapport.core.audit import Audit
from rapport.core.canonical import beside
from rapport.core.declarations import Facts
from rapport.core.finding import (
    NOT_ESTABLISHED,
    Action,
    Condition,
    Consequence,
    Criteria,
    Evidence,
    Finding,
    Remedy,
)
from rapport.core.interval import Interval
from rapport.core.outcome import Status, Test
from rapport.core.words import code, opening, place
from rapport.engine.frozen import frozen_hash
from rapport.engine.judge import Judged


@dataclass(frozen=True, slots=True)
class Ground:
    """What a finding stands on beside its test: the audit, the facts, who is in the record, what may be believed."""

    audit: Audit
    facts: Facts
    customers: int
    cap: float
    remedy: Remedy | None


def finding_id(audit: Audit, test: Test) -> str:
    """Return the readable key of a finding, the same in every run: `first-reply/team=Billing`."""
    side = "good/" if test.status is Status.GOOD_PRACTICE else ""
    change = "/change" if test.onset else ""
    return f"{audit.id}/{side}{code(test.scope)}{change}"


def severity(test: Test, audit: Audit, touched: int, customers: int) -> str:
    """Return how much it matters, apart from how sure it is; `touched` of all `customers` it reaches.

    By the size of the (shrunk) effect in units of the least one worth acting on, and by the share of customers it
    reaches: critical from five times and a fifth of the customers on; high from three times and a twentieth, or twice
    and a fifth; medium from 1.5 times or a tenth; else low.
    """
    size = abs(test.shrunk) / audit.least_effect if audit.least_effect else 5.0
    reach = touched / customers if customers else 0.0
    if size >= 5 and reach >= 0.2:
        return "critical"
    if (size >= 3 and reach >= 0.05) or (size >= 2 and reach >= 0.2):
        return "high"
    return "medium" if size >= 1.5 or reach >= 0.1 else "low"


def finding(judged: Judged, ground: Ground, evidence: tuple[Evidence, ...], touched: Consequence) -> Finding:
    """Return the finding for a selected test; its confidence is never above what its tables allow."""
    test, audit = judged.test, ground.audit
    sure = min(ground.cap, 1 - judged.q_value)
    if test.onset and not test.same_season:
        sure = min(sure, 0.5)
    id_ = finding_id(audit, test)
    return Finding(
        id=id_,
        audit=audit.id,
        incident=id_,
        title=test.title,
        status=test.status.value,
        severity=severity(test, audit, touched.customers, ground.customers),
        confidence=round(sure, 2),
        scope=dict(test.scope),
        criteria=Criteria(audit.criteria, audit.source, audit.least_effect, frozen_hash(audit, ground.facts)),
        condition=_condition(judged, audit),
        cause=test.cause or NOT_ESTABLISHED,
        consequence=touched,
        action=_action(test, ground),
        evidence=evidence,
        also_seen_in=tuple(f"{audit.id}/{code(s)}" for s in test.explains),
    )


def effect_told(test: Test) -> Interval:
    """Return the effect of a test with the decimals that are told of its levels."""
    told = [
        None if one is None else beside(one, test.value.value, test.baseline)
        for one in (test.effect.value, test.effect.low, test.effect.high)
    ]
    return replace(test.effect, value=told[0] or 0.0, low=told[1], high=told[2])


def _condition(judged: Judged, audit: Audit) -> Condition:
    t = judged.test
    effect = effect_told(t)
    return Condition(
        statement=t.statement,
        n=t.n,
        value=t.value.value,
        unit=audit.unit,
        low=t.value.low,
        high=t.value.high,
        baseline=t.baseline,
        effect=effect.value,
        q_value=judged.q_value,
        detectable_effect=t.detectable,
        effect_low=effect.low,
        effect_high=effect.high,
        shrunk_effect=beside(t.shrunk, t.value.value, t.baseline),
        onset=t.onset,
    )


def _action(test: Test, ground: Ground) -> Action:
    where = place(test.scope)
    owner = owner_of(test, ground)
    if test.status is Status.GOOD_PRACTICE:
        return Action(
            f"{opening(where)}: keep what is done there.",
            "Ask there how it is done and try it in the weakest place.",
            owner,
            "days",
            ground.audit.question,
            "The difference is still there at the next audit.",
        )
    remedy = ground.remedy
    if remedy is None:
        return Action(
            f"Look at the rows of {where} with those who work there.",
            "Find what differs there from the rest, and change that.",
            owner,
            "weeks",
            ground.audit.question,
            f"The next audit finds {where} within the least effect.",
        )
    return Action(
        remedy.fix_condition.replace("{place}", where),
        remedy.fix_cause.replace("{place}", where),
        owner,
        remedy.effort,
        remedy.measure,
        remedy.retest.replace("{place}", where),
    )


def owner_of(test: Test, ground: Ground) -> str:
    """Return whose it is: the team it was found in, the declared team that owns the touchpoint, else the audit's."""
    if "team" in test.scope:
        return test.scope["team"]
    for team in ground.facts.declared.teams:
        if test.scope.get("touchpoint") in team.touchpoints and "touchpoint" in test.scope:
            return team.name
    return ground.audit.owner
