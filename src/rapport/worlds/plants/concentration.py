"""One customer grows until the shop depends on it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.export import MOMENT, MONEY
from rapport.worlds.rules import Levers, Plant, Tables


def concentration(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let the largest organisation's orders grow to a share `dose` of the last year's revenue."""
    since = levers.ago(12)

    def grow(tables: Tables, chance: np.random.Generator) -> Tables:
        orders, lines = tables["orders"], tables["order_lines"]
        lately = pc.greater_equal(orders["ordered_at"], pa.scalar(since, pa.int64()).cast(MOMENT))
        spent = orders.filter(lately).group_by("customer_id").aggregate([("amount", "sum")])
        amounts = np.asarray(spent["amount_sum"].cast(pa.float64()))
        largest = int(np.argmax(amounts))
        rest = amounts.sum() - amounts[largest]
        factor = max(1, round(dose / (1 - dose) * rest / amounts[largest]))
        its = pc.and_(lately, pc.equal(orders["customer_id"], spent["customer_id"][largest]))
        of_it = pc.is_in(lines["order_id"], value_set=orders.filter(its)["order_id"].combine_chunks())
        for name in ("amount", "discount", "refund_amount"):
            grown = pc.multiply(orders[name], pa.scalar(factor, pa.int64())).cast(MONEY)
            orders = orders.set_column(orders.column_names.index(name), name, pc.if_else(its, grown, orders[name]))
        more = pc.if_else(of_it, pc.multiply(lines["quantity"], float(factor)), lines["quantity"])
        lines = lines.set_column(lines.column_names.index("quantity"), "quantity", more)
        return {**tables, "orders": orders, "order_lines": lines}

    levers.deeds.append(("concentration", grow))
    return since


SHOP = Plant(
    "concentration",
    world="shop",
    dose=0.3,
    unit="share of revenue",
    says="one customer grows to a large share of the revenue",
    scope={},
    apply=concentration,
)
