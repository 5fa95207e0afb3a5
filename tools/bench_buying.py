"""Times the models of buying on a million simulated customers, against `lifetimes` in the same run: ratios."""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rapport.models.buying.beta_geometric import BG_NBD, MBG_NBD
from rapport.models.buying.expectations import p_active, purchases, worth
from rapport.models.buying.fitting import Fit, fit
from rapport.models.buying.gamma_gamma import fit_spend
from rapport.models.buying.histories import Histories, of_customers
from rapport.models.buying.pareto_nbd import PARETO_NBD

Floats = NDArray[np.float64]
Given = TypeVar("Given")
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


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--without-lifetimes", action="store_true")
    given = parser.parse_args()
    for name in SHOPS:
        one_shop(name, given.customers, not given.without_lifetimes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
