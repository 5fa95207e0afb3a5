"""What forecasts of the newest part of the record are made of, whatever is foretold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from rapport.core.table import Type
from rapport.measures.estimate import ARROW_TYPES, Field

FIELDS = (
    Field("row_id", Type.TEXT, "kind, what and name"),
    Field("kind", Type.TEXT, "shop: purchase days are foretold; contract: customers still there at the end"),
    Field(
        "what", Type.TEXT, "model, baseline, repeats (by how often customers had come back), origin (an earlier one)"
    ),
    Field("name", Type.TEXT, "the model, the rule, the repeats, the origin"),
    Field("origin", Type.DAY, "the first day that was held back"),
    Field("horizon_days", Type.NUMBER, "for how many days it was foretold"),
    Field("customers", Type.COUNT, "customers of whom it was foretold"),
    Field("actual", Type.NUMBER, "what they did"),
    Field("foretold", Type.NUMBER, "what was foretold"),
    Field("low", Type.NUMBER, "lower limit of the forecast"),
    Field("high", Type.NUMBER, "upper limit of the forecast"),
    Field("deviance", Type.NUMBER, "how far it was off customer by customer (Poisson; of contracts Bernoulli)"),
    Field(
        "missed", Type.NUMBER, "squared error of the total on the log scale, less what chance explains; may be below 0"
    ),
)


def wrong_by(missed: Sequence[float]) -> tuple[float, int]:
    """Return by how much totals were wrong beyond chance, as a standard error of their logarithm, and from how many."""
    return (math.sqrt(max(0.0, sum(missed) / len(missed))), len(missed)) if missed else (0.0, 0)


def held_back(rows: Sequence[Mapping[str, Any]], kind: str, origin: date, days: float) -> pa.Table:
    """Return rows with what they hold as a table of these columns; `origin` is the first day held back."""
    full = [
        {"kind": kind, "origin": origin, "horizon_days": days, "row_id": f"{kind}/{r['what']}/{r['name']}", **r}
        for r in rows
    ]
    return pa.table({f.name: pa.array([r.get(f.name) for r in full], ARROW_TYPES[f.type]) for f in FIELDS})
