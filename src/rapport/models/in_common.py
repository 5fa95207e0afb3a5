"""What a group of customers has in common that others have not: looked for in one half, confirmed in the other.

Every value of every trait is a question, asked of the first half of the customers; those that stand after a correction
for all of them are asked once more, of the second half, where nothing was chosen. What is printed is the second half's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.core.interval import Interval
from rapport.models.multiplicity import benjamini_hochberg
from rapport.models.proportions import newcombe, two_proportions_p

Bools = NDArray[np.bool_]

LEVEL = 0.05
FEWEST = 30
"""Customers with a trait, and without it, in each half: fewer say nothing."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A value of a trait: the share of the group among those with it and without it, in the half that confirms.

    difference : with Newcombe's interval. q_value : after the correction for all that were confirmed. n : with it.
    """

    name: str
    value: str
    share_with: float
    share_without: float
    difference: Interval
    q_value: float
    n: int


def in_common(group: Bools, first_half: Bools, traits: Mapping[str, NDArray[Any]], least: float) -> tuple[Trait, ...]:
    """Return the traits that go with belonging to a group, the largest difference first.

    Parameters
    ----------
    group : who belongs to it, shape (n,).
    first_half : in which half a customer is, shape (n,).
    traits : for each trait the value of each customer, as text, None where unknown; shape (n,).
    least : the smallest difference of shares worth saying.
    """
    asked = [(name, value) for name in sorted(traits) for value in sorted({v for v in traits[name] if v is not None})]
    masks = {}
    for name, value in asked:
        known = np.array([v is not None for v in traits[name]])
        masks[name, value] = (known, known & (traits[name] == value))
    found = [(key, _contrast(group, first_half, *masks[key])) for key in asked]
    tested = [(key, one) for key, one in found if one is not None]
    if not tested:
        return ()
    kept = [
        key
        for (key, one), q in zip(tested, benjamini_hochberg([one.q_value for _, one in tested]), strict=True)
        if q <= LEVEL and one.difference.value >= least
    ]
    again = [(key, _contrast(group, ~first_half, *masks[key])) for key in kept]
    confirmed = [(key, one) for key, one in again if one is not None]
    if not confirmed:
        return ()
    corrected = benjamini_hochberg([one.q_value for _, one in confirmed])
    traits_found = [
        replace(one, name=key[0], value=key[1], q_value=float(q))
        for (key, one), q in zip(confirmed, corrected, strict=True)
        if q <= LEVEL and one.difference.value >= least
    ]
    return tuple(sorted(traits_found, key=lambda t: (-t.difference.value, t.name, t.value)))


def _contrast(group: Bools, half: Bools, known: Bools, has: Bools) -> Trait | None:
    """Return the comparison in one half, its p-value in place of q; None where too few have the trait, or have not."""
    with_it, without = half & has, half & known & ~has
    n1, n2 = int(with_it.sum()), int(without.sum())
    if min(n1, n2) < FEWEST:
        return None
    x1, x2 = int((group & with_it).sum()), int((group & without).sum())
    p = two_proportions_p(x1, n1, x2, n2)
    return Trait("", "", x1 / n1, x2 / n2, newcombe(x1, n1, x2, n2), p, n1)
