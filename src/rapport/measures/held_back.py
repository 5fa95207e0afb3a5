"""What forecasts of the newest part of the record are made of, whatever is foretold."""

from __future__ import annotations

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
    Field("chosen", Type.BOOL, "whether it is the model that foretold best within what was known before"),
    Field("judges", Type.BOOL, "whether it tells the probability to be active where the chosen one cannot"),
    Field("origin", Type.DAY, "the first day that was held back"),
    Field("horizon_days", Type.NUMBER, "for how many days it was foretold"),
    Field("customers", Type.COUNT, "customers of whom it was foretold"),
    Field("actual", Type.NUMBER, "what they did"),
    Field("foretold", Type.NUMBER, "what was foretold"),
    Field("low", Type.NUMBER, "lower limit of the forecast"),
    Field("high", Type.NUMBER, "upper limit of the forecast"),
    Field("deviance", Type.NUMBER, "how far it was off customer by customer (Poisson; of contracts Bernoulli)"),
    Field("log_likelihood", Type.NUMBER, "of a candidate, fitted at the last of the earlier origins"),
    Field("parameters", Type.TEXT, "its parameters then, with intervals, as JSON"),
    Field("lost", Type.NUMBER, "deviance at the earlier origins by which the model was chosen, 2 a parameter added"),
    Field("wrong_by", Type.NUMBER, "by how much totals were wrong beyond chance: standard error of their logarithm"),
    Field("origins", Type.COUNT, "on how many forecasts that rests"),
)


def held_back(rows: Sequence[Mapping[str, Any]], kind: str, origin: date, days: float) -> pa.Table:
    """Return rows with what they hold as a table of these columns; `origin` is the first day held back."""
    full = [
        {"kind": kind, "origin": origin, "horizon_days": days, "row_id": f"{kind}/{r['what']}/{r['name']}", **r}
        for r in rows
    ]
    return pa.table({f.name: pa.array([r.get(f.name) for r in full], ARROW_TYPES[f.type]) for f in FIELDS})
