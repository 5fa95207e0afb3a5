"""Finds which parts of a company only look different because of another part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapport.measures.cells import Cells, Key, key_of
from rapport.measures.yardstick import Scope, Yardstick
from rapport.models.clustered import Contrast, contrast_between
from rapport.models.least_effect import p_beyond
from rapport.models.moments import Moments


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its contrast against all the others."""

    scope: Scope
    moments: Moments
    contrast: Contrast


def explained(
    found: Sequence[Cell], cells: Cells, yardstick: Yardstick
) -> tuple[dict[Key, tuple[Scope, ...]], Cell | None]:
    """Return, for each cell that stands out by itself, the cells that stand out only because of it; and the first one.

    Cells are taken from the most certain down. A cell counts as explained by one already taken if, without the rows
    they share (or, for a cell inside it, against the rest of it), it no longer differs beyond the least effect at 5 %.
    """
    suspects = sorted(
        (c for c in found if p_worse(c.contrast, yardstick) < 0.05),
        key=lambda c: (-yardstick.direction * c.contrast.effect / c.contrast.se, key_of(c.scope)),
    )
    taken: list[Cell] = []
    head_of: list[tuple[Cell, Cell]] = []  # cells already explained, with the cell that explains them
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
    cell: Cell,
    taken: Sequence[Cell],
    head_of: Sequence[tuple[Cell, Cell]],
    cells: Cells,
    yardstick: Yardstick,
) -> Cell | None:
    """Return the cell that explains this one, directly or through a part that it explains already."""
    direct = next((t for t in taken if _vanishes(cell, t, cells, yardstick)), None)
    return direct or next((head for part, head in head_of if _vanishes(cell, part, cells, yardstick)), None)


def p_worse(c: Contrast, yardstick: Yardstick) -> float:
    """Return the p-value of "worse by at most the least effect"."""
    return p_beyond(c.effect, c.se, yardstick.least, 1 if yardstick.direction > 0 else -1, c.df if c.df > 0 else None)


def _inside_alike(cell: Cell, outer: Cell, yardstick: Yardstick) -> bool:
    """Tell whether a cell lies inside another one and is no worse than the rest of it."""
    if not dict(outer.scope).items() <= dict(cell.scope).items():
        return False
    left = apart(cell.moments, less(outer.moments, cell.moments), yardstick)
    return left is None or p_worse(left, yardstick) >= 0.05


def _vanishes(cell: Cell, taken: Cell, cells: Cells, yardstick: Yardstick) -> bool:
    """Tell whether what sets a cell apart goes once the rows of a cell already taken are accounted for."""
    inner, outer = dict(cell.scope), dict(taken.scope)
    if not overlap(inner, outer):
        return False
    if outer.items() <= inner.items():
        return _inside_alike(cell, taken, yardstick)
    shared = taken.moments if inner.items() <= outer.items() else cells.get({**inner, **outer})
    if shared is None:
        return False
    alone = less(cell.moments, shared)
    others = less(less(cells.total, taken.moments), alone)
    left = apart(alone, others, yardstick)
    return left is None or p_worse(left, yardstick) >= 0.05


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


def apart(a: Moments, b: Moments, yardstick: Yardstick) -> Contrast | None:
    """Compare two groups of rows; None where one of them is too small to be a group of its own."""
    if min(a.n, b.n) < yardstick.min_rows:
        return None
    return contrast_between(a, b, binary=yardstick.binary)


def overlap(a: Scope, b: Scope) -> bool:
    """Tell whether two cells may share rows."""
    return all(b.get(name, value) == value for name, value in a.items())


def p_better(c: Contrast, yardstick: Yardstick) -> float:
    """Return the p-value of "better by at most the least effect"."""
    direction: Literal[1, -1] = -1 if yardstick.direction > 0 else 1
    return p_beyond(c.effect, c.se, yardstick.least, direction, c.df if c.df > 0 else None)
