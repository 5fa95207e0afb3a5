"""Says of one audit of one invented company which defects were found, and found in the right place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapport.app.benchmark.outcome import Found, Outcome

NEAR_DAYS = 62
"""A change is told in the right time if its month begins within two months of the day it was planted."""
NONCONFORMING, NOT_ASSESSABLE = "nonconforming", "not_assessable"
INSIDE = {"source": "channel", "total": "table"}
"""A file is named after the channel it comes from, a total after its table: the one contains the other's name."""


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a planted defect: whether it was found, told in the right place, and by which incidents."""

    found: bool
    localised: bool
    incidents: frozenset[str]


def score(outcome: Outcome, planted: Mapping[str, Any]) -> Score:
    """Return what became of one of the planted defects.

    Found: the audit of the defect has a nonconforming finding, or has a finding in an incident in which there is one;
    an opportunity alone counts only where that is how the audit should end. Localised: such a finding of the audit
    agrees with the planted scope, and with the day since when, where it names one.
    """
    incidents = {f.incident for f in nonconforming(outcome)}
    own = [f for f in outcome.findings if f.audit == planted["audit"] and f.status != "good_practice"]
    hits = [f for f in own if f.status in (NONCONFORMING, planted["status"]) or f.incident in incidents]
    return Score(
        found=bool(hits),
        localised=any(agrees(f, planted) for f in hits),
        incidents=frozenset(f.incident for f in hits),
    )


def beside(outcome: Outcome) -> int:
    """Return how many incidents of something wrong were told that belong to none of the planted defects."""
    theirs = frozenset[str]().union(*(score(outcome, planted).incidents for planted in outcome.planted))
    return len({f.incident for f in nonconforming(outcome)} - theirs)


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
