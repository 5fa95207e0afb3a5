"""Compares each part of a company with the rest of it, and finds which parts only look different because of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Short, Status, Test
from rapport.core.words import place
from rapport.measures.cells import Cells, Key, key_of
from rapport.models.clustered import Contrast, contrast, contrast_between, mean
from rapport.models.least_effect import detectable, is_within, p_beyond, rows_needed
from rapport.models.moments import Moments
from rapport.models.shrinkage import shrunk

Scope = Mapping[str, str]
MOST_BARS = 14


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell against the rest, as far as words need it: the scope, both means, the effect and the rows."""

    scope: Scope
    value: float
    baseline: float
    effect: float
    n: int


# Gives the title and the statement of what was found.
Say = Callable[[Difference], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How a value is judged: the least effect worth acting on, which way is better, how it is said.

    `binary` says that the value is 0 or 1. `worse` is the status of a cell on the wrong side. Cells with fewer than
    `min_rows` rows or `min_customers` customers are not tested.
    """

    input: str
    least: float
    better: str
    unit: str
    say: Say
    binary: bool | None = None
    worse: Status = Status.NONCONFORMING
    min_rows: int = 30
    min_customers: int = 10

    @property
    def direction(self) -> int:
        """+1 where more is worse, −1 where less is worse."""
        return 1 if self.better == "lower" else -1


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison gave: the tests, and the cells too small to say."""

    tests: tuple[Test, ...]
    short: tuple[Short, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    scope: Scope
    moments: Moments
    contrast: Contrast


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
    found: list[_Cell] = []
    short: list[Short] = []
    for names in cells.by:
        for scope, moments in cells.along(*names):
            if moments.n >= cells.total.n:
                continue
            if moments.n < yardstick.min_rows or moments.g < yardstick.min_customers:
                short.append(_too_small(scope, moments, cells.total, yardstick))
                continue
            found.append(_Cell(scope, moments, contrast(moments, cells.total, binary=yardstick.binary)))
    explained, worst = _explained(found, cells, yardstick)
    shrunken = _shrunk(found)
    means = {names: tuple(_means(cells, names, yardstick)) for names in {tuple(c.scope) for c in found}}
    tests: list[Test] = []
    for cell in found:
        chart = dots(cells, cell.scope, yardstick, means[tuple(cell.scope)])
        test = _test(cell, yardstick, shrunken[key_of(cell.scope)], chart)
        tests.append(replace(test, explains=explained.get(key_of(cell.scope), ())))
        tests.append(_other_way(test, cell, worst, cells, yardstick))
    return Compared(tuple(tests), tuple(short))


def _test(cell: _Cell, yardstick: Yardstick, best_guess: float, chart: Chart) -> Test:
    c = cell.contrast
    df = c.df if c.df > 0 else None
    title, statement = yardstick.say(Difference(cell.scope, c.value, c.rest, c.effect, c.n))
    return Test(
        scope=dict(cell.scope),
        status=yardstick.worse,
        p_value=p_beyond(c.effect, c.se, yardstick.least, 1 if yardstick.direction > 0 else -1, df),
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


def _other_way(test: Test, cell: _Cell, worst: _Cell | None, cells: Cells, yardstick: Yardstick) -> Test:
    """Return the test that the same cell is clearly better: than all others, and than them without the worst place."""
    ps = [_p_better(cell.contrast, yardstick)]
    if worst is not None and not worst.scope.items() >= cell.scope.items():
        shared = cells.get({**cell.scope, **worst.scope}) if _overlap(cell.scope, worst.scope) else None
        alone = _less(cell.moments, shared) if shared is not None else cell.moments
        left = _apart(alone, _less(_less(cells.total, worst.moments), alone), yardstick)
        ps.append(_p_better(left, yardstick) if left is not None else 1.0)
    return replace(test, status=Status.GOOD_PRACTICE, p_value=max(ps), explains=())


def _overlap(a: Scope, b: Scope) -> bool:
    """Tell whether two cells may share rows."""
    return all(b.get(name, value) == value for name, value in a.items())


def _p_better(c: Contrast, yardstick: Yardstick) -> float:
    direction: Literal[1, -1] = -1 if yardstick.direction > 0 else 1
    return p_beyond(c.effect, c.se, yardstick.least, direction, c.df if c.df > 0 else None)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _too_small(scope: Scope, moments: Moments, total: Moments, yardstick: Yardstick) -> Short:
    """Return what is missing: the rows at which the cell could be declared conforming."""
    c = contrast(moments, total, binary=yardstick.binary)
    needed = rows_needed(c.se, moments.n, yardstick.least) if np.isfinite(c.se) and c.se > 0 else None
    return Short(dict(scope), round(moments.n), max(needed, yardstick.min_rows) if needed else None)


def _shrunk(found: Sequence[_Cell]) -> dict[Key, float]:
    """Return each cell's effect, shrunk among the cells of the same columns."""
    result = {}
    for names in {tuple(sorted(c.scope)) for c in found}:
        group = [c for c in found if tuple(sorted(c.scope)) == names]
        effects = [c.contrast.effect for c in group]
        values = shrunk(effects, [c.contrast.se for c in group], centre=0.0).values if len(group) > 2 else effects
        result.update({key_of(c.scope): float(v) for c, v in zip(group, values, strict=True)})
    return result


def _explained(
    found: Sequence[_Cell], cells: Cells, yardstick: Yardstick
) -> tuple[dict[Key, tuple[Scope, ...]], _Cell | None]:
    """Return, for each cell that stands out by itself, the cells that stand out only because of it; and the first one.

    Cells are taken from the most certain down. A cell counts as explained by one already taken if, without the rows
    they share (or, for a cell inside it, against the rest of it), it no longer differs beyond the least effect at 5 %.
    """
    suspects = sorted(
        (c for c in found if _p(c.contrast, yardstick) < 0.05),
        key=lambda c: (-yardstick.direction * c.contrast.effect / c.contrast.se, key_of(c.scope)),
    )
    taken: list[_Cell] = []
    head_of: list[tuple[_Cell, _Cell]] = []  # cells already explained, with the cell that explains them
    for cell in suspects:
        head = _head(cell, taken, head_of, cells, yardstick)
        if head is None:
            taken.append(cell)
        else:
            head_of.append((cell, head))
    for cell in taken[:0:-1]:  # a part explained later may explain what was taken before it
        others = [(part, head) for part, head in head_of if head is not cell]
        head = _head(cell, [], others, cells, yardstick)
        if head is not None and head in taken:
            taken.remove(cell)
            head_of = [(part, head if old is cell else old) for part, old in head_of] + [(cell, head)]
    explains: dict[Key, list[Scope]] = {}
    for part, head in head_of:
        explains.setdefault(key_of(head.scope), []).append(dict(part.scope))
    return {key: tuple(scopes) for key, scopes in explains.items()}, next(iter(taken), None)


def _head(
    cell: _Cell,
    taken: Sequence[_Cell],
    head_of: Sequence[tuple[_Cell, _Cell]],
    cells: Cells,
    yardstick: Yardstick,
) -> _Cell | None:
    """Return the cell that explains this one, directly or through a part that it explains already."""
    direct = next((t for t in taken if _vanishes(cell, t, cells, yardstick)), None)
    return direct or next((head for part, head in head_of if _vanishes(cell, part, cells, yardstick)), None)


def _p(c: Contrast, yardstick: Yardstick) -> float:
    return p_beyond(c.effect, c.se, yardstick.least, 1 if yardstick.direction > 0 else -1, c.df if c.df > 0 else None)


def _inside_alike(cell: _Cell, outer: _Cell, yardstick: Yardstick) -> bool:
    """Tell whether a cell lies inside another one and is no worse than the rest of it."""
    if not dict(outer.scope).items() <= dict(cell.scope).items():
        return False
    left = _apart(cell.moments, _less(outer.moments, cell.moments), yardstick)
    return left is None or _p(left, yardstick) >= 0.05


def _vanishes(cell: _Cell, taken: _Cell, cells: Cells, yardstick: Yardstick) -> bool:
    """Tell whether what sets a cell apart goes once the rows of a cell already taken are accounted for."""
    inner, outer = dict(cell.scope), dict(taken.scope)
    if not _overlap(inner, outer):
        return False
    if outer.items() <= inner.items():
        return _inside_alike(cell, taken, yardstick)
    shared = taken.moments if inner.items() <= outer.items() else cells.get({**inner, **outer})
    if shared is None:
        return False
    alone = _less(cell.moments, shared)
    others = _less(_less(cells.total, taken.moments), alone)
    left = _apart(alone, others, yardstick)
    return left is None or _p(left, yardstick) >= 0.05


def _less(whole: Moments, part: Moments) -> Moments:
    """Return the rows of `whole` outside `part`; squares are an upper bound where a customer stands in both."""
    return Moments(
        n=max(whole.n - part.n, 0.0),
        s=whole.s - part.s,
        g=max(whole.g - part.g, min(whole.g, 2)),
        nn=max(whole.nn - part.nn, 0.0),
        ss=max(whole.ss - part.ss, 0.0),
        ns=whole.ns - part.ns,
    )


def _apart(a: Moments, b: Moments, yardstick: Yardstick) -> Contrast | None:
    """Compare two groups of rows; None where one of them is too small to be a group of its own."""
    if min(a.n, b.n) < yardstick.min_rows:
        return None
    return contrast_between(a, b, binary=yardstick.binary)


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
    title = place(dict.fromkeys(names, "")).replace(" ,", ",").strip()
    return Chart("dots", f"By {title}", yardstick.unit, tuple(bars), cells.total.mean, "all")


def _means(cells: Cells, names: tuple[str, ...], yardstick: Yardstick) -> Iterator[tuple[Scope, Interval]]:
    for scope, moments in cells.along(*names):
        if moments.g >= yardstick.min_customers:
            yield scope, mean(moments, binary=yardstick.binary)
