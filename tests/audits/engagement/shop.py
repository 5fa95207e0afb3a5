"""A shop that does not exist: customers arrive over two years and come back, or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from rapport.core.outcome import Looked, Status
from rapport.models.multiplicity import simes
from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2025, 12, 31)
DAYS = 730
MICROSECONDS = 86400e6


def moment(days: Any) -> Any:
    """Return days since the start as times."""
    return np.datetime64(START, "us") + (np.asarray(days) * MICROSECONDS).astype("timedelta64[us]")


def shop(
    seed: int,
    customers: int = 2400,
    again: float = 0.5,
    change: Callable[..., Any] | None = None,
    discounted: Callable[..., Any] | None = None,
    december: float = 0.0,
    created: bool = False,
) -> dict[str, pa.Table]:
    """Return orders and customers.

    Each customer's first order lies anywhere in the two years (a share `december` of them in December); after each
    order they come back with probability `again`, about 45 days later. `change` may alter that probability, given it,
    the customers' columns, their first day, the day and the number of the order; `discounted` tells which orders are.
    """
    random = np.random.default_rng(seed)
    who: dict[str, Any] = {
        "acquisition_channel": random.choice(["search", "social", "mail"], customers),
        "channel": random.choice(["web", "app"], customers),
        "region": random.choice(["north", "south", "east"], customers),
    }
    first = random.uniform(0, DAYS, customers)
    gifts = int(december * customers)
    first[:gifts] = random.choice([335.0, 700.0], gifts) + random.uniform(0, 30, gifts)
    parts, index, day, number = [], np.arange(customers), first, 1
    while index.size:
        parts.append((index, day, np.full(index.size, number)))
        p = np.full(index.size, again)
        if change is not None:
            p = change(p, {k: v[index] for k, v in who.items()}, first[index], day, number)
        stays = random.random(index.size) < p
        index, day = index[stays], day[stays] + 1 + random.exponential(45, stays.sum())
        index, day, number = index[day < DAYS], day[day < DAYS], number + 1
    index, day, number_of = (np.concatenate([p[i] for p in parts]) for i in range(3))
    orders: dict[str, Any] = {
        "order_id": [f"o{i}" for i in range(index.size)],
        "customer_id": [f"c{i}" for i in index],
        "ordered_at": moment(day),
        "amount": np.round(random.lognormal(3.5, 0.6, index.size), 2),
        "channel": who["channel"][index],
        "region": who["region"][index],
    }
    if discounted is not None:
        columns = {k: v[index] for k, v in who.items()}
        orders["discount"] = np.where(discounted(random, day, number_of, columns), 5.0, 0.0)
    people: dict[str, Any] = {
        "customer_id": [f"c{i}" for i in range(customers)],
        "acquisition_channel": who["acquisition_channel"],
    }
    if created:
        people["created_at"] = moment(first)
    return {"orders": pa.table(orders), "customers": pa.table(people)}


def on_stage(tables: dict[str, pa.Table]) -> Stage:
    """Return the stage at the end of the two years."""
    return Stage(tables, as_of=END, start=START)


def day(number: float) -> datetime:
    """Return a day of the shop's life."""
    return START + timedelta(days=number)


def worse(outcome: Any) -> list[Any]:
    """Return the tests for the worse, the most certain first."""
    assert isinstance(outcome, Looked), outcome
    return sorted((t for t in outcome.tests if t.status is not Status.GOOD_PRACTICE), key=lambda t: t.p_value)


def is_quiet(outcome: Any) -> bool:
    """Tell whether nothing is claimed."""
    tests = worse(outcome)
    return simes([t.p_value for t in tests]) > 0.05 and tests[0].p_value > 0.001
