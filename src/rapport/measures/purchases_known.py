"""Reads the tables of who bought when as the models of buying want them: numbered customers and days since 1970."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.models.buying.histories import Floats, Histories, Index, of_customers
from rapport.models.buying.purchase_days import PurchaseDays, purchase_days

DAY = 86400.0


def day_of(moment: datetime) -> float:
    """Return the last day that lies wholly before a moment (naive UTC), in days since 1970."""
    return float(np.ceil(moment.replace(tzinfo=UTC).timestamp() / DAY)) - 1


def numbers(days: pa.ChunkedArray) -> Floats:
    """Return dates as days since 1970."""
    return np.asarray(days.cast(pa.int32()).to_numpy(), dtype=np.float64)


def learning_days(known: pa.Table, later: pa.Table | None = None, end: float = 0.0) -> PurchaseDays:
    """Return the days of purchase of customers numbered in the order of their ids.

    known : `learning_days`; later : the same as known later on, of which the days after `end` are added, of customers
    who are in `known` alone.
    """
    ids = known["customer_id"].combine_chunks()
    who = pc.unique(ids)
    customer, day = _place(ids, who), numbers(known["day"])
    if later is None:
        return purchase_days(customer, day)
    when = numbers(later["day"])
    after = later.filter(pa.array(when > end))
    place = _place(after["customer_id"].combine_chunks(), who)
    same = place >= 0
    return purchase_days(np.concatenate([customer, place[same]]), np.concatenate([day, when[when > end][same]]))


def _place(ids: pa.Array, among: pa.Array) -> Index:
    """Return the place of each id among others, −1 where it is not."""
    return np.asarray(pc.fill_null(pc.index_in(ids, among), -1).to_numpy(), dtype=np.intp)


def histories_of(buyers: pa.Table, end: float) -> tuple[Histories, Index]:
    """Return the distinct histories of `buyers` at the end of a day, and the row of each."""
    first, last = numbers(buyers["first_day"]), numbers(buyers["last_day"])
    return of_customers(buyers["repeats"].to_numpy(), last - first, end - first)
