"""Tells which of several gaps in the record is the one that the others only follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapport.core.outcome import Test
from rapport.measures.arrivals import Arrivals, Outage, outages
from rapport.measures.cells import Key, key_of
from rapport.measures.trust import CERTAIN

HANGS_ON = {"tickets": "messages", "orders": "payments"}
"""Rows of a table that are lost take others with them."""
Found = Mapping[Key, tuple[Outage, ...]]


def table_of(key: Key) -> Key:
    """Return the key of the table that a part belongs to."""
    return tuple((k, v) for k, v in key if k == "table")


def explained_by(key: Key, worst: Outage, series: Mapping[Key, Arrivals]) -> tuple[dict[str, str], ...]:
    """Return what a gap explains: the table, if all its other rows came as usual; else the parts that miss as much."""
    table = table_of(key)
    if len(key) > 1:
        rest = series[table].without(series[key])
        return (dict(table),) if not any(_overlap(o, worst, rest, series[key]) for o in outages(rest)) else ()
    parts = [k for k in series if len(k) > 1 and table_of(k) == table]
    heads = [k for k in parts if not _left(series[table].without(series[k]), worst, series[table])]
    return () if heads else tuple(dict(k) for k in parts)


def hanging(tests: list[Test], found: Found, series: Mapping[Key, Arrivals]) -> list[Test]:
    """Return the tests, a table's gap explaining that of the rows that hang on it in the same days."""
    worst = {k: min(own, key=lambda o: o.p_value) for k, own in found.items() if own}
    for table, child in HANGS_ON.items():
        at, its = key_of({"table": table}), key_of({"table": child})
        sure = {key_of(t.scope) for t in tests if t.p_value < CERTAIN}
        if {at, its} <= sure and _overlap(worst[at], worst[its], series[at], series[its]):
            echoes = tuple(t.scope for t in tests if t.scope["table"] == child)
            follow = {key_of(s) for t in tests if t.p_value < CERTAIN for s in t.explains}
            heads = [k for k in sure - follow if dict(k)["table"] == table]
            tests = [
                replace(t, explains=(*t.explains, *echoes))
                if key_of(t.scope) in heads
                else replace(t, explains=())
                if t.scope in echoes
                else t
                for t in tests
            ]
    return tests


def _left(rest: Arrivals, worst: Outage, table: Arrivals) -> bool:
    return any(_overlap(o, worst, rest, table) for o in outages(rest))


def _overlap(a: Outage, b: Outage, of_a: Arrivals, of_b: Arrivals) -> bool:
    return of_a.day(a.start) <= of_b.day(b.end) and of_b.day(b.start) <= of_a.day(a.end)
