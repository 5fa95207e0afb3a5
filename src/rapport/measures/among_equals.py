"""Compares a time of the week with the same time on other days, so that a quiet night is not called a bad Tuesday."""

from __future__ import annotations

from rapport.core.interval import Interval
from rapport.core.outcome import Scope, Test
from rapport.measures.cells import Cells
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import Contrast, contrast_between, mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.moments import Moments


def less(whole: Moments, part: Moments) -> Moments:
    """Return the rows of `whole` outside `part`; squares are an upper bound where a customer stands in both."""
    return Moments(
        n=max(whole.n - part.n, 0.0),
        s=whole.s - part.s,
        g=max(whole.g - part.g, min(whole.g, 2)),
        nn=max(whole.nn - part.nn, 0.0),
        ss=max(whole.ss - part.ss, 0.0),
        ns=whole.ns - part.ns,
    )


def worse_by(c: Contrast, yardstick: Yardstick) -> float:
    """Return the one-sided p-value that a difference is worse than the least effect."""
    return p_beyond(c.effect, c.se, yardstick.least, 1 if yardstick.direction > 0 else -1, c.df if c.df > 0 else None)


def among_equals(cells: Cells, scope: Scope, same: str, yardstick: Yardstick) -> Test | None:
    """Test whether a cell is worse than all others with its own value of the column `same`.

    Parameters
    ----------
    cells : the answer to a `Breakdown` cut by the scope's columns and by `same` alone.
    scope : the cell, `same` among its columns.
    same : the column that is held fixed, such as the part of the day.

    None for fewer rows or customers than the yardstick asks for on either side.
    """
    own, everyone = cells.get(scope), cells.get({same: scope[same]})
    if own is None or everyone is None:
        return None
    rest = less(everyone, own)
    if min(own.n, rest.n) < yardstick.min_rows or own.g < yardstick.min_customers:
        return None
    c = contrast_between(own, rest, binary=yardstick.binary)
    df = c.df if c.df > 0 else None
    title, statement = yardstick.say(Difference(scope, c.value, c.rest, c.effect, c.n))
    return Test(
        scope=dict(scope),
        status=yardstick.worse,
        p_value=worse_by(c, yardstick),
        value=mean(own, binary=yardstick.binary),
        effect=Interval(c.effect, c.low, c.high, c.n),
        baseline=c.rest,
        n=c.n,
        customers=own.g,
        title=title,
        statement=statement,
        input=yardstick.input,
        shrunk=c.effect,
        within=is_within(c.effect, c.se, yardstick.least, df=df),
        detectable=detectable(c.se, yardstick.least, df=df),
    )
