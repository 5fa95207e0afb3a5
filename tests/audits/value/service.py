"""A subscription service that does not exist: customers join, change plans, and leave or fail to pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
DAYS = 731.0
STEP = 30.44
PRICE = {"basic": 20.0, "pro": 50.0, "team": 120.0}


def steadily(plan: Any, region: Any, began: Any, now: Any) -> Any:
    """Lose one in forty a month, everywhere and always."""
    return 0.025


def service(
    seed: int, customers: int = 1500, leaving: Callable[..., Any] = steadily, moves: float = 0.01
) -> dict[str, pa.Table]:
    """Return subscriptions and customers; `leaving` is the chance to leave within a month of the subscription."""
    random = np.random.default_rng(seed)
    plan = random.choice(list(PRICE), customers, p=[0.5, 0.3, 0.2])
    region = random.choice(["north", "south"], customers)
    began = np.where(
        random.random(customers) < 0.4, -random.uniform(0, 400, customers), random.uniform(0, DAYS, customers)
    )
    rows: list[tuple[int, str, float, float | None, str | None]] = []
    for i in range(customers):
        now, since, own = float(began[i]), float(began[i]), str(plan[i])
        while True:
            now += STEP
            if now >= DAYS:
                rows.append((i, own, since, None, None))
                break
            if random.random() < leaving(own, region[i], began[i], now):
                reason = "payment_failure" if random.random() < 0.25 else "cancelled"
                rows.append((i, own, since, now - random.uniform(0, 30), reason))
                break
            if random.random() < moves:
                other = "pro" if own == "basic" else "basic"
                rows.append((i, own, since, now, "upgrade" if other == "pro" else "downgrade"))
                own, since = other, now
    ends = [None if r[3] is None else moment(r[3]) for r in rows]
    periods = {
        "period_id": [f"p{k}" for k in range(len(rows))],
        "subscription_id": [f"s{r[0]}" for r in rows],
        "customer_id": [f"c{r[0]}" for r in rows],
        "plan": [r[1] for r in rows],
        "mrr": [PRICE[r[1]] for r in rows],
        "valid_from": [moment(r[2]) for r in rows],
        "valid_to": pa.array(ends, pa.timestamp("us")),
        "end_reason": [r[4] for r in rows],
    }
    people = {"customer_id": [f"c{i}" for i in range(customers)], "region": region}
    return {"subscriptions": pa.table(periods), "customers": pa.table(people)}


def moment(days: float) -> Any:
    """Return days since the start as a time."""
    return np.datetime64(START, "us") + np.timedelta64(int(days * 86400e6), "us")


def service_stage(tables: dict[str, pa.Table]) -> Stage:
    """Return the stage at the end of the two years."""
    return Stage(tables, as_of=END, start=START)
