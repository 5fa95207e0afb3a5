"""Splits a change of an average into "other customers came" and "the same kind of customers changed".

Source: Kitagawa (1955), "Components of a difference between two rates", JASA 50:1168 (the symmetric form, without an
interaction term); conventions.md, "every change is split into mix and rate".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What one segment contributes to the change, in the unit of the mean."""

    mix: float
    rate: float


@dataclass(frozen=True, slots=True)
class MixRate:
    """A change of the overall mean, total = mix + rate exactly.

    mix : because the shares of the segments changed; rate : because means within segments changed, with its standard
    error `rate_se` (NaN if no standard errors were given); by_segment : the parts, which add up to mix and rate.
    """

    total: float
    mix: float
    rate: float
    rate_se: float
    by_segment: Mapping[str, Part]


def mix_and_rate(
    before: Mapping[str, tuple[float, float]],
    after: Mapping[str, tuple[float, float]],
    before_se: Mapping[str, float] | None = None,
    after_se: Mapping[str, float] | None = None,
) -> MixRate:
    """Split mean(after) − mean(before) by Kitagawa's symmetric formula.

    before, after : segment -> (n, mean); before_se, after_se : segment -> standard error of its mean (cluster-robust).
    mix = Σ (w1 − w0)·((m0 + m1)/2 − M), M the midpoint of the two overall means; rate = Σ (m1 − m0)·(w0 + w1)/2.
    A segment seen in one period only has no change of its own: all of it is mix, as (w1 − w0)·(its mean − M).
    Shares are taken as known in `rate_se`. Raises ValueError if one of the periods has no rows.
    """
    n0, n1 = (sum(n for n, _ in side.values()) for side in (before, after))
    if n0 <= 0 or n1 <= 0:
        raise ValueError("both periods need at least one row")
    mean0, mean1 = (sum(n * m for n, m in s.values() if n > 0) / t for s, t in ((before, n0), (after, n1)))
    middle = (mean0 + mean1) / 2
    parts: dict[str, Part] = {}
    variance = 0.0
    for name in sorted(before.keys() | after.keys()):
        (rows0, m0), (rows1, m1) = before.get(name, (0.0, math.nan)), after.get(name, (0.0, math.nan))
        if rows0 <= 0 and rows1 <= 0:
            continue
        m0, m1 = (m1 if rows0 <= 0 else m0), (m0 if rows1 <= 0 else m1)
        w0, w1 = rows0 / n0, rows1 / n1
        parts[name] = Part(mix=(w1 - w0) * ((m0 + m1) / 2 - middle), rate=(m1 - m0) * (w0 + w1) / 2)
        if rows0 > 0 and rows1 > 0:
            noise = _square(before_se, name) + _square(after_se, name)
            variance += ((w0 + w1) / 2) ** 2 * noise
    mix, rate = math.fsum(p.mix for p in parts.values()), math.fsum(p.rate for p in parts.values())
    return MixRate(mean1 - mean0, mix, rate, math.sqrt(variance), parts)


def _square(ses: Mapping[str, float] | None, name: str) -> float:
    return math.nan if ses is None else ses.get(name, math.nan) ** 2
