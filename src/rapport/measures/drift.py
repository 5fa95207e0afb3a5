"""Tells whether other customers come than before, and whether a moved average is the mix or the customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.measures.cells import Cells, Totals
from rapport.models.mix_rate import MixRate, mix_and_rate
from rapport.models.stability import Stability, stability

FEWEST = 10
"""Customers expected on the smaller side of a kind; rarer kinds are counted together."""
OTHERS = "all others"
UNKNOWN = (math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of customer: how many came then and now, and what each brought.

    amount_then, amount_now : the averages with their standard errors; NaN where nobody came.
    """

    then: float
    now: float
    amount_then: tuple[float, float] = UNKNOWN
    amount_now: tuple[float, float] = UNKNOWN


@dataclass(frozen=True, slots=True)
class Drift:
    """How the mix by one column moved.

    kinds : the kinds with enough customers, those too rare together; grown : the one whose larger share moved the index
    most; index : the stability index with what chance makes of it; split : the change of the average amount into mix
    and rate, None where amounts are not known on both sides.
    """

    column: str
    kinds: Mapping[str, Kind]
    grown: str
    index: Stability
    split: MixRate | None

    def share(self, kind: str, *, now: bool) -> float:
        """Return a kind's share of all customers then or now."""
        total = sum((k.now if now else k.then) for k in self.kinds.values())
        own = self.kinds[kind]
        return (own.now if now else own.then) / total


def drift_of(column: str, newer: Cells, amounts: Totals) -> Drift | None:
    """Return how the mix by a column moved; None where it has fewer than two kinds or nobody came on one side.

    Parameters
    ----------
    column : by which customers are told apart.
    newer : whether each customer came now (1) or then (0), cut by the column.
    amounts : `mean`, `square` (the mean square) and `customers` of the amount, cut by `newer` and the column.
    """
    counts = {s[column]: Kind(m.n - m.s, m.s) for s, m in newer.along(column)}
    means = {(s["newer"], s[column]): _estimate(v) for s, v in amounts.along("newer", column)}
    kinds = _gathered(
        {
            name: Kind(k.then, k.now, means.get(("false", name), UNKNOWN), means.get(("true", name), UNKNOWN))
            for name, k in counts.items()
        }
    )
    then, now = sum(k.then for k in kinds.values()), sum(k.now for k in kinds.values())
    if len(kinds) < 2 or min(then, now) <= 0:
        return None
    names = sorted(kinds)
    index = stability([kinds[n].then for n in names], [kinds[n].now for n in names])
    named = [n for n in names if n != OTHERS] or names
    grown = max(named, key=lambda n: _part(kinds[n].then / then, kinds[n].now / now))
    return Drift(column, kinds, grown, index, _split(kinds))


def _estimate(values: Mapping[str, Any]) -> tuple[float, float]:
    """Return an average with its standard error, NaN where there is none; of one customer none is known."""
    if values["mean"] is None:
        return UNKNOWN
    mean, n = float(values["mean"]), float(values["customers"])
    spread = max(0.0, float(values["square"]) - mean * mean)
    return mean, math.sqrt(spread / (n - 1)) if n > 1 else math.nan


def _part(then: float, now: float) -> float:
    """Return what a kind that has grown adds to the index."""
    return (now - then) * math.log((now + 1e-9) / (then + 1e-9)) if now > then else 0.0


def _gathered(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """Return the kinds with enough customers, the rare ones counted together."""
    then, now = sum(k.then for k in kinds.values()), sum(k.now for k in kinds.values())
    least = min(then, now) / max(then + now, 1.0)
    rare = [n for n, k in kinds.items() if (k.then + k.now) * least < FEWEST]
    kept = {n: k for n, k in kinds.items() if n not in rare}
    if rare:
        kept[OTHERS] = Kind(
            sum(kinds[n].then for n in rare),
            sum(kinds[n].now for n in rare),
            _average([(kinds[n].then, kinds[n].amount_then) for n in rare]),
            _average([(kinds[n].now, kinds[n].amount_now) for n in rare]),
        )
    return kept


def _average(parts: list[tuple[float, tuple[float, float]]]) -> tuple[float, float]:
    known = [(n, mean, se) for n, (mean, se) in parts if n > 0 and math.isfinite(mean)]
    total = sum(n for n, _, _ in known)
    if not known:
        return UNKNOWN
    return sum(n * mean for n, mean, _ in known) / total, math.sqrt(sum((n * se) ** 2 for n, _, se in known)) / total


def _split(kinds: Mapping[str, Kind]) -> MixRate | None:
    then = {n: (k.then, *k.amount_then) for n, k in kinds.items() if k.then > 0 and math.isfinite(k.amount_then[0])}
    now = {n: (k.now, *k.amount_now) for n, k in kinds.items() if k.now > 0 and math.isfinite(k.amount_now[0])}
    if not then or not now:
        return None
    values = [{n: (rows, mean) for n, (rows, mean, _) in side.items()} for side in (then, now)]
    errors = [{n: se for n, (_, _, se) in side.items()} for side in (then, now)]
    return mix_and_rate(values[0], values[1], errors[0], errors[1])
