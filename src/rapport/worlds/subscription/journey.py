"""How accounts use the software, as the tables of the record: use day by day, and the moments of their journey."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, HOUR
from rapport.worlds.export import moment, stacked, text
from rapport.worlds.streams import Ints, Streams
from rapport.worlds.subscription.life import Life
from rapport.worlds.subscription.using import FEATURES, Used, onboarding


def events(life: Life, streams: Streams) -> pa.Table:
    """Return the steps of the onboarding, the outages that hit accounts, and the logins."""
    return stacked([*_onboarding(life, streams), *_outages(life), *_logins(life)])


def _of(own: NDArray[Any], who: Ints) -> pa.Array:
    """Return the ids of many rows; text that repeats is looked up, not made anew."""
    return pa.DictionaryArray.from_arrays(pa.array(who.astype(np.int32)), text(own)).dictionary_decode()


def usage_rows(own: NDArray[Any], part: Used) -> dict[str, Any]:
    """Return the use of one month."""
    features = pa.DictionaryArray.from_arrays(pa.array(part.feature.astype(np.int32)), pa.array(FEATURES))
    return {
        "customer_id": _of(own, part.who),
        "day": pa.array((part.day // DAY).astype(np.int32)).cast(pa.date32()),
        "feature": features.dictionary_decode(),
        "events": pa.array(part.events),
    }


def _event(own: NDArray[Any], letter: str, who: Ints, at: Ints, name: str, stage: str) -> dict[str, Any]:
    n = len(who)
    return {
        "event_id": [f"{letter}{w:06d}{a}" for w, a in zip(who.tolist(), at.tolist(), strict=True)],
        "customer_id": _of(own, who),
        "at": moment(at),
        "name": text(np.full(n, name)),
        "stage": text(np.full(n, stage)),
        "channel": text(np.full(n, "web")),
        "device": pa.nulls(n, pa.string()),
        "duration_seconds": pa.nulls(n, pa.float64()),
    }


def _onboarding(life: Life, streams: Streams) -> list[dict[str, Any]]:
    rows = []
    for number, (name, who, at) in enumerate(onboarding(streams, life.accounts, life.adoption.slow)):
        seen = (at >= life.edges[0]) & (at < life.contracts.until[who])
        working = at - at % DAY + 7 * HOUR + at % (11 * HOUR)
        rows.append(_event(life.accounts.id, f"B{number}", who[seen], working[seen], name, "onboarding"))
    return rows


def _outages(life: Life) -> list[dict[str, Any]]:
    return [
        {**_event(life.accounts.id, "X", who, at, "outage", "use"), "duration_seconds": pa.array(lasted)}
        for who, at, lasted in life.outages
    ]


def _logins(life: Life) -> list[dict[str, Any]]:
    rows = []
    for part in life.used:
        row = _event(life.accounts.id, "L", part.login_who, part.login_at, "login", "use")
        phone = np.where(part.login_at % 3 == 0, "tablet", "phone")
        row["channel"] = text(np.where(part.mobile, "mobile", "web"))
        row["device"] = text(np.where(part.mobile, phone, "desktop"))
        rows.append(row)
    return rows
