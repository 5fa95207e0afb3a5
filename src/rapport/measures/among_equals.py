"""Compares a time of the week with the same time on other days, so that a quiet night is not called a bad Tuesday."""

from __future__ import annotations

from rapport.core.interval import Interval
from rapport.core.outcome import Scope, Test
from rapport.measures.cells import Cells
from rapport.measures.explaining import less, p_worse
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import contrast_between, mean
from rapport.models.least_effect import detectable, is_within


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
        p_value=p_worse(c, yardstick),
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
