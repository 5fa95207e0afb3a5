"""How sure a percentage or a net promoter score is, given how many people answered.

All functions assume independent answers; where one customer answers often, use `rapport.models.clustered`.

Sources: Wilson (1927), JASA 22:209; Newcombe (1998), Statistics in Medicine 17:873 (method 10); Rocks (2016),
"Interval estimation for the Net Promoter Score", The American Statistician 70:365.
"""

from __future__ import annotations

import math

from rapport.core.interval import Interval
from rapport.models.student import normal_tail, two_sided

NPS_PLAIN_FROM = 10
"""Below this many answers the plain NPS interval is replaced by the adjusted one."""


def wilson(successes: float, n: float, level: float = 0.95) -> Interval:
    """Return a share between 0 and 1 with Wilson's score interval.

    `successes` and `n` may be fractions (effective sample sizes). With n = 0 the value is NaN and the bounds None.
    Raises ValueError unless 0 <= successes <= n. Source: Wilson (1927).
    """
    if not 0 <= successes <= n:
        raise ValueError(f"successes {successes} must lie between 0 and n {n}")
    if n == 0:
        return Interval(math.nan, None, None, 0, level)
    z = two_sided(level)
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Interval(p, low, high, round(n), level)


def newcombe(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Interval:
    """Return the difference of two independent shares, x1/n1 − x2/n2, with Newcombe's hybrid score interval.

    The value's `n` is n1 + n2; with an empty group the value is NaN and the bounds None. Source: Newcombe (1998),
    method 10: the Wilson limits of the two shares combined by squaring and adding their distances.
    """
    one, two = wilson(x1, n1, level), wilson(x2, n2, level)
    n = round(n1 + n2)
    if one.low is None or one.high is None or two.low is None or two.high is None:
        return Interval(math.nan, None, None, n, level)
    difference = one.value - two.value
    below = math.hypot(one.value - one.low, two.high - two.value)
    above = math.hypot(one.high - one.value, two.value - two.low)
    return Interval(difference, difference - below, difference + above, n, level)


def two_proportions_p(x1: float, n1: float, x2: float, n2: float) -> float:
    """Return the two-sided p-value of "both shares are equal" by the pooled z-test.

    1.0 where nothing can be said: an empty group, or nobody (or everybody) in both groups.
    """
    if n1 <= 0 or n2 <= 0:
        return 1.0
    pooled = (x1 + x2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance <= 0:
        return 1.0
    return 2 * normal_tail(abs(x1 / n1 - x2 / n2) / math.sqrt(variance))


def nps_interval(promoters: int, passives: int, detractors: int, level: float = 0.95) -> Interval:
    """Return the net promoter score, in points from −100 to 100, with its interval.

    Plain interval: value ± z·100·sqrt((p + d − (p − d)²)/n). It has length 0 when all gave the same kind of answer and
    covers badly for few answers; then (and below ten answers) the adjusted Wald interval of Rocks (2016) is taken:
    ¾ promoter, ¾ detractor and 1½ passives are added before the same formula is applied. The value itself is never
    adjusted. Bounds are clipped to [−100, 100]; with no answer the value is NaN and the bounds None.
    """
    n = promoters + passives + detractors
    if min(promoters, passives, detractors) < 0:
        raise ValueError("counts of answers cannot be negative")
    if n == 0:
        return Interval(math.nan, None, None, 0, level)
    value = 100.0 * (promoters - detractors) / n
    same_answer = n in (promoters, passives, detractors)
    if same_answer or n < NPS_PLAIN_FROM:
        centre, se = _nps(promoters + 0.75, detractors + 0.75, n + 3.0)
    else:
        centre, se = _nps(promoters, detractors, n)
    reach = two_sided(level) * se
    low, high = min(value, centre - reach), max(value, centre + reach)
    return Interval(value, max(-100.0, low), min(100.0, high), n, level)


def _nps(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    p, d = promoters / n, detractors / n
    return 100.0 * (p - d), 100.0 * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
