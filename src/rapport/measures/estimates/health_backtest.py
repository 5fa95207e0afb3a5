"""How healthy customers were at earlier moments, and whether they left: the health held against what happened next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate

Floats = NDArray[np.float64]

MOMENTS, ENOUGH = 6, 60_000
"""Earlier moments that are looked at at most, the newest; as few as two where they hold enough rows."""
THIRDS = ("unwell", "middle", "healthy")
CHANGED = timedelta(days=182)
LEAST = 30


@estimate(
    asks={
        "past": Whole("risk_learning", ("customer_id", "origin", "kind", "plan", "left_within"), "row_id"),
        "health": Whole("health", ("customer_id", "health"), "customer_id"),
        "places": Whole(
            "customer_places", ("customer_id", "region", "acquisition_channel", "has_champion"), "customer_id"
        ),
        "changes": Whole("sponsor_changes", ("customer_id", "left_at"), "row_id"),
    },
    optional=("changes",),
    fields=(
        Field("row_id", Type.TEXT, "the customer and the moment"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("origin", Type.TIME, "the moment as of which the health was measured"),
        Field("kind", Type.TEXT, "shop or contract"),
        Field("health", Type.NUMBER, "0 to 100, as it would have been printed then"),
        Field("third", Type.TEXT, "healthy, middle or unwell, among those of the kind at that moment"),
        Field("looked_healthy", Type.BOOL, "whether they were in the healthier half of the kind at that moment"),
        Field("left_within", Type.BOOL, "whether they left within the horizon of `risk_learning`"),
        Field("plan", Type.TEXT, "the plan of a contract"),
        Field("region", Type.TEXT, "their region, else country"),
        Field("acquisition_channel", Type.TEXT, "how they were won"),
        Field(
            "sponsor", Type.TEXT, "in place, or replaced: a champion left in the half-year before; empty: none known"
        ),
    ),
)
def health_backtest(known: Known) -> Made | CannotTell:
    """One row is a customer at an earlier moment: how healthy they were then, and whether they left within the horizon.

    Health is measured by the same code through the view of that moment, so that nothing later is in it. Thirds and
    halves are among the customers of a kind who could leave. Of many customers it is the part that is learned from.
    """
    now = known.now()
    past, places = now["past"], now["places"]
    if past is None or places is None or not past.num_rows:
        return CannotTell("The record is too young to look back on who left.")
    moments = _moments(past)
    parts = [one for moment in moments if (one := _at(known, moment, past, places, now["changes"])) is not None]
    if not parts:
        return CannotTell("Nobody whose health can be measured could leave at the earlier moments.")
    return Made(pa.concat_tables(parts), {"moments": len(parts)})


def _moments(past: pa.Table) -> list[datetime]:
    """Return the newest moments that together hold enough customers: of many, two say as much as six."""
    counted = past.group_by("origin").aggregate([("customer_id", "count")]).sort_by([("origin", "descending")])
    found: list[datetime] = []
    rows = 0
    for moment, count in zip(counted["origin"].to_pylist(), counted["customer_id_count"].to_pylist(), strict=True):
        if len(found) >= 2 and rows >= ENOUGH:
            break
        found.append(moment)
        rows += count
    return sorted(found[:MOMENTS])


def _at(known: Known, moment: datetime, past: pa.Table, places: pa.Table, changes: pa.Table | None) -> pa.Table | None:
    """Return the rows of one moment."""
    health = known.at(moment)["health"]
    mine = past.filter(pc.equal(past["origin"], pa.scalar(moment, pa.timestamp("us")))).combine_chunks()
    if health is None or not health.num_rows or not mine.num_rows:
        return None
    mine = mine.filter(pc.is_in(mine["customer_id"], health["customer_id"].combine_chunks())).combine_chunks()
    if mine.num_rows < LEAST:
        return None
    who = mine["customer_id"].combine_chunks()
    score = _taken(health, "health", who).to_numpy(zero_copy_only=False)
    place = {name: _taken(places, name, who) for name in ("region", "acquisition_channel", "has_champion")}
    kinds = np.array(mine["kind"].to_pylist(), dtype=object)
    said = pa.array([f"/{kind}/{moment.date().isoformat()}" for kind in kinds.tolist()], pa.string())
    columns: dict[str, Any] = {
        "row_id": pc.binary_join_element_wise(who, said, ""),
        "customer_id": who,
        "origin": mine["origin"].cast(pa.timestamp("us")),
        "kind": mine["kind"].cast(pa.string()),
        "health": np.asarray(score, dtype=np.float64),
        "third": pa.array(np.array(THIRDS, dtype=object)[_part(score, kinds, 3)], pa.string()),
        "looked_healthy": pa.array(_part(score, kinds, 2) == 1),
        "left_within": mine["left_within"].cast(pa.bool_()),
        "plan": mine["plan"].cast(pa.string()),
        "region": place["region"].cast(pa.string()),
        "acquisition_channel": place["acquisition_channel"].cast(pa.string()),
        "sponsor": _sponsor(who, moment, place["has_champion"], changes),
    }
    return pa.table(columns)


def _taken(table: pa.Table, name: str, who: pa.Array) -> pa.Array:
    """Return a column of another table for these customers."""
    return pc.take(table[name].combine_chunks(), pc.index_in(who, table["customer_id"].combine_chunks()))


def _part(score: Floats, kinds: NDArray[Any], parts: int) -> NDArray[np.int64]:
    """Return in which of so many equal parts of their kind customers lie, 0 the worst; equal scores in the lower."""
    found = np.empty(score.size, dtype=np.int64)
    for kind in sorted(set(kinds.tolist())):
        mine = kinds == kind
        worse = np.searchsorted(np.sort(score[mine]), score[mine], side="left")
        found[mine] = parts * worse // int(mine.sum())
    return found


def _sponsor(who: pa.Array, moment: datetime, has_champion: pa.Array, changes: pa.Table | None) -> pa.Array:
    """Return whether a champion had left in the half-year before; unknown where none was ever named."""
    replaced = np.zeros(len(who), dtype=np.bool_)
    if changes is not None and changes.num_rows:
        left = changes["left_at"].cast(pa.timestamp("us"))
        since, until = (pa.scalar(t, pa.timestamp("us")) for t in (moment - CHANGED, moment))
        lately = changes.filter(pc.and_(pc.greater_equal(left, since), pc.less(left, until)))
        replaced = pc.is_in(who, lately["customer_id"].combine_chunks()).to_numpy(zero_copy_only=False)
    words = np.where(replaced, "replaced", "in place").astype(object)
    unknown = ~np.asarray(pc.fill_null(has_champion, False).to_numpy(zero_copy_only=False), dtype=np.bool_)
    return pa.array(words, pa.string(), mask=unknown)
