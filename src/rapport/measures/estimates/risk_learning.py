"""What was known of customers at earlier moments and what became of them: from this the risk of leaving is learned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.leaving_features import CONTRACT, SHOP
from rapport.measures.leaving_past import (
    SIGNS,
    Bools,
    Floats,
    Happened,
    Horizons,
    can_leave,
    horizons_of,
    numbers,
    origins,
    since_epoch,
)

LEARNED = "learned_from"
ASKED = ("customer_id", "kind", "plan", *SIGNS, "acted_days", "held_days")


@estimate(
    asks={
        "signs": Whole("leaving_signs", (*ASKED, "part"), order="customer_id", where=LEARNED),
        "gaps": Whole("return_gaps", ("typical_days", "slow_days", "record_days"), order="row_id"),
        "bought": Whole("learning_days", ("customer_id", "day"), order="customer_id, day"),
        "ended": Whole("contract_ends", ("customer_id", "ends_at"), order="customer_id, ends_at"),
    },
    optional=("signs", "gaps", "bought", "ended"),
    fields=(
        Field("row_id", Type.TEXT, "the customer and the moment"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("origin", Type.TIME, "the moment, as of which everything else in the row was known"),
        Field("kind", Type.TEXT, "shop or contract"),
        Field("horizon", Type.NUMBER, "days within which leaving is foretold"),
        Field("gap", Type.NUMBER, "typical days from one purchase to the next"),
        Field("left_within", Type.BOOL, "whether they left within the horizon"),
        Field("left_half", Type.BOOL, "whether they left within half of it"),
        Field("left_double", Type.BOOL, "whether they left within twice of it; empty: not known yet"),
        Field(
            "lead_days",
            Type.NUMBER,
            "days from the moment to the last sign of life within the horizon; below 0: before",
        ),
        Field("treated", Type.BOOL, "whether something was done for them within the horizon"),
        Field("held", Type.BOOL, "whether they were held back in that time, to learn from"),
        Field("plan", Type.TEXT, "the plan of a contract"),
        *(Field(name, Type.NUMBER, f"`{name}` of `leaving_signs` at the moment") for name in SIGNS),
    ),
)
def risk_learning(known: Known) -> Made | CannotTell:
    """One row is a customer at an earlier moment: what was known of them then, and whether they left in time.

    Customers of a shop left if they bought nothing within the horizon, the time within which nine in ten return; those
    with a contract if it ended. Only who could leave has a row: not who was silent for three horizons already, nor
    whose next renewal, by the earlier ones, lies beyond the horizon. Of many customers it is a part that depends on
    their ids.
    """
    now = known.now()
    present = now["signs"]
    if present is None or not present.num_rows:
        return CannotTell("Nobody bought or had a contract.")
    ahead = horizons_of(now["gaps"], present, known.facts)
    moments = origins(known.facts.as_of, known.facts.record_start, ahead.longest)
    if not moments:
        return CannotTell("The record is too young to look back on who left.")
    part = present["part"][0].as_py()
    views = {moment: known.at(moment, part)["signs"] for moment in moments}
    views[known.facts.as_of] = present
    bought, ended = Happened.of(now["bought"], "day"), Happened.of(now["ended"], "ends_at")
    parts = []
    for moment in moments:
        view = views[moment]
        for kind, happened in ((SHOP, bought), (CONTRACT, ended)):
            if view is not None and ahead.of(kind) and view.num_rows:
                later = min(views, key=lambda one: abs((one - moment).days - ahead.of(kind)))
                parts.append(_rows(view, kind, moment, ahead, happened, views[later], later, known.facts.as_of))
    table = pa.concat_tables(parts) if parts else None
    if table is None or not table.num_rows:
        return CannotTell("Nobody could leave at the earlier moments.")
    return Made(table, {"origins": len(moments), "horizon_days": {SHOP: ahead.shop, CONTRACT: ahead.contract}})


def _rows(
    view: pa.Table,
    kind: str,
    moment: datetime,
    ahead: Horizons,
    happened: Happened,
    later: pa.Table | None,
    later_at: datetime,
    as_of: datetime,
) -> pa.Table:
    """Return the rows of one kind at one moment."""
    horizon = ahead.of(kind)
    chosen = can_leave(view, kind, ahead)
    if kind == SHOP:
        chosen &= happened.knows(view["customer_id"].combine_chunks())
    mine = view.filter(pa.array(chosen)).combine_chunks()
    customers = mine["customer_id"].combine_chunks() if mine.num_rows else pa.array([], pa.string())
    away = happened.next_after(customers, since_epoch(moment))
    alive, acted, held = _later(customers, later)
    between = (later_at - moment).total_seconds() / 86400
    origin = pa.array([moment] * mine.num_rows, pa.timestamp("us"))
    said = f"/{moment.date().isoformat()}"
    columns: dict[str, Any] = {
        "row_id": pc.binary_join_element_wise(customers, pa.array([said] * mine.num_rows, pa.string()), ""),
        "customer_id": customers,
        "origin": origin,
        "kind": pa.array([kind] * mine.num_rows, pa.string()),
        "horizon": np.full(mine.num_rows, float(horizon)),
        "gap": np.full(mine.num_rows, ahead.gap),
        "left_within": pa.array(_left(kind, away, horizon)),
        "left_half": pa.array(_left(kind, away, horizon / 2)),
        "left_double": _if_known(_left(kind, away, 2 * horizon), moment + timedelta(days=2 * horizon) <= as_of),
        "lead_days": between - alive,
        "treated": pa.array(acted < between),
        "held": pa.array((held < between) & ~(acted < between)),
        "plan": mine["plan"].cast(pa.string()),
    }
    return pa.table(columns | {name: numbers(mine, name) for name in SIGNS})


def _left(kind: str, away: Floats, days: float) -> Bools:
    """Tell who left within so many days, from the days to the next purchase, or to the end of the contract."""
    return np.asarray(away >= days if kind == SHOP else away < days)


def _if_known(left: Bools, known: bool) -> pa.Array:
    return pa.array(left) if known else pa.nulls(left.size, pa.bool_())


def _later(customers: pa.Array, later: pa.Table | None) -> tuple[Floats, Floats, Floats]:
    """Return, as of a later moment, the days since the last sign of life, since they were acted on, and held back."""
    if later is None:
        nothing = np.full(len(customers), np.nan)
        return nothing, nothing, nothing
    found = pc.index_in(customers, later["customer_id"].combine_chunks())
    there = later.select(["alive_days", "acted_days", "held_days"]).take(found)
    alive, acted, held = (numbers(there, name) for name in ("alive_days", "acted_days", "held_days"))
    return alive, acted, held
