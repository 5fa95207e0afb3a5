"""Compares one group's share with a limit that was set beforehand, where no other group could tell what is right."""

from __future__ import annotations

import math

from rapport.core.interval import Interval
from rapport.core.outcome import Scope, Status, Test
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.moments import Moments


def above_limit(
    moments: Moments, limit: float, least: float, *, scope: Scope, status: Status, said: tuple[str, str], input: str
) -> Test | None:
    """Test whether a share lies above a limit by more than the least effect; None where its spread is unknown.

    Parameters
    ----------
    moments : of a value that is 0 or 1, the smaller the better.
    limit, least : shares.
    scope, status, said, input : of the test; `said` is its title and its statement.

    The standard error is not taken smaller than it would be at the limit, so that a share of 0 or 1 has one too. Below
    the limit everything is well: `within` asks only how far above it the share may be.
    """
    value = mean(moments, binary=True)
    if moments.g < 2 or value.low is None or value.high is None:
        return None
    robust = math.sqrt(moments.residual_square() * moments.g / (moments.g - 1)) / moments.n
    se = max(robust, math.sqrt(limit * (1 - limit) / moments.effective_clusters))
    effect, df = value.value - limit, moments.effective_clusters - 1
    return Test(
        scope=scope,
        status=status,
        p_value=p_beyond(effect, se, least, 1, df),
        value=value,
        effect=Interval(effect, value.low - limit, value.high - limit, value.n),
        baseline=limit,
        n=value.n,
        customers=moments.g,
        title=said[0],
        statement=said[1],
        input=input,
        shrunk=effect,
        within=is_within(max(effect, 0.0), se, least, df=df),
        detectable=detectable(se, least, df=df),
    )
