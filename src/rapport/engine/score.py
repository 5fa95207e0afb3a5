"""Sums up: each category's score with its coverage, the overall score and the grade."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapport.core.audit import CATEGORIES, Audit
from rapport.core.outcome import Looked, Outcome, Score
from rapport.core.run import CategoryScore

GRADES = (
    (90, "A"),
    (80, "A−"),
    (72, "B+"),
    (66, "B"),
    (60, "B−"),
    (54, "C+"),
    (48, "C"),
    (42, "C−"),
    (30, "D"),
    (0, "E"),
)


@dataclass(frozen=True, slots=True)
class Overall:
    """The score of the company: a weighted mean of the categories that could be scored."""

    score: Score | None
    coverage: float


def category_scores(
    audits: Mapping[str, Audit], outcomes: Mapping[str, Outcome], tested: Collection[str]
) -> tuple[CategoryScore, ...]:
    """Return each category's score: the weighted mean of what was scored, None where nothing was, never 0 for lack.

    An error, thin data or a missing table lower the coverage (by weight) and not the score.
    """
    found = []
    for category in CATEGORIES:
        members = [a for a in audits.values() if a.category == category]
        if not members:
            continue
        scored = [(a.weight, s) for a in members if (s := _score(outcomes[a.id], a.id in tested)) is not None]
        coverage = sum(w for w, _ in scored) / sum(a.weight for a in members)
        mean = weighted(scored)
        found.append(
            CategoryScore(
                category,
                mean.value if mean else None,
                mean.low if mean else None,
                mean.high if mean else None,
                coverage,
            )
        )
    return tuple(found)


def _score(outcome: Outcome, tested: bool) -> Score | None:
    """Return an audit's score where something was tested, also if the rows were too few for a verdict."""
    return outcome.score if isinstance(outcome, Looked) and tested else None


def weighted(scores: Sequence[tuple[float, Score]]) -> Score | None:
    """Return the weighted mean of independent scores with its 95 % interval.

    Each limit is made of the limits on its side (Zou & Donner 2008, Statistics in Medicine 27:1693): a score that ends
    at 100 is uncertain downwards only, and says so in the mean.
    """
    if not scores:
        return None
    whole = sum(w for w, _ in scores)
    value = sum(w * s.value for w, s in scores) / whole
    below = math.hypot(*(w / whole * (s.value - s.low) for w, s in scores))
    above = math.hypot(*(w / whole * (s.high - s.value) for w, s in scores))
    return Score(value, value - below, value + above)


def overall(categories: Sequence[CategoryScore]) -> Overall:
    """Return the company's score: categories weigh as they are covered; the foundations are about the record."""
    about_conduct = [c for c in categories if c.id != "foundations"]
    parts = [
        (c.coverage, Score(c.score, c.low, c.high))
        for c in about_conduct
        if c.score is not None and c.low is not None and c.high is not None
    ]
    coverage = sum(c.coverage for c in about_conduct) / len(about_conduct) if about_conduct else 0.0
    return Overall(weighted(parts), coverage)


def grade(score: float) -> str:
    """Return the letter for a score of 0 to 100 (`docs/explanation/scores.md`)."""
    return next(letter for least, letter in GRADES if score >= least)
