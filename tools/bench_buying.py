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

ABOUT = """`tools/bench_buying.py` times, all in one run, the least of three, what Rapport is told of buyers and what it
makes of it. The query of an analyst counts the orders of each customer, with their sum, the first and the last, on the
same Parquet, whose purchases are spread evenly over three years; a history is of days of purchase, net of what was
cancelled or returned, with the money of the repeats. The customers of the models buy and leave as the BG/NBD says.

{machine}"""


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


class Page:
    """What took how long, printed as it comes and kept as the lines of a page."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def about(self, what: str) -> None:
        """Begin a table."""
        print(what, flush=True)
        self.lines += ["", f"{what}:", "", "| what | on the clock | of the processor |", "|---|---:|---:|"]

    def timed(self, what: str, work: Callable[[], Given], repeats: int = 3) -> tuple[float, Given]:
        """Return the least processor seconds of a few runs and what the work gave."""
        taken, spent = [], []
        for _ in range(repeats):
            begun, used = time.perf_counter(), time.process_time()
            result = work()
            taken.append(time.perf_counter() - begun)
            spent.append(time.process_time() - used)
        self._row(what, f"{min(taken):.2f} s", f"{min(spent):.2f} s")
        return min(spent), result

    def times(self, what: str, ratio: float) -> None:
        """Say how many times one took of another, by the time of the processor."""
        self._row(what, "", f"{ratio:.1f}")

    def _row(self, what: str, clock: str, processor: str) -> None:
        print(f"  {what:<62}{clock:>12}{processor:>12}", flush=True)
        self.lines.append(f"| {what} | {clock} | {processor} |")


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


def one_shop(page: Page, name: str, n: int, theirs: bool) -> None:
    """Time the models on one shop."""
    period, wait = SHOPS[name]
    x, t_x, age, money = customers(n, period, wait)
    rows, index = of_customers(x, t_x, age)
    page.about(f"{n:,} customers, {name}, {rows.rows:,} distinct histories")
    page.timed("the distinct histories themselves", lambda: of_customers(x, t_x, age))
    fresh = (rows.x, rows.t_x, rows.age, rows.count)
    mine, found = page.timed("BG/NBD fitted to them", lambda: fit(BG_NBD, Histories(*fresh)))
    _, judge = page.timed("MBG/NBD fitted to them", lambda: fit(MBG_NBD, Histories(*fresh)))
    page.timed("Pareto/NBD fitted to them", lambda: fit(PARETO_NBD, Histories(*fresh)), 1)
    page.timed(
        "P(active) and value with intervals for all, spend fitted",
        lambda: everything(found, judge, Histories(*fresh), index, (x, money)),
    )
    if theirs:
        against(page, x, t_x, age, mine)


def against(page: Page, x: Floats, t_x: Floats, age: Floats, mine: float) -> None:
    """Time `lifetimes` on the same customers, and say how many times it takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter  # type: ignore[import-untyped]

        seconds, _ = page.timed("lifetimes: BG/NBD", lambda: BetaGeoFitter().fit(x, t_x, age), 1)
    page.times("lifetimes takes this many times as long", seconds / mine)


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


def summary(page: Page, n: int, folder: Path) -> None:
    """Time the histories of all buyers, from so many purchases, beside the query of an analyst."""
    source, out = folder / "shop", folder / "out"
    (source / "orders").mkdir(parents=True)
    pq.write_table(purchases_of(n, n // 10), source / "orders" / "orders.parquet", compression="zstd")
    (source / "rapport.toml").write_text('[company]\nname = "Bench"\ncurrency = "EUR"\n', encoding="utf-8")
    page.about(f"{n:,} purchases as Parquet")
    query = f"CREATE TABLE answer AS {bench.QUERIES['orders alone'].format(folder=source)}"
    unit, _ = page.timed("the query of an analyst", lambda: duckdb.connect().execute(query))
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

    spent, buyers = page.timed("the histories of all buyers", histories)
    page.times(f"histories of {buyers:,} customers, in queries", spent / unit)


def main() -> int:
    """Print the tables, and keep them on the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--without-lifetimes", action="store_true")
    parser.add_argument("--write", action="store_true", help="keep the result in docs/bench.md")
    given = parser.parse_args()
    page = Page()
    with tempfile.TemporaryDirectory() as temporary:
        summary(page, 10 * given.customers, Path(temporary))
    for name in SHOPS:
        one_shop(page, name, given.customers, not given.without_lifetimes)
    if given.write:
        bench.keep([ABOUT.format(machine=bench.machine()), *page.lines], buyers=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
