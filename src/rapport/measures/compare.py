"""Compares each part of a company with the rest of it, and finds which parts only look different because of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Short, Status, Test
from rapport.core.words import columns
from rapport.measures.cells import Cells, Key, key_of
from rapport.measures.explaining import Cell, apart, explained, less, overlap, p_better, p_worse
from rapport.measures.yardstick import Difference, Scope, Yardstick
from rapport.models.clustered import contrast, mean
from rapport.models.least_effect import detectable, is_within, rows_needed
from rapport.models.moments import Moments
from rapport.models.shrinkage import shrunk

MOST_BARS = 14


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison gave: the tests, and the cells too small to say."""

    tests: tuple[Test, ...]
    short: tuple[Short, ...]


def against_rest(cells: Cells, yardstick: Yardstick) -> Compared:
    """Test every cell against all the others of the same company, in both directions.

    Parameters
    ----------
    cells : the answer to a `Breakdown`.
    yardstick : how to judge.

    Each cell is tested against the null hypothesis that it differs by at most the least effect, with rows clustered by
    customer, exact for customers on both sides. Effects are shrunk within their set of columns (empirical Bayes towards
    0). A cell whose difference vanishes when a worse, overlapping cell's rows are left out is listed in that cell's
    `explains`.
    """
    found: list[Cell] = []
    short: list[Short] = []
    for names in cells.by:
        for scope, moments in cells.along(*names):
            if moments.n >= cells.total.n:
                continue
            if moments.n < yardstick.min_rows or moments.g < yardstick.min_customers:
                short.append(_too_small(scope, moments, cells.total, yardstick))
                continue
            found.append(Cell(scope, moments, contrast(moments, cells.total, binary=yardstick.binary)))
    because, worst = explained(found, cells, yardstick)
    shrunken = _shrunk(found)
    means = {names: tuple(_means(cells, names, yardstick)) for names in {tuple(c.scope) for c in found}}
    tests: list[Test] = []
    for cell in found:
        chart = dots(cells, cell.scope, yardstick, means[tuple(cell.scope)])
        test = _test(cell, yardstick, shrunken[key_of(cell.scope)], chart)
        tests.append(replace(test, explains=because.get(key_of(cell.scope), ())))
        tests.append(_other_way(test, cell, worst, cells, yardstick))
    return Compared(tuple(tests), tuple(short))


def _test(cell: Cell, yardstick: Yardstick, best_guess: float, chart: Chart) -> Test:
    c = cell.contrast
    df = c.df if c.df > 0 else None
    title, statement = yardstick.say(Difference(cell.scope, c.value, c.rest, c.effect, c.n))
    return Test(
        scope=dict(cell.scope),
        status=yardstick.worse,
        p_value=p_worse(c, yardstick),
        value=mean(cell.moments, binary=yardstick.binary),
        effect=Interval(c.effect, _finite(c.low), _finite(c.high), c.n),
        baseline=c.rest,
        n=c.n,
        customers=c.clusters,
        title=title,
        statement=statement,
        input=yardstick.input,
        shrunk=best_guess,
        within=is_within(c.effect, c.se, yardstick.least, df=df),
        detectable=_finite(detectable(c.se, yardstick.least, df=df)),
        chart=chart,
    )


def _other_way(test: Test, cell: Cell, worst: Cell | None, cells: Cells, yardstick: Yardstick) -> Test:
    """Return the test that the same cell is clearly better: than all others, and than them without the worst place."""
    ps = [p_better(cell.contrast, yardstick)]
    if worst is not None and not worst.scope.items() >= cell.scope.items():
        shared = cells.get({**cell.scope, **worst.scope}) if overlap(cell.scope, worst.scope) else None
        alone = less(cell.moments, shared) if shared is not None else cell.moments
        left = apart(alone, less(less(cells.total, worst.moments), alone), yardstick)
        ps.append(p_better(left, yardstick) if left is not None else 1.0)
    return replace(test, status=Status.GOOD_PRACTICE, p_value=max(ps), explains=())


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _too_small(scope: Scope, moments: Moments, total: Moments, yardstick: Yardstick) -> Short:
    """Return what is missing: the rows at which the cell could be declared conforming."""
    c = contrast(moments, total, binary=yardstick.binary)
    needed = rows_needed(c.se, moments.n, yardstick.least) if np.isfinite(c.se) and c.se > 0 else None
    return Short(dict(scope), round(moments.n), max(needed, yardstick.min_rows) if needed else None)


def _shrunk(found: Sequence[Cell]) -> dict[Key, float]:
    """Return each cell's effect, shrunk among the cells of the same columns."""
    result = {}
    for names in {tuple(sorted(c.scope)) for c in found}:
        group = [c for c in found if tuple(sorted(c.scope)) == names]
        effects = [c.contrast.effect for c in group]
        values = shrunk(effects, [c.contrast.se for c in group], centre=0.0).values if len(group) > 2 else effects
        result.update({key_of(c.scope): float(v) for c, v in zip(group, values, strict=True)})
    return result


def dots(
    cells: Cells, marked: Scope, yardstick: Yardstick, means: Sequence[tuple[Scope, Interval]] | None = None
) -> Chart:
    """Return the picture of a cell among its equals: means with intervals, the whole company as the reference.

    means : the cells of the same columns with their means, where they are known already.
    """
    names = tuple(marked)
    bars = [
        Bar(" · ".join(scope[n] for n in names), i.value, i.low, i.high, i.n, scope == dict(marked))
        for scope, i in (_means(cells, names, yardstick) if means is None else means)
    ]
    if len(bars) > MOST_BARS:
        keep = sorted(bars, key=lambda b: (not b.marked, -(b.n or 0)))[:MOST_BARS]
        bars = [b for b in bars if b in keep]
    bars.sort(key=lambda b: (b.value is None, b.value))
    return Chart("dots", f"By {columns(names)}", yardstick.unit, tuple(bars), cells.total.mean, "all")


def _means(cells: Cells, names: tuple[str, ...], yardstick: Yardstick) -> Iterator[tuple[Scope, Interval]]:
    for scope, moments in cells.along(*names):
        if moments.g >= yardstick.min_customers:
            yield scope, mean(moments, binary=yardstick.binary)
