"""Reads waits fairly: medians that know some are still waiting, and intervals that know one customer may wait often."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart
from rapport.measures.cells import TimeCells, key_of
from rapport.models.moments import Moments
from rapport.models.student import two_sided
from rapport.models.survival import Curve, from_bins

STEPS = 24


def design_effect(m: Moments) -> float:
    """Return by how much rows of one customer being alike enlarges the variance of a share; at least 1.

    The cluster-robust variance of the share over p(1 − p)/n (Kish 1965); 1 where the share has no spread of its own.
    """
    if m.n <= 1 or m.g < 2 or not 0 < m.mean < 1:
        return 1.0
    robust = m.residual_square() / m.n**2 * m.g / (m.g - 1)
    return max(1.0, robust / (m.mean * (1 - m.mean) / m.n))


def quantile(curve: Curve | None, clusters: Moments, q: float = 0.5, unit: float = 60.0) -> Interval | None:
    """Return a Kaplan–Meier quantile with an interval clustered by customer, in units of `unit` seconds.

    None where fewer than a share q ever ended within what was observed. `clusters` are the moments of any share of the
    same rows; their design effect widens the interval.
    """
    if curve is None:
        return None
    i = replace(curve, design_effect=design_effect(clusters)).quantile(q)
    if not math.isfinite(i.value):
        return None
    return Interval(
        i.value / unit,
        None if i.low is None else i.low / unit,
        None if i.high is None else i.high / unit,
        i.n,
        i.level,
    )


def around_median(median: float, curve: Curve | None, clusters: Moments, unit: float = 3600.0) -> Interval | None:
    """Return an exact median (in `unit` seconds) with Woodruff's interval: the quantiles at 0.5 ± t·SE of a half.

    Source: Woodruff (1952), JASA 47:635. `curve` holds the same rows, all ended.
    """
    if curve is None or not curve.n:
        return None
    half = two_sided(0.95, clusters.effective_clusters - 1) * math.sqrt(0.25 / curve.n * design_effect(clusters))
    ends = [curve.quantile(q).value / unit if 0 < q < 1 else math.nan for q in (0.5 - half, 0.5 + half)]
    low, high = (None if not math.isfinite(e) else e for e in ends)
    return Interval(
        median, None if low is None else min(low, median), None if high is None else max(high, median), curve.n
    )


def curve_over(times: TimeCells, scope: Mapping[str, str], months: Collection[str]) -> Curve | None:
    """Return the curve of a cell over some months, from cells cut by the scope's columns and `month`."""
    counts: dict[int, tuple[int, int]] = {}
    for month in months:
        found = times.bins.get(key_of({**scope, "month": month}))
        for b, e, c in zip(*found, strict=True) if found is not None else ():
            had = counts.get(int(b), (0, 0))
            counts[int(b)] = (had[0] + int(e), had[1] + int(c))
    if not counts:
        return None
    bins = sorted(counts)
    return from_bins(bins, [counts[b][0] for b in bins], [counts[b][1] for b in bins])


def still_waiting(curve: Curve | None, title: str, unit: str = "hours") -> Chart | None:
    """Return the picture of who is still waiting: a step curve from the start to when 19 of 20 are done."""
    if curve is None or not curve.n:
        return None
    seconds = {"minutes": 60.0, "hours": 3600.0, "days": 86400.0}[unit]
    end = curve.quantile(0.95).value
    if not math.isfinite(end):
        end = float(curve.times[-1])
    bars = [Bar(f"0 {unit}", 1.0, n=curve.n)]
    for t in np.linspace(0, end, STEPS + 1)[1:]:
        share = curve.at(float(t))
        if math.isnan(share):
            break
        se = curve.se_at(float(t))
        low, high = max(0.0, share - 1.96 * se), min(1.0, share + 1.96 * se)
        bars.append(Bar(f"{float(f'{t / seconds:.3g}'):g} {unit}", share, low, high, curve.n))
    return Chart("step", title, "share", tuple(bars))
