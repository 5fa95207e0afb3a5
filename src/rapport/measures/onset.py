"""Finds since when a part of the company differs from its own past, with the season taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Status, Test
from rapport.core.words import place
from rapport.measures.cells import Cells
from rapport.measures.explaining import less
from rapport.measures.yardstick import Scope, Yardstick
from rapport.models.before_after import Sides
from rapport.models.clustered import Contrast, contrast_between, mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.moments import Moments, added, splits
from rapport.models.season import compare_with_year_before
from rapport.models.splits import splits_that_count
from rapport.models.student import two_sided

LEAST_MONTHS_AFTER = 2
LEAST_MONTHS_BEFORE = 3
DOUBTFUL = 0.05
NONE = added(())


@dataclass(frozen=True, slots=True)
class Change:
    """A change of level as far as words need it: the scope, both means, the effect, the rows after, since when."""

    scope: Scope
    value: float
    baseline: float
    effect: float
    n: int
    since: str


SayChange = Callable[[Change], tuple[str, str]]


def changes(cells: Cells, names: tuple[str, ...], yardstick: Yardstick, say: SayChange) -> tuple[Test, ...]:
    """Test each cell of one column for a lasting change against its own past, net of what all the others did.

    Parameters
    ----------
    cells : the answer to a `Breakdown` cut by `month` and by (`names` and `month`); months are ISO dates.
    names : the columns whose cells are followed; empty follows the whole company.
    yardstick : how to judge.
    say : the words for a change.

    A cell's change since a month is (after − before) minus the same of all other rows, so that what season does to
    everybody is no change; and the cell itself must have changed by as much, so that others' getting better is no
    fall. The month is the one that fits best; the p-value is multiplied by the months tried that count
    (`models.splits`). A cell of fewer than `min_customers` customers is not followed. Months are added up as if each
    had customers of its own; of a change that looks certain so, the rows are asked again, and its standard errors are
    not taken smaller than whole customers give (`models.before_after`). The whole company has no others:
    its newest months are compared with the same months a year before (`models.season`); without a year of data the
    change is kept with `same_season` false, which caps its confidence.
    """
    if not names:
        return _whole(cells, yardstick, say)
    months = [scope["month"] for scope, _ in cells.along("month")]
    everyone = {scope["month"]: m for scope, m in cells.along("month")}
    by_cell: dict[tuple[tuple[str, str], ...], dict[str, Moments]] = {}
    for scope, moments in cells.along(*names, "month"):
        own = tuple((k, v) for k, v in sorted(scope.items()) if k != "month")
        by_cell.setdefault(own, {})[scope["month"]] = moments
    tests: list[Test] = []
    for own, series in sorted(by_cell.items()):
        customers = cells.cells[own].g if own in cells.cells else sum(m.g for m in series.values())
        if customers >= yardstick.min_customers:
            tests += _tests(dict(own), series, everyone, months, customers, yardstick, say, cells.sides)
    return tuple(tests)


def _sum(series: dict[str, Moments], months: list[str]) -> Moments:
    return added([series[m] for m in months if m in series])


def _others(series: dict[str, Moments], everyone: dict[str, Moments]) -> dict[str, Moments]:
    """Return everybody else's months; months in which there is nobody else are left out."""
    rest = {month: less(total, series[month]) if month in series else total for month, total in everyone.items()}
    return {month: moments for month, moments in rest.items() if moments.n > 0}


@dataclass(frozen=True, slots=True)
class _Fit:
    month: str
    effect: float
    se: float
    own: Contrast
    after: Moments
    before: Moments


def _fits(series: dict[str, Moments], rest: dict[str, Moments], months: list[str], yardstick: Yardstick) -> list[_Fit]:
    fits = []
    sides = splits([series.get(m, NONE) for m in months])
    others = splits([rest.get(m, NONE) for m in months])
    for i in range(LEAST_MONTHS_BEFORE, len(months) - LEAST_MONTHS_AFTER + 1):
        before, after = sides[i]
        if min(before.n, after.n) < yardstick.min_rows:
            continue
        own = contrast_between(after, before, binary=yardstick.binary)
        theirs = contrast_between(others[i][1], others[i][0], binary=yardstick.binary)
        if not (np.isfinite(own.se) and np.isfinite(theirs.se)):
            continue
        fits.append(_Fit(months[i], own.effect - theirs.effect, float(np.hypot(own.se, theirs.se)), own, after, before))
    return fits


def _certainty(fit: _Fit, least: float, direction: int) -> float:
    """Return by how many standard errors a change lies beyond the least effect, net of the others' and by itself."""
    return min((direction * fit.effect - least) / fit.se, (direction * fit.own.effect - least) / fit.own.se)


def _p(fit: _Fit, least: float, direction: Literal[1, -1], df: float) -> float:
    """Return the larger p-value of a change net of the others' and by itself."""
    return max(
        p_beyond(fit.effect, fit.se, least, direction, df), p_beyond(fit.own.effect, fit.own.se, least, direction, df)
    )


