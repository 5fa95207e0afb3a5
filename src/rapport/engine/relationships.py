"""Says how each customer is: health and its backtest, segments, models, and the lists that leave the audit as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rapport.core.inputs import Rows
from rapport.engine.asking import Asker
from rapport.engine.running import guarded
from rapport.measures.cells import Sample
from rapport.measures.estimate import Estimate
from rapport.measures.query import Measure

LISTS: Mapping[str, str] = {"customer_list": "customers.parquet"}
"""The measures whose rows are written beside the document, and into which file."""
SHORT_LISTS: Mapping[str, Rows] = {
    "leaving": Rows(
        "value_at_risk",
        "at_risk DESC, customer_id",
        ("customer_id", "segment", "band", "risk", "risk_low", "risk_high", "value", "at_risk", "reason_1", "reason_2"),
        limit=20,
    ),
    "silent": Rows(
        "silence",
        "left_p DESC, customer_id",
        ("customer_id", "last_sign_at", "silent_days", "own_gap_days", "left_p"),
        limit=20,
        where="flagged",
    ),
}
"""What the document names of customers one by one, and no more than these."""


@dataclass(frozen=True, slots=True)
class Relationships:
    """What the document says of customers one by one; empty where nothing can be said.

    `problems` holds what went wrong, by the name of the table: as with an audit, that is a result and stops nothing.
    """

    health: Mapping[str, Any] = field(default_factory=dict)
    segments: tuple[Mapping[str, Any], ...] = ()
    models: tuple[Mapping[str, Any], ...] = ()
    customers: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def looked_at(measures: Mapping[str, Measure]) -> frozenset[str]:
    """Return the names of the measures that `relationships` looks at."""
    estimates = frozenset(name for name, one in measures.items() if isinstance(one, Estimate))
    return estimates.union(LISTS, (asked.measure for asked in SHORT_LISTS.values()))


def relationships(asker: Asker) -> Relationships:
    """Have every estimate made, write the lists into the folder of the audit, and return what is said of customers."""
    problems: dict[str, str] = {}

    def failed(name: str, reason: str, trace: str) -> None:
        problems[name] = reason

    for name, one in asker.measures.items():
        if isinstance(one, Estimate):
            guarded(partial(asker.has, name), partial(failed, name))
    for name, file in LISTS.items():
        guarded(partial(_list, asker, name, file), partial(failed, name))
    said = asker.said
    return Relationships(
        health={**said.get("health", {}), **said.get("risk_backtest", {})},
        segments=tuple(said.get("segments", {}).get("segments", ())),
        models=tuple(model for name in ("prospects", "risk") for model in said.get(name, {}).get("models", ())),
        customers=_customers(asker, failed),
        problems=problems,
    )


def _customers(asker: Asker, failed: Callable[[str, str, str], None]) -> Mapping[str, Any]:
    """Return what else is said of customers: tiers, moves, what the best have in common, what to do, who may leave."""
    segments = {key: said for key, said in asker.said.get("segments", {}).items() if key != "segments"}
    rest: dict[str, Any] = {name: asker.said[name] for name in ("actions", "next_products") if name in asker.said}
    if "silence" in asker.said:
        rest["silence"] = {**asker.said["silence"], **asker.said.get("silence_backtest", {})}
    for name, asked in SHORT_LISTS.items():
        if asked.measure in asker.measures:
            listed = guarded(partial(_rows, asker, asked), partial(failed, asked.measure))
            if listed is not None:
                rest[name] = listed
    return {**segments, **rest}


def _rows(asker: Asker, asked: Rows) -> tuple[Mapping[str, Any], ...] | None:
    if not asker.has(asked.measure):
        return None
    found = asker.answer(asked)
    return found.rows if isinstance(found, Sample) else ()


def _list(asker: Asker, name: str, file: str) -> None:
    if asker.has(name, partly=True):
        asker.database.export(name, file)
