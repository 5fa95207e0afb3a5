"""Says of one audit of one invented company whether the defect was found, and found in the right place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rapport.app.benchmark.outcome import Found, Outcome

NEAR_DAYS = 62
"""A change is told in the right time if its month begins within two months of the day it was planted."""
NONCONFORMING, NOT_ASSESSABLE = "nonconforming", "not_assessable"
INSIDE = {"source": "channel", "total": "table"}
"""A file is named after the channel it comes from, a total after its table: the one contains the other's name."""


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a planted defect: found, told in the right place, and the other incidents that were told."""

    found: bool
    localised: bool
    beside: int


def score(outcome: Outcome) -> Score:
    """Return what became of the planted defect.

    Found: the audit of the defect has a nonconforming finding, or has a finding in an incident in which there is one;
    an opportunity alone counts only where that is how the audit should end. Localised: such a finding of the audit
    agrees with the planted scope, and with the day since when, where it names one.
    """
    wrong = nonconforming(outcome)
    incidents = {f.incident for f in wrong}
    audit, status = (
        outcome.planted.get(name, usual) for name, usual in (("audit", outcome.case.plant), ("status", ""))
    )
    own = [f for f in outcome.findings if f.audit == audit and f.status != "good_practice"]
    hits = [f for f in own if f.status in (NONCONFORMING, status) or f.incident in incidents]
    theirs = {f.incident for f in hits}
    return Score(
        found=bool(hits),
        localised=any(agrees(f, outcome.planted) for f in hits),
        beside=len(incidents - theirs),
    )


def nonconforming(outcome: Outcome) -> tuple[Found, ...]:
    """Return the findings that call something wrong."""
    return tuple(f for f in outcome.findings if f.status == NONCONFORMING)


def unassessed(outcome: Outcome) -> int:
    """Return how many audits said that they cannot tell."""
    return sum(status == NOT_ASSESSABLE for status in outcome.statuses.values())


def agrees(found: Found, planted: Mapping[str, object]) -> bool:
    """Tell whether a finding is about the planted place, and begins when it was planted where it says since when.

    Every column that both name must have the same value, and at least one must be common; a defect of the whole
    company must be told of the whole company. A finding may name more than was planted: a part of the place.
    """
    scope = planted["scope"]
    assert isinstance(scope, Mapping)
    return _same_place(found.scope, {k: str(v) for k, v in scope.items()}) and _same_time(found, planted.get("since"))


def _same_place(told: Mapping[str, str], planted: Mapping[str, str]) -> bool:
    if not planted:
        return not told
    pairs = [(told[k], v, False) for k, v in planted.items() if k in told]
    pairs += [(told[k], planted[of], True) for k, of in INSIDE.items() if k in told and of in planted]
    return bool(pairs) and all(_same(one, other, inside) for one, other, inside in pairs)


def _same(told: str, planted: str, inside: bool) -> bool:
    one, other = told.casefold(), planted.casefold()
    return other in one if inside else one == other


def _same_time(found: Found, since: object) -> bool:
    if found.onset is None or not isinstance(since, str):
        return True
    return abs((date.fromisoformat(found.onset[:10]) - date.fromisoformat(since)).days) <= NEAR_DAYS
