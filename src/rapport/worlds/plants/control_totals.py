"""Some rows are in the record twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.rules import Levers, Plant, Tables


def _renamed(table: pa.Table, column: str) -> pa.Table:
    fresh = pc.binary_join_element_wise("R", table[column], "")
    return table.set_column(table.column_names.index(column), column, fresh)


def control_totals(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Repeat a share `dose` of the orders and their lines under new ids."""

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        orders, lines = tables["orders"], tables["order_lines"]
        twice = orders.filter(pa.array(chance.random(orders.num_rows) < dose))
        twice_lines = lines.filter(pc.is_in(lines["order_id"], value_set=twice["order_id"].combine_chunks()))
        more = _renamed(twice, "order_id")
        more_lines = _renamed(_renamed(twice_lines, "order_id"), "order_line_id")
        return {
            **tables,
            "orders": pa.concat_tables([orders, more]),
            "order_lines": pa.concat_tables([lines, more_lines]),
        }

    levers.spoils.append(("control-totals", spoil))
    return None


def payments_twice(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Repeat a share `dose` of the payments under new ids."""

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        payments = tables["payments"]
        twice = payments.filter(pa.array(chance.random(payments.num_rows) < dose))
        return {**tables, "payments": pa.concat_tables([payments, _renamed(twice, "payment_id")])}

    levers.spoils.append(("control-totals", spoil))
    return None


SHOP = Plant(
    "control-totals",
    world="shop",
    dose=0.04,
    unit="share of orders",
    says="some orders are there twice under new ids",
    scope={"table": "orders"},
    apply=control_totals,
)

SUBSCRIPTION = replace(
    SHOP.elsewhere("subscription", says="some payments are there twice under new ids", scope={"table": "payments"}),
    unit="share of payments",
    apply=payments_twice,
)
