"""Tells everything an audit knows of one customer: how they are, why, what to do next, and what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rapport.app.verifying.reading import document, not_shared, snapshot_folder, snapshot_id
from rapport.core.errors import InputError, UsageError
from rapport.engine.relationships import LISTS
from rapport.measures.estimate import kept_in
from rapport.record import TABLES
from rapport.store.lookup import ids_in, newest, rows_of

MOST = 20
"""Moments of the timeline."""
CUSTOMERS = LISTS["customer_list"]
TOLD: Mapping[str, tuple[str, ...]] = {
    "orders": ("amount", "status", "channel"),
    "subscriptions": ("plan", "mrr", "end_reason"),
    "payments": ("amount", "status"),
    "tickets": ("topic", "channel", "status"),
    "messages": ("direction", "channel", "text"),
    "touches": ("purpose", "campaign", "channel"),
    "feedback": ("kind", "score", "text"),
    "events": ("name", "channel"),
    "usage": ("feature",),
    "referrals": (),
    "loyalty": ("kind", "points"),
    "deals": ("stage", "amount"),
    "consents": ("purpose", "granted"),
    "tasks": ("action", "outcome"),
    "goals": ("goal",),
}
"""Of each table of the record, what a moment of the timeline says."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, which table says so, and what it says, by the names of its columns."""

    at: datetime
    table: str
    says: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Customer:
    """One relationship as an audit knows it.

    card : the customer's row of `customers.parquet`. products : what they may want next, `list` by `list`. timeline :
    the newest moments, newest first. currency, as_of : of the audit. problems : why the audit could not compute all
    that could be known of its customers.
    """

    card: Mapping[str, Any]
    actions: Sequence[Mapping[str, Any]]
    products: Sequence[Mapping[str, Any]]
    timeline: Sequence[Moment]
    currency: str
    as_of: str
    problems: Sequence[str]


def customer(id_: str, audit: Path) -> Customer:
    """Return what the audit in a folder knows of a customer.

    Parameters
    ----------
    id_ : the customer's id in the record.
    audit : the folder of an audit, or its `audit.json`.

    Raises
    ------
    UsageError
        If nobody has this id, or the audit is one without personal data.
    InputError
        If the audit, its list of customers or its record cannot be read.
    """
    file, _, run = document(audit)
    not_shared(run, file)
    listed = file.parent / CUSTOMERS
    if not listed.is_file():
        raise InputError("is not there", where=str(listed), todo="audit the source again")
    card = rows_of(listed, "customer_id", id_)
    if not card:
        near = get_close_matches(id_, ids_in(listed, "customer_id"), 1)
        todo = f"did you mean {near[0]}?" if near else f"see the ids in {listed}"
        raise UsageError(f"no customer of the audit is called {id_!r}", where="ID", todo=todo)
    return Customer(
        card=card[0],
        actions=_kept(file.parent, "actions", id_),
        products=_kept(file.parent, "next_products", id_),
        timeline=_timeline(snapshot_folder(snapshot_id(run, file), file, None), id_, _moment(run, file)),
        currency=str(run.get("currency") or ""),
        as_of=str(run.get("as_of")),
        problems=sorted({*((run.get("method") or {}).get("problems") or {}).values()}),
    )


def _moment(run: Mapping[str, Any], file: Path) -> datetime:
    try:
        return datetime.fromisoformat(str(run.get("as_of")))
    except ValueError as problem:
        raise InputError("does not say as of when it is", where=str(file), todo="audit the source again") from problem


def _kept(folder: Path, name: str, id_: str) -> list[dict[str, Any]]:
    file = folder / kept_in(name)
    return rows_of(file, "customer_id", id_) if file.is_file() else []


def _timeline(snapshot: Path, id_: str, until: datetime) -> list[Moment]:
    """Return the newest moments over all tables; of the days of use only the last, or they would be all there is."""
    found: list[Moment] = []
    for name, columns in TOLD.items():
        time, who, file = TABLES[name].event, TABLES[name].customer, snapshot / f"{name}.parquet"
        if time is None or who is None or not file.is_file():
            continue
        for row in newest(file, who, id_, time, columns, until, 1 if name == "usage" else MOST):
            says = {c: row[c] for c in columns if row.get(c) is not None}
            found.append(Moment(row["at"], name, says))
    found.sort(key=lambda m: (m.at, m.table), reverse=True)
    return found[:MOST]
