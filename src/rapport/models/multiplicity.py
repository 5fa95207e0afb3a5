"""Keeps the number of false alarms low when hundreds of questions are asked of the same data.

Sources: Simes (1986), Biometrika 73:751; Benjamini & Hochberg (1995), JRSS-B 57:289; Benjamini & Bogomolov (2014),
JRSS-B 76:297; Peterson, Bogomolov, Benjamini & Sabatti (2016), Genetic Epidemiology 40:45.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class TwoLevel:
    """What is left of one family of tests (one audit) after both corrections.

    p : Simes p-value of the family; q : the same after Benjamini–Hochberg across families;
    selected : q is at most the level; rejected, cell_q : one entry a test, in the order given;
    a test is rejected exactly where its cell_q is at most the level.
    """

    p: float
    q: float
    selected: bool
    rejected: tuple[bool, ...]
    cell_q: tuple[float, ...]


def simes(p: ArrayLike) -> float:
    """Return the p-value of "nothing is wrong in any of these tests"; 1.0 for no test. Source: Simes (1986)."""
    values = np.sort(_checked(p))
    if not values.size:
        return 1.0
    return float(min(1.0, np.min(values * values.size / np.arange(1, values.size + 1))))


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """Return q-values in the order given: rejecting q <= level keeps the false discovery rate at the level.

    A p-value that is not a number counts as 1 (nothing is known). Raises ValueError outside [0, 1].
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * values.size / np.arange(1, values.size + 1)
    q = np.empty_like(values)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def two_level(families: Mapping[str, Sequence[float]], q: float = 0.05) -> dict[str, TwoLevel]:
    """Correct across families, then within each selected family at the level q·R/m.

    m : families with at least one test (an empty family was not asked and does not count); R : families selected by
    Benjamini–Hochberg on their Simes p-values. Within a family the BH-adjusted p-values times m/R, capped at 1, are
    `cell_q`. The smallest BH-adjusted p-value of a family is its Simes p-value, so a family has a rejected cell
    exactly if it is selected. Keeps the average false discovery rate over selected families at q (Benjamini &
    Bogomolov 2014).
    """
    asked = [name for name, p in families.items() if len(p)]
    family_p = {name: simes(families[name]) for name in asked}
    family_q = dict(zip(asked, benjamini_hochberg([family_p[name] for name in asked]).tolist(), strict=True))
    m, chosen = len(asked), sum(value <= q for value in family_q.values())
    factor = m / max(chosen, 1)
    result = {}
    for name, p in families.items():
        cell_q = np.minimum(1.0, benjamini_hochberg(p) * factor)
        selected = family_q.get(name, 1.0) <= q and bool(len(p))
        result[name] = TwoLevel(
            p=family_p.get(name, 1.0),
            q=family_q.get(name, 1.0),
            selected=selected,
            rejected=tuple(bool(value <= q) and selected for value in cell_q),
            cell_q=tuple(cell_q.tolist()),
        )
    return result


def _checked(p: ArrayLike) -> NDArray[np.float64]:
    values = np.nan_to_num(np.atleast_1d(np.asarray(p, dtype=np.float64)), nan=1.0)
    if values.size and (values.min() < 0 or values.max() > 1):
        raise ValueError("p-values lie between 0 and 1")
    return values
