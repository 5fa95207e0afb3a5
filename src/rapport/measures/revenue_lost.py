"""Splits the revenue that a place lost into its ways: customers left, pay less, could not pay, or had a price rise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapport.core.outcome import Test
from rapport.measures.cells import Cells, Totals, key_of

Values = Mapping[str, Any]
RISEN = "after a price rise"
HALF = 0.5
"""From this part of the lost revenue on, a price rise is said to support it as its cause."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What of a place's revenue was lost a month, as shares of it, since when the test says.

    left, less, unpaid : by leaving, by paying less, by leaving after a failed payment; start : the revenue itself,
    summed over the months, None for several currencies; risen : the part of it that lay after a price rise, and
    `risen_before` the same of what it is compared with; rise_lost, other_lost : what was lost of that part and of the
    rest.
    """

    left: float
    less: float
    unpaid: float
    start: float | None
    risen: float | None = None
    risen_before: float | None = None
    rise_lost: float | None = None
    other_lost: float | None = None

    def by_price(self, least: float) -> bool:
        """Tell whether at least half of the loss lay after a price rise, and beyond that of others there and before."""
        if not self.risen or self.rise_lost is None or self.risen <= (self.risen_before or 0.0):
            return False
        all_ = self.left + self.less
        return self.risen * self.rise_lost >= HALF * all_ and self.rise_lost > (self.other_lost or 0.0) + least


def because(test: Test, cells: Cells, totals: Totals) -> Lost:
    """Return how a place lost what it lost.

    Parameters
    ----------
    test : what was found, with its `onset` if it is a change.
    cells : shares of revenue lost (see `measures.weighted`), cut by `price_change` with what the test is about.
    totals : the sums behind them, with `left`, `unpaid`, `start` and `currencies`.
    """
    rows = [v for scope, v in _rows(test, totals) if _counts(test, scope)]
    bottom = sum(float(v["bottom"]) for v in rows)
    left, gone = sum(float(v["left"]) for v in rows), sum(float(v["top"]) for v in rows)
    unpaid = sum(float(v["unpaid"]) for v in rows)
    start = sum(float(v["start"]) for v in rows) if totals.total["currencies"] == 1 else None
    plain = Lost(left / bottom, (gone - left) / bottom, unpaid / bottom, start)
    names = tuple(n for n in test.scope if n != "price_change")
    if "price_change" in test.scope or not any(set(by) == {*names, "price_change", "month"} for by in cells.by):
        return plain
    parts = [(s, m) for s, m in cells.along(*names, "price_change", "month") if test.scope.items() <= s.items()]
    now = [(s, m) for s, m in parts if _counts(test, s)]
    then = [(s, m) for s, m in parts if not _counts(test, s)]
    rise = [m for s, m in now if s["price_change"] == RISEN]
    rest = [m for s, m in now if s["price_change"] != RISEN]
    if not test.onset:
        then = list(cells.along("price_change"))
    n_rise, n_rest = sum(m.n for m in rise), sum(m.n for m in rest)
    return Lost(
        plain.left,
        plain.less,
        plain.unpaid,
        start,
        risen=n_rise / (n_rise + n_rest) if n_rise + n_rest else None,
        risen_before=_part((s["price_change"] == RISEN, m.n) for s, m in then),
        rise_lost=sum(m.s for m in rise) / n_rise if n_rise else None,
        other_lost=sum(m.s for m in rest) / n_rest if n_rest else None,
    )


def _part(rows: Iterable[tuple[bool, float]]) -> float | None:
    kept = list(rows)
    whole = sum(n for _, n in kept)
    return sum(n for yes, n in kept if yes) / whole if whole else None


def _rows(test: Test, totals: Totals) -> list[tuple[Mapping[str, str], Values]]:
    if test.onset:
        return [(s, v) for s, v in totals.along(*test.scope, "month") if test.scope.items() <= s.items()]
    own = totals.cells.get(key_of(test.scope)) if test.scope else totals.total
    return [(test.scope, own)] if own is not None else []


def _counts(test: Test, scope: Mapping[str, str]) -> bool:
    return test.onset is None or scope.get("month", test.onset) >= test.onset