def _by_customers(fit: _Fit, sides: Sides) -> _Fit:
    """Return a fit that is no surer than the customers make it, whatever number of months each of them stands in."""
    own = replace(fit.own, se=max(fit.own.se, sides.se(net=False)))
    return replace(fit, se=max(fit.se, sides.se(net=True)), own=own)


def _monthly_se(series: dict[str, Moments], yardstick: Yardstick) -> float:
    """Return the standard error of one month's mean, from that of all months together."""
    i = mean(_sum(series, list(series)), binary=yardstick.binary)
    if i.low is None or i.high is None:
        return float("inf")
    return (i.high - i.low) / 3.92 * float(np.sqrt(len(series)))


def _tests(
    scope: Scope,
    series: dict[str, Moments],
    everyone: dict[str, Moments],
    months: list[str],
    customers: int,
    yardstick: Yardstick,
    say: SayChange,
    sides: Callable[[Scope, str], Sides] | None,
) -> list[Test]:
    """Return the tests of one cell in both directions; `customers` stand in it over all months."""
    df = float(customers - 1)  # who comes every month is one cluster a month in the sums, and one customer
    fits = _fits(series, _others(series, everyone), months, yardstick)
    if not fits:
        return []
    tried = splits_that_count(len(fits), _monthly_se(series, yardstick), yardstick.least)
    tests = []
    for status, sign in ((yardstick.worse, yardstick.direction), (Status.GOOD_PRACTICE, -yardstick.direction)):
        direction: Literal[1, -1] = 1 if sign > 0 else -1
        best = max(fits, key=lambda f: _certainty(f, yardstick.least, direction))
        p = _p(best, yardstick.least, direction, df)
        if sides is not None and p * tried < DOUBTFUL:
            best = _by_customers(best, sides(scope, best.month))
            p = _p(best, yardstick.least, direction, df)
        value, baseline = mean(best.after, binary=yardstick.binary), best.before.mean
        title, statement = say(Change(scope, value.value, baseline, best.effect, value.n, best.month))
        half = two_sided(0.95, df) * best.se
        tests.append(
            Test(
                scope=dict(scope),
                status=status,
                p_value=min(1.0, p * tried),
                value=value,
                effect=Interval(best.effect, best.effect - half, best.effect + half, value.n),
                baseline=baseline,
                n=value.n,
                customers=min(best.after.g, customers),
                title=title,
                statement=statement,
                input=yardstick.input,
                shrunk=best.effect,
                within=is_within(best.effect, best.se, yardstick.least, df=df),
                detectable=detectable(best.se, yardstick.least, alpha=0.05 / tried, df=df),
                onset=best.month,
                chart=monthly(series, yardstick, place(scope)),
            )
        )
    return tests


def _whole(cells: Cells, yardstick: Yardstick, say: SayChange) -> tuple[Test, ...]:
    series = {scope["month"]: m for scope, m in cells.along("month")}
    rows = []
    for month, moments in series.items():
        i = mean(moments, binary=yardstick.binary)
        if i.low is not None and i.high is not None and moments.n >= yardstick.min_rows:
            rows.append((date.fromisoformat(month[:10]), moments.n, i.value, (i.high - i.low) / 3.92))
    if len(rows) < LEAST_MONTHS_BEFORE + LEAST_MONTHS_AFTER:
        return ()
    change = compare_with_year_before(rows)
    if not np.isfinite(change.se) or change.low is None:
        return ()
    newest = sorted(series)[-change.months :]
    after = _sum(series, newest)
    value = mean(after, binary=yardstick.binary)
    title, statement = say(Change({}, value.value, value.value - change.effect, change.effect, value.n, newest[0]))
    tests = []
    for status, sign in ((yardstick.worse, yardstick.direction), (Status.GOOD_PRACTICE, -yardstick.direction)):
        tests.append(
            Test(
                scope={},
                status=status,
                p_value=p_beyond(change.effect, change.se, yardstick.least, 1 if sign > 0 else -1, change.df),
                value=value,
                effect=Interval(change.effect, change.low, change.high, value.n),
                baseline=value.value - change.effect,
                n=value.n,
                customers=min(after.g, cells.total.g),
                title=title,
                statement=statement,
                input=yardstick.input,
                shrunk=change.effect,
                within=is_within(change.effect, change.se, yardstick.least, df=change.df),
                detectable=detectable(change.se, yardstick.least, df=change.df),
                onset=newest[0],
                same_season=change.same_season,
                chart=monthly(series, yardstick, "the whole company"),
            )
        )
    return tuple(tests)


def monthly(series: dict[str, Moments], yardstick: Yardstick, of: str) -> Chart:
    """Return the picture of a value month by month, with intervals."""
    bars = []
    for month, moments in sorted(series.items()):
        i = mean(moments, binary=yardstick.binary)
        bars.append(Bar(month[:7], i.value, i.low, i.high, i.n))
    return Chart("line", f"Month by month, {of}", yardstick.unit, tuple(bars))
