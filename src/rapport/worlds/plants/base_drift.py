"""New buyers with small baskets come in numbers, while every kind of customer buys for more."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.export import MOMENT, money
from rapport.worlds.rules import Levers, Plant, Tables

DEARER = 1.08
CAME_BY = ("acquisition_channel", "acquisition_campaign", "acquired_by")


def base_drift(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let a share `dose` of the other newcomers come by a channel whose buyers take one piece; everybody pays more.

    Prices rise by eight percent with the first of the new buyers, so that the average first order of every channel
    grows, and that of all together falls.
    """
    since = levers.ago(8)

    def come(tables: Tables, chance: np.random.Generator) -> Tables:
        customers = _moved(tables["customers"], plant.scope["acquisition_channel"], since, dose, chance)
        there = pc.equal(customers["acquisition_channel"], plant.scope["acquisition_channel"])
        small = customers.filter(there)["customer_id"].combine_chunks()
        orders, lines = tables["orders"], tables["order_lines"]
        gross_before = _gross(lines, orders["order_id"])
        own = orders.filter(pc.is_in(orders["customer_id"], value_set=small))["order_id"].combine_chunks()
        of_them = pc.is_in(lines["order_id"], value_set=own)
        first = pc.ends_with(lines["order_line_id"], "-1")
        lines = lines.set_column(
            lines.column_names.index("quantity"), "quantity", pc.if_else(of_them, 1.0, lines["quantity"])
        ).filter(pc.or_(first, pc.invert(of_them)))
        late = orders.filter(pc.greater_equal(orders["ordered_at"], pa.scalar(since, pa.int64()).cast(MOMENT)))
        dear = np.asarray(pc.is_in(lines["order_id"], value_set=late["order_id"].combine_chunks()))
        price = np.asarray(lines["unit_price"].cast(pa.float64()))
        price = np.where(dear, np.round(price * DEARER, 2), price)
        lines = lines.set_column(lines.column_names.index("unit_price"), "unit_price", money(price))
        orders = _charged(orders, gross_before, _gross(lines, orders["order_id"]))
        return {**tables, "customers": customers, "orders": orders, "order_lines": lines}

    levers.deeds.append(("base-drift", come))
    return since


def _moved(customers: pa.Table, channel: str, since: int, dose: float, chance: np.random.Generator) -> pa.Table:
    """Return the customers, some of whom came as one of that channel's did."""
    donors = np.flatnonzero(np.asarray(pc.equal(customers["acquisition_channel"], channel)))
    new = np.asarray(pc.greater_equal(customers["created_at"], pa.scalar(since, pa.int64()).cast(MOMENT)))
    moves = new & (chance.random(customers.num_rows) < dose)
    place = np.arange(customers.num_rows)
    if donors.size:
        place = np.where(moves, donors[chance.integers(donors.size, size=place.size)], place)
    for name in CAME_BY:
        if name in customers.column_names:
            taken = customers[name].take(pa.array(place))
            customers = customers.set_column(customers.column_names.index(name), name, taken)
    return customers


def _gross(lines: pa.Table, orders: pa.ChunkedArray) -> np.ndarray:
    """Return what the lines of each order cost."""
    place = np.asarray(pc.index_in(lines["order_id"], value_set=orders.combine_chunks()))
    cost = np.asarray(lines["quantity"]) * np.asarray(lines["unit_price"].cast(pa.float64()))
    return np.round(np.bincount(place, weights=cost, minlength=len(orders)), 2)


def _charged(orders: pa.Table, before: np.ndarray, after: np.ndarray) -> pa.Table:
    """Return the orders at their new cost: discounts at the same rate, refunds of all that was charged."""
    discount = np.asarray(orders["discount"].cast(pa.float64()))
    given = np.round(after * discount / np.maximum(before, 0.01), 2)
    amount = np.round(after - given, 2)
    back = np.asarray(pc.is_valid(orders["refund_amount"]))
    for name, values in (
        ("amount", money(amount)),
        ("discount", money(given)),
        ("refund_amount", money(amount, back)),
    ):
        orders = orders.set_column(orders.column_names.index(name), name, values)
    return orders


SHOP = Plant(
    "base-drift",
    world="shop",
    dose=0.4,
    unit="share of the other newcomers",
    says="buyers of one piece come by social media in the last eight months; in every channel baskets grow",
    scope={"acquisition_channel": "social"},
    apply=base_drift,
)
