"""Customers whose rates of buying and leaving are known, and real ones, for the tests of the models of buying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rapport.models.buying.purchase_days import PurchaseDays, purchase_days
from tests.importing import needs

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Buyers:
    """Simulated customers: repeats and recency at their age, whether they are still active, what they bought after.

    when : times of all repeats until the customers' ages, in no order of customers.
    """

    x: Floats
    t_x: Floats
    age: Floats
    active: NDArray[np.bool_]
    after: Floats
    when: Floats


def buyers(model: str, parameters: tuple[float, ...], age: Floats, horizon: float, rng: np.random.Generator) -> Buyers:
    """Return customers who behave just as a model says: "BG/NBD", "MBG/NBD", "Pareto/NBD" or "NBD".

    Each purchase is drawn, one after the other, until age + horizon; nothing of the models' mathematics is used.
    """
    n = age.size
    r, alpha, *rest = parameters
    rate = rng.gamma(r, 1 / alpha, n)
    gone, chance = np.full(n, np.inf), np.zeros(n)
    if model == "Pareto/NBD":
        gone = rng.exponential(1 / rng.gamma(rest[0], 1 / rest[1], n))
    elif model != "NBD":
        chance = rng.beta(rest[0], rest[1], n)
    if model == "MBG/NBD":
        gone[rng.random(n) < chance] = 0.0
    x, t_x, after, now = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    who, when = np.arange(n), []
    while who.size:
        now[who] += rng.exponential(1 / np.maximum(rate[who], 1e-12))
        who = who[(now[who] <= age[who] + horizon) & (now[who] <= gone[who])]
        early = who[now[who] <= age[who]]
        x[early] += 1
        t_x[early] = now[early]
        when.append(now[early])
        after[who[now[who] > age[who]]] += 1
        left = who[rng.random(who.size) < chance[who]]
        gone[left] = now[left]
    return Buyers(x, t_x, age, gone > age, after, np.concatenate(when))


def cdnow_summary() -> tuple[Floats, Floats, Floats, Floats]:
    """Return repeats, recency, age (weeks) and mean spend of the 2,357 customers on whom the papers fitted."""
    table = pq.read_table(needs("cdnow") / "cdnow_summary_with_transactions.parquet")
    x, t_x, age, spend = (table[name].to_numpy().astype(np.float64) for name in ("x", "t_x", "T", "zbar"))
    return x, t_x, age, spend


def cdnow_days() -> PurchaseDays:
    """Return the purchase days of all 23,570 customers; day 0 is 1997-01-01."""
    table = pq.read_table(needs("cdnow") / "cdnow_master.parquet")
    return purchase_days(_numbered(table["customer_id"]), _days(table["date"], date(1997, 1, 1)))


def online_retail_days() -> PurchaseDays:
    """Return the days with an invoice that is no cancellation; day 0 is 2010-12-01."""
    table = pq.read_table(needs("online_retail") / "online_retail.parquet")
    frame = table.select(["InvoiceNo", "Quantity", "UnitPrice", "CustomerID", "InvoiceDate"]).to_pandas()
    frame = frame[frame.CustomerID.notna() & ~frame.InvoiceNo.str.startswith("C")]
    frame = frame[(frame.Quantity > 0) & (frame.UnitPrice > 0)]
    return purchase_days(_numbered(frame.CustomerID), _days(frame.InvoiceDate, date(2010, 12, 1)))


def _numbered(names: object) -> NDArray[np.intp]:
    return np.unique(np.asarray(names), return_inverse=True)[1]


def _days(when: object, first: date) -> NDArray[np.int64]:
    return (np.asarray(when).astype("datetime64[D]") - np.datetime64(first)).astype(np.int64)
