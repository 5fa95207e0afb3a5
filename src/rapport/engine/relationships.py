"""Says how each customer is: health and its backtest, segments, models, and the lists that leave the audit as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rapport.engine.asking import Asker
from rapport.engine.running import guarded
from rapport.measures.estimate import Estimate

LISTS: Mapping[str, str] = {"customer_list": "customers.parquet"}
"""The measures whose rows are written beside the document, and into which file."""


@dataclass(frozen=True, slots=True)
class Relationships:
    """What the document says of customers one by one; empty where nothing can be said.

    `problems` holds what went wrong, by the name of the table: as with an audit, that is a result and stops nothing.
    """

    health: Mapping[str, Any] = field(default_factory=dict)
    segments: tuple[Mapping[str, Any], ...] = ()
    models: tuple[Mapping[str, Any], ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)


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
        problems=problems,
    )


def _list(asker: Asker, name: str, file: str) -> None:
    if asker.has(name):
        asker.database.export(name, file)
