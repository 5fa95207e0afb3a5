"""Finds lasting changes in several directions at once, and which of them are only the echo of another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rapport.core.outcome import Scope, Status, Test
from rapport.core.words import code
from rapport.measures.cells import Cells, key_of
from rapport.measures.explaining import less
from rapport.measures.onset import SayChange, changes
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Yardstick
from rapport.models.clustered import contrast_between
from rapport.models.least_effect import p_beyond
from rapport.models.moments import Moments, added

Series = dict[str, Moments]
SURE = 0.05


def lasting(cells: Cells, along: Sequence[tuple[str, ...]], yardstick: Yardstick, say: SayChange) -> tuple[Test, ...]:
    """Test every cell of several sets of columns for a lasting change; `explains` lists what another one explains.

    Parameters
    ----------
    cells : the answer to a `Breakdown` cut by `month`, by each set of `along` with `month`, and by pairs of them with
        `month`, without which two directions cannot be told apart.
    along : the sets of columns followed; `()` is the whole company.
    yardstick, say : as in `measures.onset.changes`; the whole company is followed by `whole_company.since_when`.

    Changes for the worse are taken from the most certain down. One is explained by another already taken if without
    the rows they share (for the whole company: without the other's rows) it is no longer beyond the least effect at 5
    %.
    """
    tests = [t for names in along if _can(cells, names) for t in _changes(cells, names, yardstick, say)]
    suspects = sorted(
        (t for t in tests if t.status is not Status.GOOD_PRACTICE and t.p_value < SURE),
        key=lambda t: (not t.scope, t.p_value, -abs(t.effect.value), code(t.scope)),
    )
    taken: list[Test] = []
    explains: dict[str, list[Scope]] = {}
    for one in suspects:
        head = next((t for t in taken if _echo(one, t, cells, yardstick, say)), None)
        if head is None:
            taken.append(one)
        else:
            explains.setdefault(code(head.scope), []).append(dict(one.scope))
    return tuple(
        replace(t, explains=tuple(explains.get(code(t.scope), ()))) if t.status is not Status.GOOD_PRACTICE else t
        for t in tests
    )


def _changes(cells: Cells, names: tuple[str, ...], yardstick: Yardstick, say: SayChange) -> tuple[Test, ...]:
    """Return the changes of the cells of one set of columns against the others, of the company against its season."""
    return changes(cells, names, yardstick, say) if names else since_when(cells, yardstick, say)


def tested_by(cells: Cells, *groups: tuple[str, ...]) -> Cells:
    """Return the same cells, of which only these sets of columns are tested; the others serve to explain."""
    return replace(cells, by=tuple(g for g in cells.by if g in groups))


def _can(cells: Cells, names: tuple[str, ...]) -> bool:
    return any(set(group) == {*names, "month"} for group in cells.by)


def _echo(one: Test, head: Test, cells: Cells, yardstick: Yardstick, say: SayChange) -> bool:
    """Tell whether a change goes once the rows of another one are left out."""
    own, other = series_of(cells, one.scope), series_of(cells, head.scope)
    everyone = series_of(cells, {})
    if not one.scope:
        left = {key_of({"month": m}): v for m, v in _without(everyone, other).items()}
        again = since_when(Cells(cells.total, left, (("month",),)), yardstick, say)
        return not any(t.status is not Status.GOOD_PRACTICE and t.p_value < SURE for t in again)
    if any(head.scope.get(k, v) != v for k, v in one.scope.items()):
        return False
    shared = series_of(cells, {**one.scope, **head.scope})
    if not shared:
        return False
    alone = _without(own, shared)
    return _p(alone, _without(_without(everyone, other), alone), one.onset or "", yardstick) >= SURE


def series_of(cells: Cells, scope: Scope) -> Series:
    """Return a cell's moments month by month."""
    wanted = scope.items()
    return {key["month"]: m for key, m in cells.along(*scope, "month") if wanted <= key.items()}


def _without(whole: Series, part: Series) -> Series:
    left = {month: less(m, part[month]) if month in part else m for month, m in whole.items()}
    return {month: m for month, m in left.items() if m.n > 0}


def _p(own: Series, others: Series, since: str, yardstick: Yardstick) -> float:
    """Return the p-value of a change at a given month, net of the others'."""
    before, after = added([m for k, m in own.items() if k < since]), added([m for k, m in own.items() if k >= since])
    if min(before.n, after.n) < yardstick.min_rows:
        return 1.0
    mine = contrast_between(after, before, binary=yardstick.binary)
    theirs = contrast_between(
        added([m for k, m in others.items() if k >= since]),
        added([m for k, m in others.items() if k < since]),
        binary=yardstick.binary,
    )
    se = float(np.hypot(mine.se, theirs.se))
    return p_beyond(mine.effect - theirs.effect, se, yardstick.least, 1 if yardstick.direction > 0 else -1)
