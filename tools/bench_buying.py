"""Times the models of buying and what they are told, against `lifetimes` and an analyst's query in the same run."""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import bench
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.engine.asking import Asker
from rapport.measures.catalogue import measures
from rapport.measures.query import in_order
from rapport.measures.wanted import wanted
from rapport.models.buying.beta_geometric import BG_NBD, MBG_NBD
from rapport.models.buying.expectations import p_active, purchases, worth
from rapport.models.buying.fitting import Fit, fit
from rapport.models.buying.gamma_gamma import fit_spend
from rapport.models.buying.histories import Histories, of_customers
from rapport.models.buying.pareto_nbd import PARETO_NBD

Floats = NDArray[np.float64]
Given = TypeVar("Given")
MONEY = pa.decimal128(18, 4)
# unit of time, its number in the period watched, customers: chosen so that there are few distinct rows, and many
SHOPS = {"weeks, one year": (52, 7), "days, three years": (700, 60)}


def customers(n: int, period: int, wait: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return repeats, recency, age and mean spend of customers who buy and leave as the BG/NBD says."""
    rng = np.random.default_rng(1)
    age = rng.integers(1, period, n).astype(np.float64)
    rate, chance = rng.gamma(0.6, 1 / wait, n), rng.beta(0.8, 2.5, n)
    x, t_x, now, who = np.zeros(n), np.zeros(n), np.zeros(n), np.arange(n)
    while who.size:
        now[who] += rng.exponential(1 / np.maximum(rate[who], 1e-12))
        who = who[now[who] <= age[who]]
        x[who] += 1
        t_x[who] = now[who]
        who = who[rng.random(who.size) >= chance[who]]
    t_x = np.where(x > 0, np.minimum(np.ceil(t_x), age), 0.0)
    return x, t_x, age, np.round(rng.gamma(6.0, 1 / rng.gamma(4.0, 1 / 15, n)), 2) + 0.01


def timed(what: str, work: Callable[[], Given], repeats: int = 3) -> tuple[float, Given]:
    """Return the least processor seconds of a few runs and what the work gave; print them beside the clock's."""
    taken, spent = [], []
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time()
        result = work()
        taken.append(time.perf_counter() - begun)
        spent.append(time.process_time() - used)
    print(f"  {what:<58}{min(taken):8.2f} s ({min(spent):.2f} s of processor)", flush=True)
    return min(spent), result


def everything(
    found: Fit, judge: Fit, rows: Histories, index: NDArray[np.intp], spend: tuple[Floats, Floats]
) -> Floats:
    """Return the limits of P(active) and of the discounted margin of a year, by customer."""
    chance = p_active(found, rows, otherwise=judge)
    bought = purchases(found, rows, 52.0, 0.002)
    model = fit_spend(spend[0][spend[0] > 0], spend[1][spend[0] > 0])
    value = worth(bought.of(index), model.spend(*spend), 0.3)
    low, high = chance.interval()
    return np.stack([low[index], high[index], *value.interval()])


def one_shop(name: str, n: int, theirs: bool) -> None:
    """Print the times of one shop."""
    period, wait = SHOPS[name]
    x, t_x, age, money = customers(n, period, wait)
    rows, index = of_customers(x, t_x, age)
    print(f"{n:,} customers, {name}: {rows.rows:,} distinct rows")
    timed("the distinct rows themselves", lambda: of_customers(x, t_x, age))
    fresh = (rows.x, rows.t_x, rows.age, rows.count)
    mine, found = timed("BG/NBD from the summary", lambda: fit(BG_NBD, Histories(*fresh)))
    _, judge = timed("MBG/NBD from the summary", lambda: fit(MBG_NBD, Histories(*fresh)))
    timed("Pareto/NBD from the summary", lambda: fit(PARETO_NBD, Histories(*fresh)), 1)
    timed(
        "P(active) and value with intervals for all, spend fitted",
        lambda: everything(found, judge, Histories(*fresh), index, (x, money)),
    )
    if theirs:
        against(x, t_x, age, mine)


def against(x: Floats, t_x: Floats, age: Floats, mine: float) -> None:
    """Print the time of `lifetimes` on the same customers and how many times it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter  # type: ignore[import-untyped]

        seconds, _ = timed("lifetimes: BG/NBD", lambda: BetaGeoFitter().fit(x, t_x, age), 1)
    print(f"  {'lifetimes takes this many times as long':<58}{seconds / mine:8.1f}")


def purchases_of(n: int, customers: int) -> pa.Table:
    """Return so many purchases of three years, in the order of time; some are refunded, some returned."""
    rng = np.random.default_rng(1)
    who = np.sort(rng.choice(customers, n, p=(rate := rng.gamma(0.6, 1.0, customers)) / rate.sum()))
    at = rng.integers(0, 3 * 365 * 86400, n)
    order = np.argsort(at, kind="stable")
    amount = np.round(rng.gamma(6.0, 8.0, n), 2)
    refund = np.where(rng.random(n) < 0.03, np.round(amount / 2, 2), 0.0)
    return pa.table(
        {
            "order_id": pc.binary_join_element_wise("O", pa.array(np.arange(n)).cast(pa.string()), ""),
            "customer_id": pc.binary_join_element_wise("C", pa.array(who[order]).cast(pa.string()), ""),
            "ordered_at": pa.array(1_600_000_000 + at[order]).cast(pa.timestamp("s")).cast(pa.timestamp("us")),
            "amount": pa.array(amount).cast(MONEY),
            "refund_amount": pa.array(refund).cast(MONEY),
            "status": pa.array(np.where(rng.random(n) < 0.03, "returned", "completed")),
        }
    )


def summary(n: int, folder: Path) -> None:
    """Print what the histories of all buyers cost, from so many purchases, beside the query of an analyst."""
    source, out = folder / "shop", folder / "out"
    (source / "orders").mkdir(parents=True)
    pq.write_table(purchases_of(n, n // 10), source / "orders" / "orders.parquet", compression="zstd")
    (source / "rapport.toml").write_text('[company]\nname = "Bench"\ncurrency = "EUR"\n', encoding="utf-8")
    print(f"{n:,} purchases")
    query = f"CREATE TABLE answer AS {bench.QUERIES['orders alone'].format(folder=source)}"
    unit, _ = timed("the query of an analyst", lambda: duckdb.connect().execute(query))
    declared, mappings = read_config(source)
    manifest = ingest(source, out, declared=declared, mappings=mappings).manifest
    known = {name: measures()[name] for name in in_order(frozenset({"buyers"}), measures())}

    def histories() -> int:
        record = open_record(manifest, declared, out)
        try:
            Asker(record.database, known, record.filled, record.facts, wanted=wanted(known, ())).has("buyers")
            return record.database.filled("buyers")["*"]
        finally:
            record.database.close()

    spent, buyers = timed("the histories of all buyers", histories)
    print(f"  {f'of {buyers:,} customers, times the query':<58}{spent / unit:8.1f}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--without-lifetimes", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        summary(10 * given.customers, Path(temporary))
    for name in SHOPS:
        one_shop(name, given.customers, not given.without_lifetimes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
