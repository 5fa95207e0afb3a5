"""Ranks what to do by value, effort and certainty, and says how sure the first places are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rapport.core.finding import Finding
from rapport.core.outcome import Status
from rapport.core.run import RoadmapItem

DAYS = {"hours": 0.5, "days": 3.0, "weeks": 10.0, "months": 40.0}
DRAWS = 2000


def roadmap(findings: Sequence[Finding], seed: int) -> tuple[RoadmapItem, ...]:
    """Return one item for each incident, ranked.

    Worth per day of work: the value at stake where it could be derived, else customers times the effect in units of
    the least effect (the two are never mixed: items with a value come first within their kind only if all have one).
    Uncertainty is carried by drawing effects (or values) from their intervals; `p_top3` is the share of draws in which
    an item is among the first three.

    Parameters
    ----------
    findings : findings with their incidents set.
    seed : of the draws.
    """
    heads = [f for f in findings if f.incident == f.id and f.status != Status.GOOD_PRACTICE.value]
    if not heads:
        return ()
    heads.sort(key=lambda f: f.id)
    middle, spread = _worth(heads)
    effort = np.array([DAYS.get(f.action.effort, DAYS["weeks"]) for f in heads])
    random = np.random.default_rng(seed)
    draws = np.maximum(random.normal(middle, spread, (DRAWS, len(heads))), 0.0) / effort
    top3 = (np.argsort(np.argsort(-draws, axis=1, kind="stable"), axis=1, kind="stable") < 3).mean(axis=0)
    certain = np.array([f.confidence for f in heads])
    order = sorted(range(len(heads)), key=lambda i: (-middle[i] * certain[i] / effort[i], heads[i].id))
    return tuple(_item(heads[i], findings, rank, float(top3[i])) for rank, i in enumerate(order, 1))


def _worth(heads: Sequence[Finding]) -> tuple[np.ndarray, np.ndarray]:
    """Return middle and standard deviation of each worth, in money if all have it, else in reach times effect."""
    if all(f.consequence.value is not None for f in heads):
        values = [f.consequence.value for f in heads if f.consequence.value is not None]
        return np.array([v.mid for v in values]), np.array([max(v.high - v.low, 0.0) / 3.92 for v in values])
    least = np.array([f.criteria.least_effect or 1.0 for f in heads])
    reach = np.array([float(f.consequence.customers) for f in heads])
    effects = np.array([abs(f.condition.shrunk_effect or f.condition.effect) for f in heads])
    widths = np.array([(f.condition.effect_high or 0.0) - (f.condition.effect_low or 0.0) for f in heads])
    return reach * effects / least, reach * np.abs(widths) / 3.92 / least


def _item(head: Finding, findings: Sequence[Finding], rank: int, top3: float) -> RoadmapItem:
    return RoadmapItem(
        id=head.id,
        findings=tuple(f.id for f in findings if f.incident == head.id),
        action=head.action.fix_cause,
        owner=head.action.owner,
        effort=head.action.effort,
        value=head.consequence.value,
        rank=rank,
        p_top3=top3,
        measure=head.action.measure,
        retest=head.action.retest,
    )
