"""Counts how often defects were found, in the right place, and how often something was found where nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from rapport.app.benchmark.outcome import Found, Outcome
from rapport.app.benchmark.score import NONCONFORMING, beside, nonconforming, score, unassessed
from rapport.core.interval import Interval
from rapport.models.proportions import wilson
from rapport.models.rates import poisson_rate
from rapport.worlds import PLANTS, TWINS
from rapport.worlds.oracle import SURE

RECALL, LEAST_RECALL, LOCALISED = 0.95, 0.80, 0.90
FALSE_A_RUN = {"clean": 0.5, "shuffled": 0.1, "season": 0.5, "instructions": 0.5}
"""Findings of something wrong that one company in which nothing is wrong may bring, by all audits together."""
FALSE_IN_A_TRAP = 0.1
"""Findings that a twin may bring of the one audit that it is a trap for: of whatever that audit would find."""
UNASSESSED = 0.80
T = TypeVar("T")
ENOUGH = 8
"""Companies over which the oracle's power is averaged before a dose is called too small."""


@dataclass(frozen=True, slots=True)
class Defect:
    """How one defect fared: companies, recall, localised among those found.

    `oracle` is the mean power of an oracle that knows where to look; None where it was not asked.
    """

    id: str
    runs: int
    oracle: float | None
    recall: Interval
    localised: Interval


@dataclass(frozen=True, slots=True)
class Quiet:
    """How one twin fared: companies, findings of something wrong per company (and incidents), share not assessable.

    `beyond` counts the findings per company that the clean twin of the same company and seed does not have; None where
    it was not audited. `where` counts the findings by audit.
    """

    twin: str
    runs: int
    false: Interval
    incidents: Interval
    unassessed: Interval
    beyond: float | None
    where: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """The whole benchmark, and the standards that were missed, in words.

    `companies` with something wrong were audited; `beside` is how many other incidents each of them was told of.
    """

    auditor: str
    defects: tuple[Defect, ...]
    recall: Interval
    localised: Interval
    companies: int
    beside: float
    twins: tuple[Quiet, ...]
    missed: tuple[str, ...]


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """Return the counts of all outcomes, with intervals: Wilson's for shares, the exact Poisson for rates."""
    ill = [o for o in outcomes if o.case.plants]
    by_defect = _grouped((truth["id"], (o, truth)) for o in ill for truth in o.planted)
    defects = tuple(_defect(id_, own) for id_, own in sorted(by_defect.items()))
    clean = {(o.case.world, o.case.seed): o for o in outcomes if o.case.twin == "clean"}
    twins = _grouped((o.case.twin, o) for o in outcomes if o.case.twin)
    quiet = tuple(_quiet(twin, own, clean) for twin, own in twins.items())
    scores = [score(o, truth) for own in by_defect.values() for o, truth in own]
    found = [s for s in scores if s.found]
    recall, localised = wilson(len(found), len(scores)), wilson(sum(s.localised for s in found), len(found))
    auditor = outcomes[0].auditor if outcomes else ""
    others = sum(map(beside, ill)) / len(ill) if ill else 0.0
    missed = [*_missed(defects, recall, localised, quiet), *_crashed(outcomes)]
    return Tally(auditor, defects, recall, localised, len(ill), others, quiet, tuple(missed))


def _grouped(named: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for name, one in named:
        groups.setdefault(name, []).append(one)
    return groups


def _defect(id_: str, outcomes: Sequence[tuple[Outcome, Mapping[str, Any]]]) -> Defect:
    scores = [score(o, truth) for o, truth in outcomes]
    found = [s for s in scores if s.found]
    seen = [truth["oracle"]["power"] for _, truth in outcomes if truth.get("oracle")]
    return Defect(
        id_,
        len(scores),
        sum(seen) / len(seen) if seen else None,
        wilson(len(found), len(scores)),
        wilson(sum(s.localised for s in found), len(found)),
    )


def _quiet(twin: str, outcomes: Sequence[Outcome], clean: Mapping[tuple[str, int], Outcome]) -> Quiet:
    trap = TWINS[twin].audit
    wrong = [_caught(o, trap) if trap else nonconforming(o) for o in outcomes]
    runs = len(outcomes)
    where: dict[str, int] = {}
    for finding in (f for found in wrong for f in found):
        where[finding.audit] = where.get(finding.audit, 0) + 1
    own = [(o, clean.get((o.case.world, o.case.seed))) for o in outcomes]
    paired = [_beyond(o, twin_of) for o, twin_of in own if twin_of is not None]
    return Quiet(
        twin,
        runs,
        poisson_rate(sum(map(len, wrong)), runs),
        poisson_rate(sum(len({f.incident for f in found}) for found in wrong), runs),
        wilson(sum(unassessed(o) for o in outcomes), sum(len(o.statuses) for o in outcomes)),
        sum(paired) / len(paired) if paired else None,
        dict(sorted(where.items(), key=lambda item: (-item[1], item[0]))),
    )


def _caught(outcome: Outcome, trap: str) -> tuple[Found, ...]:
    ends = {NONCONFORMING} | {plant.status for plant in PLANTS.values() if plant.finder == trap}
    return tuple(f for f in outcome.findings if f.audit == trap and f.status in ends)


def _beyond(outcome: Outcome, clean: Outcome) -> int:
    return len({f.id for f in nonconforming(outcome)} - {f.id for f in nonconforming(clean)})


def _missed(defects: Sequence[Defect], recall: Interval, localised: Interval, twins: Sequence[Quiet]) -> Iterable[str]:
    if defects and recall.value < RECALL:
        yield f"{recall.value:.1%} of the defects were found, {RECALL:.0%} are asked for"
    for defect in defects:
        if defect.oracle is not None and defect.runs >= ENOUGH and defect.oracle < SURE:
            yield f"{defect.id} is planted too thinly: an oracle sees {defect.oracle:.1%}, {SURE:.0%} are asked for"
        if defect.recall.value < LEAST_RECALL:
            yield f"{defect.id} was found in {defect.recall.value:.0%}, {LEAST_RECALL:.0%} are asked for"
    if localised.n and localised.value < LOCALISED:
        yield f"{localised.value:.1%} of those found were told in the right place, {LOCALISED:.0%} are asked for"
    for quiet in twins:
        most = FALSE_IN_A_TRAP if TWINS[quiet.twin].audit else FALSE_A_RUN.get(quiet.twin)
        if most is not None and quiet.false.value > most:
            yield f"{quiet.twin}: {quiet.false.value:.2f} false findings a company, at most {most:g} are allowed"
        if quiet.twin == "small" and quiet.unassessed.value < UNASSESSED:
            yield f"small: {quiet.unassessed.value:.0%} of the audits say they cannot tell, {UNASSESSED:.0%} should"


def _crashed(outcomes: Sequence[Outcome]) -> Iterable[str]:
    failed = sum(bool(o.failed) for o in outcomes)
    if failed:
        yield f"{failed} companies could not be audited"
