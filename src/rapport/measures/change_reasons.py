"""Tries the plain explanations of a change: other customers answered, another part of the company moved the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from rapport.core.finding import Alternative, Cause
from rapport.core.interval import Interval
from rapport.core.outcome import Test
from rapport.measures.cells import Cells
from rapport.measures.level_shift import Comparison
from rapport.measures.since import series_of
from rapport.measures.yardstick import Yardstick
from rapport.models.clustered import contrast, contrast_between
from rapport.models.least_effect import p_beyond
from rapport.models.mix_rate import MixRate, mix_and_rate
from rapport.models.moments import Moments, added

CERTAIN, DOUBTFUL, LEAST_PAIRED = 0.001, 0.05, 10


def one_per_scope(tests: Sequence[Test]) -> tuple[Test, ...]:
    """Return one test for each scope and status, changes and levels apart: the most certain, times their number."""
    groups: dict[tuple[object, ...], list[Test]] = {}
    for test in tests:
        groups.setdefault((test.status, test.onset is None, *sorted(test.scope.items())), []).append(test)
    firsts = [(min(group, key=lambda t: t.p_value), len(group)) for group in groups.values()]
    return tuple(replace(first, p_value=min(1.0, first.p_value * many)) for first, many in firsts)


def beside(parts: Sequence[Test], whole: Sequence[Test], cells: Cells, yardstick: Yardstick) -> tuple[Test, ...]:
    """Return both, the whole company's change listed in `explains` of a part without whose rows it vanishes.

    Parameters
    ----------
    parts : the tests of changes in cells, with their `onset` (see `measures.since.lasting`).
    whole : the tests of the whole company (see `measures.level_shift.whole`).
    cells : the cells by month that the parts were found in.
    yardstick : how they were judged.
    """
    suspect = any(t.status is yardstick.worse and t.p_value < DOUBTFUL for t in whole)
    certain = [t for t in parts if t.status is yardstick.worse and t.onset and t.p_value < CERTAIN]
    for head in sorted(certain, key=lambda t: t.p_value) if suspect else ():
        if _alone(head, cells, yardstick):
            marked = replace(head, explains=(*head.explains, {}))
            return (*(marked if t is head else t for t in parts), *whole)
    return (*parts, *whole)


def _alone(head: Test, cells: Cells, yardstick: Yardstick) -> bool:
    """Tell whether all rows but those of `head` stayed as they were since its month."""
    everyone, own = series_of(cells, {}), series_of(cells, head.scope)
    left = {m: _less(rows, own[m]) if m in own else rows for m, rows in everyone.items()}
    before = added([left[m] for m in sorted(left) if m < (head.onset or "")])
    after = added([left[m] for m in sorted(left) if m >= (head.onset or "")])
    if min(before.n, after.n) < yardstick.min_rows:
        return True
    k = contrast_between(after, before, binary=yardstick.binary)
    return p_beyond(k.effect, k.se, yardstick.least, 1 if yardstick.direction > 0 else -1) >= DOUBTFUL


def _less(whole: Moments, part: Moments) -> Moments:
    return Moments(
        n=max(whole.n - part.n, 0.0),
        s=whole.s - part.s,
        g=max(whole.g - part.g, min(whole.g, 2)),
        nn=max(whole.nn - part.nn, 0.0),
        ss=max(whole.ss - part.ss, 0.0),
        ns=whole.ns - part.ns,
    )


def mix_of(comparison: Comparison, dimensions: Sequence[str]) -> tuple[str, MixRate] | None:
    """Split a comparison into other customers (mix) and changed answers (rate) by the first dimension there is."""
    for name in dimensions:
        newest: dict[str, tuple[float, float]] = {}
        others: dict[str, tuple[float, float]] = {}
        for scope, m in comparison.cells.along(comparison.column, name):
            side = newest if scope[comparison.column] == "newest" else others
            side[scope[name]] = (m.n, m.mean)
        if len(newest) > 1 and len(others) > 1:
            return name, mix_and_rate(others, newest)
    return None


def same_people(comparison: Comparison) -> Interval | None:
    """Return the change of the customers who are on both sides, n being customers; None with fewer than ten."""
    paired = comparison.paired
    newest = paired.get({comparison.column: "newest"}) if paired is not None else None
    if paired is None or newest is None or newest.g < LEAST_PAIRED:
        return None
    c = contrast(newest, paired.total, binary=False)
    return Interval(c.effect, c.low, c.high, newest.g) if math.isfinite(c.se) else None


def tried(comparison: Comparison | None, dimensions: Sequence[str], number: Callable[[float], str]) -> Cause | None:
    """Return what was tried as an explanation of a change: mix, other people, season; None where nothing could be."""
    if comparison is None:
        return None
    found: list[Alternative] = []
    parts = mix_of(comparison, dimensions)
    if parts is not None:
        name, split = parts
        result = f"{number(split.mix)} of {number(split.total)}; the rest, {number(split.rate)}, is change within each"
        found.append(Alternative(f"more answers from another {name} than {comparison.against} (mix)", result))
    own = same_people(comparison)
    if own is not None and own.low is not None and own.high is not None:
        result = f"those {own.n} changed by {number(own.value)} ({number(own.low)} to {number(own.high)})"
        found.append(
            Alternative(f"other people answered than {comparison.against}; those who answered both times", result)
        )
    if comparison.same_season:
        found.append(Alternative("the season", "the same weeks a year before are compared"))
    return Cause("not_established", "The record shows since when, not why.", tuple(found)) if found else None
