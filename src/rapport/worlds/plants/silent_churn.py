"""Customers of one region fade over four months and say nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.rules import Levers, Plant, Tables
from rapport.worlds.streams import Bools, Floats, Ints

MONTH = 30.4375
FIRST, LAST, FADES = 11.0, 6.0, 4.0
"""Months before the end in which the first and the last begin to fade, and for how many months each does."""
MOMENTS = {"orders": "ordered_at", "usage": "day", "events": "at", "tickets": "opened_at", "referrals": "at"}
"""What customers do themselves, and when."""
ANSWERS = {
    "touches": ("clicked_at", "replied_at", "opened_at"),
    "feedback": ("answered_at", "score", "text"),
}
"""What they answer: the question stays, the answer goes, from the first column's time on."""
BELONGING = {
    "order_lines": ("orders", "order_id"),
    "feedback": ("orders", "order_id"),
    "messages": ("tickets", "ticket_id"),
    "loyalty": ("orders", "order_id"),
}
"""What goes with what does not happen."""


def silent_churn(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let a share `dose` of a region's customers do less and less within four months, and then nothing."""
    since = levers.ago(FIRST)

    def fade(tables: Tables, chance: np.random.Generator) -> Tables:
        customers = tables["customers"]
        n = customers.num_rows
        u = chance.random((n, 2))
        there = np.asarray(pc.equal(customers["region"], plant.scope["region"]))
        early = _seconds(customers["created_at"]) < since
        begins = np.where(there & early & (u[:, 0] < dose), since + u[:, 1] * (FIRST - LAST) * MONTH * DAY, np.inf)
        quiet = _Quiet(customers["customer_id"].combine_chunks(), begins, int(chance.integers(1, 2**31)))
        return dict(quiet.without_signs(tables))

    levers.deeds.append(("silent-churn", fade))
    return since


class _Quiet:
    """When each customer begins to fade (seconds, infinite: never), and which of their days then do not happen."""

    def __init__(self, ids: pa.Array, begins: Floats, seed: int) -> None:
        self.ids, self.begins, self.seed = ids, begins, seed

    def gone(self, table: pa.Table, column: str) -> Bools:
        """Return which rows do not happen: of one day all or none, the later the fewer."""
        who = np.asarray(pc.fill_null(pc.index_in(table["customer_id"], value_set=self.ids), -1), dtype=np.int64)
        at = _seconds(table[column])
        begins = np.where(who >= 0, self.begins[who], np.inf)
        faded = np.where(np.isfinite(begins), (at - begins) / (FADES * MONTH * DAY), 0.0)
        day = at // DAY
        luck = ((who * 2654435761 + day * 40503 + self.seed) * 2246822519 % 2**32) / 2**32
        return np.asarray((faded > 0) & (luck < faded))

    def without_signs(self, tables: Tables) -> Iterator[tuple[str, pa.Table]]:
        """Yield the tables without what does not happen, and without what would have followed from it."""
        lost: dict[str, pa.Array] = {}
        kept = dict(tables)
        for name, column in MOMENTS.items():
            if name not in tables or "customer_id" not in tables[name].column_names:
                continue
            away = pa.array(self.gone(tables[name], column))
            if name in ("orders", "tickets"):
                lost[name] = tables[name].filter(away)[f"{name[:-1]}_id"].combine_chunks()
            kept[name] = tables[name].filter(pc.invert(away))
        for name, (of, key) in BELONGING.items():
            if name in kept and of in lost and key in kept[name].column_names:
                follows = pc.fill_null(pc.is_in(kept[name][key], value_set=lost[of]), False)
                kept[name] = kept[name].filter(pc.invert(follows))
        if "tickets" in kept and "orders" in lost and "order_id" in kept["tickets"].column_names:
            follows = pc.fill_null(pc.is_in(kept["tickets"]["order_id"], value_set=lost["orders"]), False)
            kept["tickets"] = kept["tickets"].filter(pc.invert(follows))
        for name, columns in ANSWERS.items():
            if name in kept:
                kept[name] = self._unanswered(kept[name], columns)
        return iter(kept.items())

    def _unanswered(self, table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
        away = pa.array(self.gone(table, columns[0]))
        for column in columns:
            if column in table.column_names:
                place = table.column_names.index(column)
                empty = pa.scalar(None, table.schema.field(column).type)
                table = table.set_column(place, column, pc.if_else(away, empty, table[column]))
        return table


def _seconds(times: pa.ChunkedArray) -> Ints:
    """Return times or days as seconds; those that are empty lie before all others."""
    whole = times.cast(pa.timestamp("s")) if pa.types.is_date(times.type) else times.cast(pa.timestamp("s", "UTC"))
    return np.asarray(pc.fill_null(whole.cast(pa.int64()), 0), dtype=np.int64)


SUBSCRIPTION = Plant(
    "silent-churn",
    world="subscription",
    dose=0.15,
    unit="share that fades",
    says="some accounts in the north use it less and less within four months, then not at all, and say nothing",
    scope={"region": "north"},
    apply=silent_churn,
)

SHOP = SUBSCRIPTION.elsewhere(
    "shop",
    says="some customers in the north buy less and less within four months, then nothing, and say nothing",
    scope={"region": "north"},
    dose=0.15,
)
