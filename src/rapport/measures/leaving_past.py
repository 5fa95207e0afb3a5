"""Looks back: at which earlier moments customers are looked at, and who of them had left so many days later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.core.declarations import Facts
from rapport.measures.leaving_features import CONTRACT, SHOP, Known, next_renewal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY = 86400.0
JUDGED = 4
"""Earlier moments at which the risk is judged, where the record is old enough."""
APART = 91
"""Days between them: four make a year."""
HORIZON = 91
"""Days within which a contract's leaving is foretold: a quarter."""
LEAST_HORIZON, LEAST_HISTORY = 14, 28
SHARE_OF_RECORD = 3
"""The horizon is at most a third of the record: there must be a time before and a time after an earlier moment."""
GONE = 3
"""Who was silent for so many horizons has left: nothing is foretold of them."""


@dataclass(frozen=True, slots=True)
class Horizons:
    """Days within which leaving is foretold: of shops, of contracts; the typical gap; whether the record cut them."""

    shop: int
    contract: int
    gap: float
    cut: bool

    @property
    def longest(self) -> int:
        """The longer of the two."""
        return max(self.shop, self.contract)

    def of(self, kind: str) -> int:
        """Return that of a kind."""
        return self.shop if kind == SHOP else self.contract


SIGNS = (
    "running",
    "alive_days",
    "silent_days",
    "tenure_days",
    "purchases",
    "bought_28",
    "bought_56",
    "bought_91",
    "bought_182",
    "bought_364",
    "paid",
    "returned",
    "late",
    "items",
    "products",
    "cases",
    "unsolved",
    "repeated",
    "waited_hours",
    "written",
    "responded",
    "unsubscribed",
    "renewal_days",
    "last_score",
    "asked",
    "answered",
    "used_14",
    "used_28",
    "used_56",
    "used_112",
    "features_28",
    "features_112",
    "present_28",
    "present_56",
    "contract_days",
    "mrr",
    "mrr_before",
    "failed",
    "renewed_days",
    "term_days",
)
"""Columns of `leaving_signs` that are numbers."""


def horizons_of(gaps: pa.Table | None, signs: pa.Table, facts: Facts) -> Horizons:
    """Return the horizons of a record from how soon its customers return; see `horizons`."""
    kinds = set(pc.unique(signs["kind"]).to_pylist())
    row = gaps.to_pylist()[0] if gaps is not None and gaps.num_rows else {}
    age = (facts.as_of - facts.record_start).total_seconds() / DAY
    return horizons(row.get("slow_days"), row.get("typical_days"), row.get("record_days") or age, kinds)


def known_of(signs: pa.Table, kind: str, horizon: float, gap: float, plans: Sequence[str] = ()) -> Known:
    """Return the columns of customers of one kind for the features."""
    held = signs["plan"].combine_chunks() if plans else None
    is_plan = tuple(
        np.asarray(pc.fill_null(pc.equal(held, plan), False).to_numpy(zero_copy_only=False), dtype=np.bool_)
        for plan in plans
    )
    return Known({name: numbers(signs, name) for name in SIGNS}, horizon, gap, is_plan)


def can_leave(signs: pa.Table, kind: str, ahead: Horizons) -> Bools:
    """Tell which customers are of a kind and could leave within the horizon."""
    mine = np.asarray(pc.equal(signs["kind"], kind).to_numpy(zero_copy_only=False), dtype=np.bool_)
    if kind == SHOP:
        return np.asarray(mine & (numbers(signs, "silent_days") <= GONE * ahead.shop))
    there = Known({n: numbers(signs, n) for n in ("renewed_days", "term_days")}, ahead.contract, ahead.gap)
    beyond = np.nan_to_num(next_renewal(there), nan=0.0) > ahead.contract
    return np.asarray(mine & (numbers(signs, "running") == 1) & ~beyond)


def horizons(slow: float | None, typical: float | None, record_days: float, kinds: Collection[str]) -> Horizons:
    """Return the horizons: nine in ten who buy again do so within that of a shop; a contract has a quarter."""
    most = max(LEAST_HORIZON, int(record_days // SHARE_OF_RECORD))
    wanted = round(slow) if slow is not None else HORIZON
    shop = max(LEAST_HORIZON, min(wanted, most)) if SHOP in kinds else 0
    contract = min(HORIZON, most) if CONTRACT in kinds else 0
    return Horizons(shop, contract, typical if typical is not None else HORIZON / 3, wanted > most and SHOP in kinds)


def origins(as_of: datetime, record_start: datetime, horizon: int) -> list[datetime]:
    """Return the earlier moments, the newest first, midnights in UTC; none where the record is too young.

    The newest is one horizon before the audit. Four are judged; those before them are there to be learned from.
    """
    newest = datetime.combine((as_of - timedelta(days=horizon)).date(), time())
    room = (newest - record_start).days - max(LEAST_HISTORY, horizon // 2)
    if room < 0:
        return []
    many = JUDGED + -(-horizon // APART)
    apart = min(APART, room // max(many - 1, 1))
    if apart < 7:
        many, apart = 1 + room // 7, 7
    return [newest - timedelta(days=apart * i) for i in range(many)]


def numbers(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers, NaN where it is empty."""
    return np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Happened:
    """Moments of customers in order: `key` is the customer's place times a large number plus the day."""

    customers: pa.Array
    key: Floats

    WIDE = 2.0**20

    @classmethod
    def of(cls, table: pa.Table | None, moment: str) -> Happened:
        """Return the moments in a table, its column `moment` a day or a time."""
        if table is None or not table.num_rows:
            return cls(pa.array([], pa.string()), np.zeros(0))
        code = table["customer_id"].combine_chunks().dictionary_encode()
        when = table[moment].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() / 1e6 / DAY
        place = code.indices.to_numpy(zero_copy_only=False).astype(np.float64)
        return cls(code.dictionary, np.sort(place * cls.WIDE + when))

    def next_after(self, customers: pa.Array, day: float) -> Floats:
        """Return the days from `day` to each customer's next moment at or after it; infinite where there is none."""
        found = pc.index_in(customers, self.customers)
        place = found.cast(pa.float64()).to_numpy(zero_copy_only=False)
        known = np.isfinite(place)
        spot = np.searchsorted(self.key, np.where(known, place, 0) * self.WIDE + day)
        there = self.key[np.minimum(spot, max(self.key.size - 1, 0))] if self.key.size else np.zeros(place.size)
        away = there - np.where(known, place, 0) * self.WIDE - day
        return np.where(known & (spot < self.key.size) & (away >= 0) & (away < self.WIDE / 2), away, np.inf)

    def knows(self, customers: pa.Array) -> Bools:
        """Tell which customers have any moment."""
        return np.asarray(pc.is_in(customers, value_set=self.customers).to_numpy(zero_copy_only=False), dtype=np.bool_)


def since_epoch(moment: datetime) -> float:
    """Return days since 1970."""
    return (moment - datetime(1970, 1, 1)).total_seconds() / DAY
