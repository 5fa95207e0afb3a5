"""Foretells from an earlier day how many contracts last, and compares with what happened."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.core.declarations import Economics
from rapport.measures.contracts_expected import Leaving, learn, outlook
from rapport.models.hazard import Floats

MODEL = "hazard by age and plan"
ALIKE = "everyone alike"
SHOWN = ("customers", "actual", "foretold", "deviance", "missed")
Row = dict[str, Any]
View = tuple[pa.Table, pa.Table]
"""The tables `contracts` and `contract_risks` as of one moment."""


def foretell(views: list[View], months: int, economics: Economics) -> tuple[Row, ...]:
    """Return how the customers still there after so many months were foretold, at each of several past moments.

    views : now first, each the same time of so many months before the one in front of it.
    """
    runs = [
        run for (later, _), (then, risks) in pairwise(views) if (run := _run(later, then, risks, months, economics))
    ]
    if not runs:
        return ()
    newest = runs[0]
    half = 1.96 * math.sqrt(newest["noise"])
    first: Row = {
        "what": "model",
        "name": MODEL,
        "low": newest["foretold"] * math.exp(-half),
        "high": min(newest["foretold"] * math.exp(half), float(newest["customers"])),
        **{name: newest[name] for name in SHOWN},
    }
    same = {"what": "baseline", "customers": newest["customers"], "actual": newest["actual"]}
    earlier = [
        {"what": "origin", "name": f"{k} × {months} months ago", **{name: run[name] for name in SHOWN}}
        for k, run in enumerate(runs[1:], start=2)
    ]
    return (first, *({**same, **plain} for plain in newest["plain"]), *earlier)


def _run(later: pa.Table, then: pa.Table, risks: pa.Table, months: int, economics: Economics) -> Row | None:
    """Return one forecast and what came of it; None where nothing was running, or too little was known.

    `missed` is of what those still there pay a month, since that is what a contract is worth.
    """
    running = then.filter(then["running"])
    leaving = learn(risks)
    if not running.num_rows or leaving is None:
        return None
    left_over = later.filter(later["running"])
    place = pc.index_in(running["customer_id"], left_over["customer_id"].combine_chunks())
    there = np.asarray(pc.is_valid(place).to_numpy(), dtype=np.float64)
    paying = there * left_over["mrr"].to_numpy()[pc.fill_null(place, 0).to_numpy()] if left_over.num_rows else there
    expected = outlook(leaving, running, months, economics)
    p, odds_error = expected.course.staying[expected.row], expected.course.staying_errors[expected.row]
    alone = np.ones(p.size)
    price = running["mrr"].to_numpy().astype(np.float64) * (1 + leaving.growth) ** months
    total, actual = float(p.sum()), float(there.sum())
    return {
        "customers": int(running.num_rows),
        "actual": actual,
        "foretold": total,
        "deviance": _deviance(there, p),
        "noise": _noise(p, odds_error, alone),
        "missed": _missed(float(paying.sum()), float(price @ p), _noise(p, odds_error, price)),
        "plain": _plain(leaving, there, months),
    }


def _noise(p: Floats, odds_error: Floats, weight: Floats) -> float:
    """Return the squared relative error of Σ weight·stays that parameters and customers' chance explain."""
    common, chance = float((weight * p * (1 - p)) @ odds_error), float((weight**2 * p) @ (1 - p))
    return (common**2 + chance) / float(weight @ p) ** 2


def _missed(actual: float, foretold: float, noise: float) -> float | None:
    return math.log(actual / foretold) ** 2 - noise if actual > 0 else None


def _plain(leaving: Leaving, there: Floats, months: int) -> list[Row]:
    """Return what one monthly rate for everybody would have foretold."""
    rate = float(leaving.hazard.ended.sum()) / float(leaving.hazard.periods)
    p = np.full(there.size, (1 - rate) ** months)
    return [{"name": ALIKE, "foretold": float(p.sum()), "deviance": _deviance(there, p)}]


def _deviance(there: Floats, p: Floats) -> float:
    inside = np.clip(p, 1e-12, 1 - 1e-12)
    return float(-2 * (there * np.log(inside) + (1 - there) * np.log1p(-inside)).sum())
