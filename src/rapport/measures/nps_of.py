"""The net promoter score with its interval: by the plain formula where each customer answered once, clustered else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.core.interval import Interval
from rapport.models.clustered import mean
from rapport.models.moments import Moments
from rapport.models.proportions import nps_interval

COUNTS = (
    ("promoters", "COUNT(*) FILTER (WHERE nps_value = 100)"),
    ("passives", "COUNT(*) FILTER (WHERE nps_value = 0)"),
    ("detractors", "COUNT(*) FILTER (WHERE nps_value = -100)"),
    ("off_scale", "COUNT(*) FILTER (WHERE off_scale)"),
)
"""What to ask of the measure `answers`, for `Sums`."""


def score_of(values: Moments, counts: Mapping[str, Any]) -> Interval:
    """Return the score in points from −100 to 100.

    Parameters
    ----------
    values : the moments of +100, 0 and −100 by customer.
    counts : `promoters`, `passives` and `detractors`.

    Where every customer answered once, value and interval are those of the formula, ± 1.96 · 100 · sqrt((p + d − (p −
    d)²)/n), adjusted below ten answers and where all answered alike (`models.proportions.nps_interval`). Where some
    answered more often their answers are one cluster each (`models.clustered.mean`), bounds cut at −100 and 100; where
    all answered alike, the formula at the number of customers.
    """
    promoters, passives, detractors = (int(counts[name] or 0) for name in ("promoters", "passives", "detractors"))
    n = promoters + passives + detractors
    if values.g >= n:
        return nps_interval(promoters, passives, detractors)
    found = mean(values, binary=False)
    if found.low is None or found.high is None or found.low == found.high:
        alike = [values.g if count == n else 0 for count in (promoters, passives, detractors)]
        narrow = nps_interval(*alike) if sum(alike) else found
        return Interval(found.value, narrow.low, narrow.high, n)
    return Interval(found.value, max(-100.0, found.low), min(100.0, found.high), n)
