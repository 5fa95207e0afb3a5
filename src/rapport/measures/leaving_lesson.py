"""What earlier moments teach about one kind of relationship, and what it says of customers of today, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.measures.leaving_features import CONTRACT, Known
from rapport.measures.leaving_kinds import FEATURES, PLANS, matrix, priors
from rapport.measures.leaving_past import SIGNS, Bools, Floats, Horizons, Ints, known_of
from rapport.models.leaving import Leaving, Past, learn

Texts = NDArray[np.object_]

PAST_COLUMNS = (
    "customer_id",
    "origin",
    "kind",
    "horizon",
    "gap",
    "left_within",
    "left_half",
    "left_double",
    "lead_days",
    "treated",
    "held",
    "plan",
    *SIGNS,
)
MONTH = 30.4375
WORKED = 0.10
"""Share of the customers that a team works in a month where `accounts_per_month` is not declared."""
MOST_WORKED = 0.5
"""A list of more than half of the customers chooses nobody."""
RED_ODDS, YELLOW_ODDS = 3.0, 1.5
BANDS = ("green", "yellow", "red")
REASONS = 3


@dataclass(frozen=True, eq=False)
class Lesson:
    """The rows of `risk_learning` of one kind.

    table : its columns, sorted; plans : the usual ones; past : the features with what became of the customers;
    origins : the earlier moments, ascending, in the numbers of `past.when`.
    """

    kind: str
    horizon: float
    gap: float
    table: pa.Table
    plans: tuple[str, ...]
    past: Past
    origins: tuple[datetime, ...]

    @classmethod
    def of(cls, learning: pa.Table | None, kind: str, ahead: Horizons, present: pa.Table) -> Lesson:
        """Return what can be learned about a kind; `present` names the plans where there is no past."""
        rows = learning.filter(pc.equal(learning["kind"], kind)).combine_chunks() if learning is not None else None
        plans = _usual(rows if rows is not None and rows.num_rows else present) if kind == CONTRACT else ()
        width = priors(kind, len(plans)).size
        if rows is None or not rows.num_rows:
            nothing = np.zeros(0, dtype=np.int64)
            empty = Past(np.zeros((0, width)), nothing.astype(np.bool_), nothing, nothing)
            return cls(kind, float(ahead.of(kind)), ahead.gap, pa.table({}), plans, empty, ())
        horizon, gap = float(rows["horizon"][0].as_py()), float(rows["gap"][0].as_py())
        moments = sorted(pc.unique(rows["origin"]).to_pylist())
        when = pc.index_in(rows["origin"].combine_chunks(), pa.array(moments, rows["origin"].type))
        at = when.to_numpy(zero_copy_only=False).astype(np.int64)
        features = np.full((rows.num_rows, width), np.nan)
        for moment in range(len(moments)):
            mine = np.flatnonzero(at == moment)
            features[mine] = matrix(known_of(rows.take(pa.array(mine)), kind, horizon, gap, plans), kind)
        who = rows["customer_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
        past = Past(features, bools(rows, "left_within"), who.astype(np.int64), at)
        return cls(kind, horizon, gap, rows, plans, past, tuple(moments))

    def known_by(self, moment: datetime) -> Bools:
        """Tell of which rows it was known by then what became of them."""
        done = np.array([one + timedelta(days=self.horizon) <= moment for one in self.origins], dtype=np.bool_)
        return np.asarray(done[self.past.when]) if self.origins else np.zeros(0, dtype=np.bool_)

    def taught(self, moment: datetime, present: Floats | None = None) -> Leaving:
        """Return the model that could be learned by then."""
        return learn(self.past.some(self.known_by(moment)), priors(self.kind, len(self.plans)), present)

    def known(self, signs: pa.Table) -> Known:
        """Return the columns of `leaving_signs` of customers of this kind."""
        return known_of(signs, self.kind, self.horizon, self.gap, self.plans)


def bools(table: pa.Table, name: str) -> Bools:
    """Return a column as truth values, empty ones false."""
    return np.asarray(pc.fill_null(table[name], False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _usual(table: pa.Table) -> tuple[str, ...]:
    """Return the most frequent plans, by name."""
    counted = [(-one["counts"], one["values"]) for one in pc.value_counts(table["plan"]).to_pylist() if one["values"]]
    return tuple(sorted(name for _, name in sorted(counted)[:PLANS]))


def stages(known: Known, kind: str) -> Ints:
    """Return the place in `STAGES` of each customer."""
    if kind == CONTRACT:
        return np.full(known["running"].size, STAGES.index("contract"))
    return np.asarray(np.select([known.new, known.once], [0, 1], 2), dtype=np.int64)


STAGES = ("new", "one-time", "repeat", "contract")


def capacity(per_month: int | None, horizon: float, customers: float) -> float:
    """Return the share of the customers that can be worked before the horizon is over."""
    share = WORKED if per_month is None else per_month / max(customers, 1.0)
    return min(MOST_WORKED, share * horizon / MONTH)


def colours(odds: Floats, on: Floats) -> Ints:
    """Return places in `BANDS`: red is on the list with at least three times the odds of the base."""
    return np.where((on >= 1) & (odds >= RED_ODDS), 2, np.where(odds >= YELLOW_ODDS, 1, 0))


def reasons(model: Leaving, rows: Floats, known: Known, kind: str, plans: Sequence[str]) -> list[pa.Array]:
    """Return in words the three features that move each risk most away from the average customer's."""
    features = FEATURES[kind]
    place = {one.id: i for i, one in enumerate(features)}
    moved = model.contributions(rows)
    for i, one in enumerate(features):
        if one.part_of:
            moved[:, place[one.part_of]] += moved[:, i]
            moved[:, i] = 0.0
    largest = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :REASONS]
    standard = model.standard(rows)
    found = []
    for rank in range(REASONS):
        column, text = largest[:, rank], np.full(rows.shape[0], None, dtype=object)
        for feature in np.unique(column):
            mine = np.flatnonzero((column == feature) & (np.abs(moved[np.arange(len(column)), column]) > LEAST_SAID))
            text[mine] = _words(int(feature), standard[mine, feature] > 0, known, kind, plans, mine)
        found.append(pa.array(text, pa.string()))
    return found


LEAST_SAID = 0.05
"""Log odds below which a feature is no reason."""


def _words(feature: int, more: Bools, known: Known, kind: str, plans: Sequence[str], rows: Ints) -> Texts:
    features = FEATURES[kind]
    if feature >= len(features):
        plan = plans[feature - len(features)]
        return np.where(more, f"has the plan {plan}", f"does not have the plan {plan}").astype(object)
    one = features[feature]
    if one.shown is None:
        return np.where(more, one.more, one.less).astype(object)
    decimals = 0 if one.unit else 1
    whole = np.round(np.nan_to_num(one.shown(known)[rows]) * 10**decimals).astype(np.int64)
    kinds, place = np.unique(2 * whole + more, return_inverse=True)
    told = [
        (one.more if k % 2 else one.less).replace("{}", _counted(int(k // 2), one.unit, decimals))
        for k in kinds.tolist()
    ]
    return np.array(told, dtype=object)[place]


ONE = {"days": "1 day", "hours": "1 hour", "times": "once", "features": "1 feature"}


def _counted(number: int, unit: str, decimals: int) -> str:
    """Return a number with its unit: one of it by its own word."""
    if decimals:
        return f"{number / 10**decimals:.{decimals}f}"
    return ONE[unit] if number == 1 else f"{number} {unit}"
