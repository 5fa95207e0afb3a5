"""Says which of all the tests of a run count, so that asking many questions does not make false findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.core.outcome import Errored, Looked, NotAssessable, Outcome, Status, Test
from rapport.core.words import code
from rapport.models.multiplicity import TwoLevel, two_level

LEVEL = 0.05
MOST_FINDINGS = 10
ROWS_WITHIN = 0.8
FEW_CUSTOMERS = 40
"""Below 20 to 50 clusters their standard error is too small to rule anything out (Cameron & Miller 2015, J. Human
Resources 50:317)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A test with its q-value after both corrections, and whether it is a finding."""

    test: Test
    q_value: float
    selected: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one audit ended after all tests of the run were weighed together; `worse` are all that ask what is worse."""

    status: Status
    reason: str
    kept: tuple[Judged, ...]
    more: int
    p_value: float | None
    q_value: float | None
    tests: int
    worse: tuple[Judged, ...] = ()


def judge(outcomes: Mapping[str, Outcome]) -> dict[str, Verdict]:
    """Weigh all tests of all audits together.

    Two levels (Benjamini & Bogomolov 2014): each audit's p-value is Simes over its tests; Benjamini–Hochberg across
    the audits; then, within the R selected of m audits, Benjamini–Hochberg at q·R/m over the audit's own tests. What
    is worse and what is better than it should be are two families of questions.
    """
    worse = two_level(_families(outcomes, better=False), LEVEL)
    better = two_level(_families(outcomes, better=True), LEVEL)
    return {name: _verdict(outcome, worse.get(name), better.get(name)) for name, outcome in outcomes.items()}


def _families(outcomes: Mapping[str, Outcome], *, better: bool) -> dict[str, list[float]]:
    return {
        name: [t.p_value for t in _side(outcome.tests, better)]
        for name, outcome in outcomes.items()
        if isinstance(outcome, Looked) and _side(outcome.tests, better)
    }


def _side(tests: Sequence[Test], better: bool) -> list[Test]:
    return [t for t in tests if (t.status is Status.GOOD_PRACTICE) is better]


def _judged(tests: Sequence[Test], family: TwoLevel | None) -> list[Judged]:
    if family is None:
        return []
    return [Judged(t, q, chosen) for t, q, chosen in zip(tests, family.cell_q, family.rejected, strict=True)]


def _verdict(outcome: Outcome, worse: TwoLevel | None, better: TwoLevel | None) -> Verdict:
    match outcome:
        case NotAssessable(reason=reason):
            return Verdict(Status.NOT_ASSESSABLE, reason, (), 0, None, None, 0)
        case Errored(reason=reason):
            return Verdict(Status.ERROR, reason, (), 0, None, None, 0)
        case Looked():
            return _looked(outcome, worse, better)


def _looked(outcome: Looked, worse: TwoLevel | None, better: TwoLevel | None) -> Verdict:
    bad = _judged(_side(outcome.tests, False), worse)
    good = _judged(_side(outcome.tests, True), better)
    chosen = _heads([j for j in bad if j.selected])
    praised = [j for j in good if j.selected]
    status, reason = _status(outcome, chosen, praised)
    kept = _strongest(chosen) + _strongest(_broadest(praised))
    first = worse or better
    return Verdict(
        status=status,
        reason=reason,
        kept=tuple(kept),
        more=len(chosen) - len(_strongest(chosen)),
        p_value=first.p if first else None,
        q_value=first.q if first else None,
        tests=len(outcome.tests),
        worse=tuple(bad),
    )


def _status(outcome: Looked, chosen: Sequence[Judged], praised: Sequence[Judged]) -> tuple[Status, str]:
    if any(j.test.status is Status.NONCONFORMING for j in chosen):
        return Status.NONCONFORMING, outcome.headline
    if chosen:
        return Status.OPPORTUNITY, outcome.headline
    if praised:
        return Status.GOOD_PRACTICE, outcome.headline
    share = _within(outcome)
    if share is None:
        return Status.NOT_ASSESSABLE, f"{outcome.headline} There were too few rows to test anything."
    if share >= ROWS_WITHIN:
        return Status.CONFORMING, outcome.headline
    return Status.NOT_ASSESSABLE, (
        f"{outcome.headline} Nothing stands out, but the rows are too few to rule out a difference worth acting on."
    )


def _within(outcome: Looked) -> float | None:
    """Return the share of rows whose place lies within the least effect, interval and all; None where none was tested.

    Judged on places of one column against the others, those too small to be tested included; on changes over time only
    where no place was tested. Where no standing difference would be a fault, the whole company's own changes, which
    would, must lie within as well.
    """
    worse = [t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE]
    fewest = max(1, min((len(t.scope) for t in worse), default=1))
    plain = [t for t in worse if len(t.scope) <= fewest]
    standing = [t for t in plain if t.onset is None]
    judged = standing or plain
    if standing and all(t.status is Status.OPPORTUNITY for t in standing):
        faults = [t for t in plain if not t.scope and t.status is Status.NONCONFORMING]
        if not all(t.within for t in faults):
            return 0.0
    rows = sum(t.n for t in judged)
    small = sum(s.n for s in outcome.short if len(s.scope) <= fewest)
    sure = sum(t.n for t in judged if t.within and not 0 < t.customers < FEW_CUSTOMERS)
    return sure / (rows + small) if rows else None


def _heads(selected: Sequence[Judged]) -> list[Judged]:
    """Leave out the tests that another selected test of the same audit explains.

    A place's standing difference is explained by its change where most of it arose with the change: before that the
    place was nearer to where the others stand than to where it stands now.
    """
    explained = {code(s) for j in selected for s in j.test.explains}
    heads = [j for j in selected if code(j.test.scope) not in explained or j.test.explains]
    changes = {code(j.test.scope): j.test for j in heads if j.test.onset}
    return [j for j in heads if j.test.onset or not _arose(j.test, changes.get(code(j.test.scope)))]


def _arose(standing: Test, change: Test | None) -> bool:
    """Tell whether at least half of a standing difference arose with a change of the same place."""
    if change is None or (standing.status is Status.NONCONFORMING and change.status is not Status.NONCONFORMING):
        return False
    before, effect = change.baseline - standing.baseline, change.value.value - standing.baseline
    return before * effect <= 0 or abs(before) < abs(effect) / 2


def _broadest(praised: Sequence[Judged]) -> list[Judged]:
    """Leave out praise for a part of what is praised already as a whole."""
    return [
        j
        for j in praised
        if not any(
            o is not j and o.test.scope.items() < j.test.scope.items() and o.test.onset == j.test.onset for o in praised
        )
    ]


def _strongest(judged: Sequence[Judged]) -> list[Judged]:
    """Return the findings kept: the largest by shrunk effect and rows, in a total order."""
    ranked = sorted(judged, key=lambda j: (-abs(j.test.shrunk) * j.test.n, code(j.test.scope), j.test.onset or ""))
    return ranked[:MOST_FINDINGS]
