"""Judges whether what customers do is still as much as it was, by the newer part of the old and the new together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from rapport.core.interval import Interval
from rapport.core.outcome import Status, Test
from rapport.measures.explaining import less
from rapport.measures.yardstick import Scope, Yardstick
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.moments import Moments
from rapport.models.student import two_sided

EVEN = 0.5
DOUBTFUL, CERTAIN = 0.05, 0.001


@dataclass(frozen=True, slots=True)
class Level:
    """What a mean is measured against: its value and, where it was estimated itself, its standard error."""

    value: float = EVEN
    se: float = 0.0

    @classmethod
    def of(cls, moments: Moments) -> Level:
        """Return the mean of some rows as the level."""
        return cls(moments.mean, _error(moments))


def against_level(own: Moments, level: Level, yardstick: Yardstick, said: tuple[str, str], scope: Scope) -> list[Test]:
    """Test whether a mean is below, and whether it is above, a level by more than the least effect.

    Parameters
    ----------
    own : the moments of rows that are newer (1) or not (0).
    level : what they are measured against.
    yardstick : how to judge; nothing is tested with fewer rows or customers than it asks for.
    said : the title and the statement.
    scope : what is said of the group.
    """
    if own.n < yardstick.min_rows or own.g < yardstick.min_customers:
        return []
    found, df = mean(own, binary=True), own.effective_clusters - 1
    se = math.hypot(_error(own), level.se)
    effect, half = found.value - level.value, two_sided(0.95, df) * se
    tests = []
    for status, sign in ((yardstick.worse, yardstick.direction), (Status.GOOD_PRACTICE, -yardstick.direction)):
        way: Literal[1, -1] = 1 if sign > 0 else -1
        tests.append(
            Test(
                scope=dict(scope),
                status=status,
                p_value=p_beyond(effect, se, yardstick.least, way, df),
                value=found,
                effect=Interval(effect, effect - half, effect + half, found.n),
                baseline=level.value,
                n=found.n,
                customers=own.g,
                title=said[0],
                statement=said[1],
                input=yardstick.input,
                shrunk=effect,
                within=is_within(effect, se, yardstick.least, df=df),
                detectable=detectable(se, yardstick.least, df=df),
            )
        )
    return tests


def p_against(own: Moments, level: Level, yardstick: Yardstick, better: bool = False) -> float:
    """Return the p-value of "worse (or better) than the level by at most the least effect"."""
    if own.g < 2:
        return 1.0
    way: Literal[1, -1] = 1 if (yardstick.direction > 0) is not better else -1
    se = math.hypot(_error(own), level.se)
    return p_beyond(own.mean - level.value, se, yardstick.least, way, own.effective_clusters - 1)


def heads(parts: list[Test], whole: Moments, own: dict[int, Moments], level: Level, yardstick: Yardstick) -> list[Test]:
    """Return the parts, of which the most certain one explains the whole where the others show nothing.

    Parameters
    ----------
    parts : the tests of parts; `own` gives the moments by their place in the list.
    whole : the moments of all rows.
    level, yardstick : what they were judged by.
    """
    suspects = [i for i, t in enumerate(parts) if t.status is yardstick.worse and t.p_value < CERTAIN]
    for i in sorted(suspects, key=lambda i: parts[i].p_value):
        left = less(whole, own[i])
        if left.n < yardstick.min_rows or p_against(left, level, yardstick) >= DOUBTFUL:
            marked = replace(parts[i], explains=(*parts[i].explains, {}))
            return [*parts[:i], marked, *parts[i + 1 :]]
    return parts


def _error(own: Moments) -> float:
    """Return the standard error of a share, customers being the sample (Cochran 1977, 6.3)."""
    return math.sqrt(own.residual_square() * own.g / (own.g - 1)) / own.n if own.g > 1 else math.inf
