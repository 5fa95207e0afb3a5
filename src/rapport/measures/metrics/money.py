"""Ratios of money and counts that were simply counted, never adding up two currencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rapport.core.interval import Interval
from rapport.measures.cells import Totals
from rapport.models.clustered import Moments, mean

Values = Mapping[str, Any]
Pairs = tuple[tuple[str, str], ...]


def counted(value: float, n: float) -> Interval:
    """Return a number that was counted, not sampled: its interval has no width."""
    return Interval(value, value, value, round(n))


def ratio_sums(top: str, bottom: str) -> Pairs:
    """Return the sums from which the ratio Σ top / Σ bottom and its interval follow; one row must be one customer."""
    x, y = f"CAST(({top}) AS DOUBLE)", f"CAST(({bottom}) AS DOUBLE)"
    return (
        ("top", f"SUM({top})"),
        ("bottom", f"SUM({bottom})"),
        ("top_squares", f"SUM({x} * {x})"),
        ("bottom_squares", f"SUM({y} * {y})"),
        ("products", f"SUM({x} * {y})"),
        ("n", "COUNT(*)"),
    )


def ratio(sums: Values, least_n: int, share: bool = True) -> Interval | None:
    """Return Σ top / Σ bottom with its interval over customers; None for too few customers or nothing below.

    Customer i moves the ratio r by (top_i − r·bottom_i)/Σ bottom (Cochran 1977, 6.3). With `share` it lies between 0
    and 1 and gets Wilson's interval at the effective number of customers.
    """
    n, bottom = int(sums["n"] or 0), float(sums["bottom"] or 0)
    if n < least_n or bottom <= 0:
        return None
    moments = Moments(
        n=bottom,
        s=float(sums["top"]),
        g=n,
        nn=float(sums["bottom_squares"]),
        ss=float(sums["top_squares"]),
        ns=float(sums["products"]),
    )
    return replace(mean(moments, binary=share), n=n)


def by_currency(totals: Totals, of: Callable[[Values], Interval | None]) -> Interval | Mapping[str, Interval] | None:
    """Return one value where there is one currency, else one for each: two are never added up."""
    cells = list(totals.along("currency"))
    if len(cells) < 2:
        return of(totals.total)
    found = {f"currency={scope['currency'] or 'unknown'}": of(values) for scope, values in cells}
    return {segment: value for segment, value in found.items() if value is not None} or None
