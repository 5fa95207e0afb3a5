"""Asks whether a company's own level moved: newest against before, against last year's season, and since when."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rapport.core.finding import Cause
from rapport.core.interval import Interval
from rapport.core.outcome import Status, Test
from rapport.core.words import month, place
from rapport.measures.cells import Cells
from rapport.measures.onset import LEAST_MONTHS_AFTER, LEAST_MONTHS_BEFORE, Change, SayChange, monthly
from rapport.measures.yardstick import Scope, Yardstick
from rapport.models.clustered import contrast, contrast_between, mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.moments import Moments, added, splits
from rapport.models.splits import splits_that_count
from rapport.models.student import two_sided

LEAST_MONTHS = 6
"""Months needed to know how months scatter."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Newest answers against earlier ones: cells by `column`, in which the value `newest` marks the newest.

    `against` says what the others are, in words; `paired` are the same cells of the customers only who are in both.
    """

    cells: Cells
    column: str
    against: str
    same_season: bool
    paired: Cells | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of the whole company's level, as far as words need it; `against` says what it is compared with."""

    value: float
    baseline: float
    effect: float
    n: int
    against: str
    comparison: Comparison | None = None


SayShift = Callable[[Shift], tuple[str, str]]
WhyShift = Callable[[Shift], Cause | None]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to look at the change, with the splits tried on it."""

    effect: float
    se: float
    df: float | None
    after: Moments
    before: Moments
    against: str
    same_season: bool
    since: str | None = None
    tried: float = 1.0
    comparison: Comparison | None = None


def whole(
    months: Cells,
    comparisons: Sequence[Comparison],
    yardstick: Yardstick,
    say: SayShift,
    why: WhyShift,
    since: Callable[[str], str],
) -> tuple[Test, ...]:
    """Test the whole company for a change of level in several ways, reported as one test in each direction.

    Parameters
    ----------
    months : cells by `month`.
    comparisons : newest against previous, newest against the season before; those without rows are left out.
    yardstick : how to judge.
    say, why : the words for a change, and what was tried as an explanation.
    since : gives "before" in words for the month of a split.

    The ways: each comparison, customers on both sides counted as the same people (their covariance is exact), and the
    best split of the months into before and after (see `splits_that_count`). The smallest p-value times the number of
    ways is reported. Months scatter by more than their sampling error: where those before the split, and those since,
    differ by more than that explains, every standard error is enlarged. Only the comparison with the season before is
    free of season. `within` is judged where most is known: by the way, or the split of the months, with the smallest
    standard error.
    """
    series = {scope["month"]: m for scope, m in months.along("month")}
    found = [_compared(c, yardstick) for c in comparisons]
    compared = [w.comparison for w in found if w is not None]
    splits = _splits(series, yardstick, since)
    split = _best(splits, series, yardstick)
    extra = scatter_of_months(series, yardstick, split.since if split is not None else None)
    if (
        split is not None and compared
    ):  # what explains the change between waves is the nearest to what explains the split
        split = replace(split, comparison=compared[-1])
    ways = [_widened(w, extra) for w in (*found, split) if w is not None]
    if not ways:
        return ()
    known = min((*ways, *(_widened(w, extra) for w in splits)), key=lambda w: w.se)
    settled = is_within(known.effect, known.se, yardstick.least, df=known.df)
    tests = []
    for status, sign in ((yardstick.worse, yardstick.direction), (Status.GOOD_PRACTICE, -yardstick.direction)):
        p_values = [_p(w, yardstick, sign) for w in ways]
        best = ways[int(np.argmin(p_values))]
        test = _test(best, status, min(1.0, min(p_values) * len(ways)), yardstick, say, why)
        tests.append(replace(test, within=settled, chart=monthly(series, yardstick, "the whole company")))
    return tuple(tests)


def lasting_change(scope: Scope, series: Mapping[str, Moments], yardstick: Yardstick, say: SayChange) -> Test | None:
    """Test one series of months for a lasting change for the worse against its own past alone.

    For what has no season and no equals, such as the share of empty values: the best split (see `splits_that_count`),
    months that scatter beyond sampling taken into account. None where there are too few months or rows.
    """
    way = _best(_splits(series, yardstick, month), series, yardstick)
    if way is None:
        return None
    way = replace(_widened(way, scatter_of_months(series, yardstick, way.since)), same_season=True)
    value, since = mean(way.after, binary=yardstick.binary), way.since or ""
    words = say(Change(scope, value.value, way.before.mean, way.effect, value.n, since))
    shift = _test(
        way, yardstick.worse, _p(way, yardstick, yardstick.direction), yardstick, lambda s: words, lambda s: None
    )
    return replace(shift, scope=dict(scope), chart=monthly(dict(series), yardstick, place(scope)))


def scatter_of_months(series: Mapping[str, Moments], yardstick: Yardstick, since: str | None) -> float:
    """Return by how much (variance ratio, at least 1) months differ beyond sampling, before `since` and from it on.

    Each month is compared with the others of its side, so that the change itself is no scatter; squared differences in
    standard errors are averaged, a month counting by the share of its side's rows that it is not. Simulated for 8 to 24
    months: an enlarged standard error with the normal's tail alarms no more often than it may where months do not
    scatter, and where they do less often than the scatter of successive months (von Neumann 1941) with Student's, which
    also sees fewer real changes.
    """
    months = [m for m in sorted(series) if series[m].n >= yardstick.min_rows]
    if len(months) < LEAST_MONTHS:
        return 1.0
    squares = free = 0.0
    for side in ([m for m in months if since is None or m < since], [m for m in months if since and m >= since]):
        rows = sum(series[m].n for m in side)
        for month_ in side if len(side) > 1 else ():
            others = added([series[m] for m in side if m != month_])
            k = contrast_between(series[month_], others, binary=yardstick.binary)
            if math.isfinite(k.se):
                own = 1 - series[month_].n / rows
                squares, free = squares + own * (k.effect / k.se) ** 2, free + own
    return max(1.0, squares / free) if free else 1.0


def _compared(c: Comparison, yardstick: Yardstick) -> _Way | None:
    newest = c.cells.get({c.column: "newest"})
    others = [m for scope, m in c.cells.along(c.column) if scope[c.column] != "newest"]
    if newest is None or len(others) != 1 or min(newest.n, others[0].n) < yardstick.min_rows:
        return None
    k = contrast(newest, c.cells.total, binary=yardstick.binary)
    if not math.isfinite(k.se):
        return None
    return _Way(k.effect, k.se, k.df, newest, others[0], c.against, c.same_season, comparison=c)


def _splits(series: Mapping[str, Moments], yardstick: Yardstick, since: Callable[[str], str]) -> list[_Way]:
    """Return every split of the months into before and after that leaves enough months and rows on both sides."""
    months = sorted(series)
    found: list[_Way] = []
    sides = splits([series[m] for m in months])
    for i in range(LEAST_MONTHS_BEFORE, len(months) - LEAST_MONTHS_AFTER + 1):
        before, after = sides[i]
        if min(before.n, after.n) < yardstick.min_rows:
            continue
        k = contrast_between(after, before, binary=yardstick.binary)
        if math.isfinite(k.se):
            found.append(_Way(k.effect, k.se, k.df, after, before, since(months[i]), False, months[i]))
    return found


def _best(found: Sequence[_Way], series: Mapping[str, Moments], yardstick: Yardstick) -> _Way | None:
    """Return the split that fits best, with what it costs to have tried them all."""
    if not found:
        return None
    all_ = mean(added(list(series.values())), binary=yardstick.binary)
    monthly_se = (
        (all_.high - all_.low) / 3.92 * math.sqrt(len(series)) if all_.low is not None and all_.high else math.inf
    )
    best = max(found, key=lambda f: abs(f.effect) / f.se)
    return replace(best, tried=splits_that_count(len(found), monthly_se, yardstick.least))


def _widened(w: _Way, extra: float) -> _Way:
    return replace(w, se=w.se * math.sqrt(extra), df=w.df if w.df is not None and w.df > 0 else None)


def _p(w: _Way, yardstick: Yardstick, sign: int) -> float:
    return min(1.0, p_beyond(w.effect, w.se, yardstick.least, 1 if sign > 0 else -1, w.df) * w.tried)


def _test(w: _Way, status: Status, p: float, yardstick: Yardstick, say: SayShift, why: WhyShift) -> Test:
    value = mean(w.after, binary=yardstick.binary)
    shift = Shift(value.value, w.before.mean, w.effect, value.n, w.against, w.comparison)
    title, statement = say(shift)
    half = two_sided(0.95, w.df) * w.se
    return Test(
        scope={},
        status=status,
        p_value=p,
        value=value,
        effect=Interval(w.effect, w.effect - half, w.effect + half, value.n),
        baseline=w.before.mean,
        n=value.n,
        customers=w.after.g,
        title=title,
        statement=statement,
        input=yardstick.input,
        shrunk=w.effect,
        within=is_within(w.effect, w.se, yardstick.least, df=w.df),
        detectable=detectable(w.se, yardstick.least, df=w.df),
        onset=w.since,
        same_season=w.same_season,
        cause=why(shift),
    )
