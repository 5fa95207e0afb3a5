"""Compares customers who did something with customers alike who did not, in the parts into which they were dealt."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapport.measures.cells import Cells
from rapport.models.mantel_haenszel import Common, risk_difference

FIRST, SECOND, LATER = "first half", "second half", "later"
"""Where things are looked for, and the two parts that must say the same."""
Counts = Mapping[tuple[str, str], tuple[float, float]]
"""Customers and events by part and stratum."""


def counted(cells: Cells, names: tuple[str, ...]) -> dict[tuple[str, ...], dict[tuple[str, str], tuple[float, float]]]:
    """Return customers and events by part and stratum, for each set of values of `names`."""
    found: dict[tuple[str, ...], dict[tuple[str, str], tuple[float, float]]] = {}
    for scope, m in cells.along(*names, "part", "alike"):
        own = found.setdefault(tuple(scope[name] for name in names), {})
        own[scope["part"], scope["alike"]] = (m.n, m.s)
    return found


def among(did: Counts, everybody: Counts, parts: Collection[str]) -> Common | None:
    """Return the difference of those who did it and those who did not among customers alike of the same part."""
    strata = [key for key in everybody if key[0] in parts]
    own = [did.get(key, (0.0, 0.0)) for key in strata]
    rest = [(everybody[k][0] - n, everybody[k][1] - s) for k, (n, s) in zip(strata, own, strict=True)]
    return risk_difference([s for _, s in own], [n for n, _ in own], [s for _, s in rest], [n for n, _ in rest])
