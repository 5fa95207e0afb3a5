"""Tells which parts of a company demonstrably stayed as they were."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapport.core.outcome import Test
from rapport.measures.cells import Cells
from rapport.measures.explaining import less
from rapport.measures.since import series_of
from rapport.measures.yardstick import Yardstick
from rapport.models.clustered import contrast_between
from rapport.models.least_effect import is_within
from rapport.models.moments import Moments, added


def halves(tests: Sequence[Test], cells: Cells, yardstick: Yardstick) -> tuple[Test, ...]:
    """Judge for each part's change whether nothing changed: newer half of its rows against older, net of all others.

    A change is sought at the most extreme month, about which least is known; that nothing changed is shown at the
    month that halves the rows.
    """
    everyone = series_of(cells, {})
    return tuple(replace(t, within=_settled(series_of(cells, t.scope), everyone, yardstick)) for t in tests)


def _settled(own: Mapping[str, Moments], everyone: Mapping[str, Moments], yardstick: Yardstick) -> bool:
    months, half, seen = sorted(own), sum(m.n for m in own.values()) / 2, 0.0
    cut = ""
    for name in months:
        if seen >= half:
            cut = cut or name
        seen += own[name].n
    sides = []
    for late in (True, False):
        names = [m for m in months if (m >= cut) is late]
        mine = added([own[m] for m in names])
        all_ = added([everyone[m] for m in names])
        sides.append((mine, less(all_, mine)))
    (after, rest_after), (before, rest_before) = sides
    if not cut or min(m.n for pair in sides for m in pair) < yardstick.min_rows:
        return False
    change = contrast_between(after, before, binary=yardstick.binary)
    theirs = contrast_between(rest_after, rest_before, binary=yardstick.binary)
    return is_within(change.effect - theirs.effect, math.hypot(change.se, theirs.se), yardstick.least)
