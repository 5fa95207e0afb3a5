"""Compares one group of rows with another one that was chosen for it, in both directions."""

from __future__ import annotations

import math
from dataclasses import replace

from rapport.core.interval import Interval
from rapport.core.outcome import Scope, Status, Test
from rapport.measures.explaining import p_better, p_worse
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import Contrast, contrast_between, mean
from rapport.models.least_effect import detectable, is_within
from rapport.models.moments import Moments


def side_by_side(
    own: Moments, others: Moments, scope: Scope, yardstick: Yardstick, but_worst: Moments | None = None
) -> tuple[Test, ...]:
    """Test whether a group is worse, and whether it is better, than the others by more than the least effect.

    Parameters
    ----------
    own, others : their moments. Customers in both are taken for two, so that the interval is rather too wide.
    scope : what is said of the group.
    yardstick : how to judge.
    but_worst : the others without the worst of them. Better is only who is better than these too: beside one bad place
        everybody shines. None: there are no such others, and nobody is called better.

    Nothing is tested where either side has fewer rows or customers than the yardstick asks for.
    """
    if _few(own, yardstick) or _few(others, yardstick):
        return ()
    c = contrast_between(own, others, binary=yardstick.binary)
    worse = _test(c, own, scope, yardstick)
    if but_worst is None or _few(but_worst, yardstick):
        return (worse,)
    also = contrast_between(own, but_worst, binary=yardstick.binary)
    p = max(p_better(c, yardstick), p_better(also, yardstick))
    return worse, replace(worse, status=Status.GOOD_PRACTICE, p_value=p)


def _few(side: Moments, yardstick: Yardstick) -> bool:
    return side.n < yardstick.min_rows or side.g < yardstick.min_customers


def _test(c: Contrast, own: Moments, scope: Scope, yardstick: Yardstick) -> Test:
    df = c.df if c.df > 0 else None
    found = detectable(c.se, yardstick.least, df=df)
    title, statement = yardstick.say(Difference(scope, c.value, c.rest, c.effect, c.n))
    low, high = (x if math.isfinite(x) else None for x in (c.low, c.high))
    return Test(
        scope=dict(scope),
        status=yardstick.worse,
        p_value=p_worse(c, yardstick),
        value=mean(own, binary=yardstick.binary),
        effect=Interval(c.effect, low, high, c.n),
        baseline=c.rest,
        n=c.n,
        customers=c.clusters,
        title=title,
        statement=statement,
        input=yardstick.input,
        shrunk=c.effect,
        within=is_within(c.effect, c.se, yardstick.least, df=df),
        detectable=found if math.isfinite(found) else None,
    )
