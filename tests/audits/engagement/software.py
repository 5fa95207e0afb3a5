"""A software company that does not exist: accounts on plans take up features and use them, month by month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tests.stage import Stage

START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
DAYS = (END - START).days
MONTHS = 24
FEATURES = ("tasks", "files", "bills", "export")
USUAL = np.array([0.95, 0.6, 0.5, 0.3])
HAS = {"Basic": (1, 1, 1, 0), "Team": (1, 1, 1, 0), "Pro": (1, 1, 1, 1)}
EARLIER = 400
"""How many days before the record the oldest accounts joined."""


def moment(days: Any) -> Any:
    """Return days since the start as times."""
    return np.datetime64(START, "us") + (np.asarray(days) * 86400e6).astype("timedelta64[us]")


def software(
    seed: int,
    customers: int = 900,
    takes: Callable[..., Any] | None = None,
    uses: Callable[..., Any] | None = None,
    delay: Callable[..., Any] | None = None,
    rate: float = 2.0,
) -> dict[str, pa.Table]:
    """Return customers, subscriptions and use.

    Everybody stays; half were there before the record. `takes` alters the chance (customer by feature) that a feature
    is taken up, `delay` the days until the first use, both given the accounts' columns; `uses` the days a month (given
    the columns, the month and the days, customer by one) that a feature is used on, `rate` where it is None.
    """
    chance = np.random.default_rng(seed)
    plan = chance.choice(list(HAS), customers, p=[0.4, 0.35, 0.25])
    joined = np.where(
        chance.random(customers) < 0.5, -EARLIER * chance.random(customers), 700 * chance.random(customers)
    )
    who = {"plan": plan, "joined": joined}
    likely = np.broadcast_to(USUAL, (customers, len(FEATURES))).copy()
    likely *= np.array([HAS[p] for p in plan])
    likely = takes(likely, who) if takes is not None else likely
    taken = chance.random(likely.shape) < likely
    wait = chance.exponential(12, likely.shape)
    since = joined[:, None] + (delay(wait, who) if delay is not None else wait)
    rows: dict[str, list[Any]] = {"customer": [], "feature": [], "day": []}
    for month in range(MONTHS):
        first = (datetime(2024 + month // 12, month % 12 + 1, 1) - START).days
        often = np.full((customers, 1), rate)
        often = uses(often, who, month, chance) if uses is not None else often
        count = chance.poisson(np.broadcast_to(often, likely.shape))
        day = first + np.floor(28 * chance.random((*likely.shape, 8)))
        there = taken[..., None] & (np.arange(8) < count[..., None]) & (day >= since[..., None])
        place = np.nonzero(there)
        for name, values in zip(rows, (place[0], place[1], day[there]), strict=True):
            rows[name].append(values)
    own, feature, day = (np.concatenate(parts) for parts in rows.values())
    ids = np.array([f"a{i}" for i in range(customers)])
    base = (START.date() - date(1970, 1, 1)).days
    return {
        "customers": pa.table({"customer_id": ids, "created_at": moment(joined), "plan": plan}),
        "subscriptions": pa.table(
            {
                "subscription_id": ids,
                "customer_id": ids,
                "plan": plan,
                "mrr": np.full(customers, 20.0),
                "valid_from": moment(np.maximum(joined, 0.0)),
            }
        ),
        "usage": pa.table(
            {
                "customer_id": ids[own],
                "day": pa.array((base + day).astype(np.int32)).cast(pa.date32()),
                "feature": np.array(FEATURES)[feature],
                "events": np.ones(len(own), dtype=np.int64),
            }
        ),
    }


def software_stage(tables: dict[str, pa.Table]) -> Stage:
    """Return the stage at the end of the two years."""
    return Stage(tables, as_of=END, start=START)
