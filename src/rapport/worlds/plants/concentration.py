"""One customer grows until the company depends on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.export import MOMENT, MONEY
from rapport.worlds.rules import Levers, Plant, Tables
from rapport.worlds.streams import Ints

MOST = 0.95
YEAR, HALVES = 12, 2


def _ratio(share: float) -> float:
    """Return how many times all others a customer with this share is; nobody is the whole revenue."""
    share = min(share, MOST)
    return share / (1 - share)


def concentration(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let the orders of who buys most, and steadily, grow to a share `dose` of the last year's revenue."""
    since = levers.ago(YEAR)
    months = np.array([levers.ago(back) for back in range(YEAR, -1, -1)])

    def grow(tables: Tables, chance: np.random.Generator) -> Tables:
        orders, lines = tables["orders"], tables["order_lines"]
        lately = pc.greater_equal(orders["ordered_at"], pa.scalar(since, pa.int64()).cast(MOMENT))
        spent = orders.filter(lately).group_by("customer_id").aggregate([("amount", "sum")])
        amounts = np.asarray(spent["amount_sum"].cast(pa.float64()))
        largest = _steadiest(orders, spent["customer_id"].combine_chunks(), months)
        rest = amounts.sum() - amounts[largest]
        factor = max(1, round(_ratio(dose) * rest / amounts[largest]))
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


def _steadiest(orders: pa.Table, customers: pa.Array, months: Ints) -> int:
    """Return the place of the customer whose orders brought most in the weaker half of these months, the best left out.

    The growth is to show from its first month on, and still in the newest half-year, which an audit looks at without
    the customer's best month.
    """
    who = np.asarray(pc.fill_null(pc.index_in(orders["customer_id"], value_set=customers), -1))
    month = np.searchsorted(months, np.asarray(orders["ordered_at"].cast(MOMENT).cast(pa.int64())), side="right") - 1
    counted = (who >= 0) & (month >= 0) & (month < YEAR)
    paid = np.asarray(orders["amount"].cast(pa.float64()))[counted]
    by_month = np.bincount(who[counted] * YEAR + month[counted], paid, len(customers) * YEAR)
    halves = by_month.reshape(len(customers), HALVES, -1)
    return int(np.argmax((halves.sum(axis=2) - halves.max(axis=2)).min(axis=1)))


def contract(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Let the largest account that lasts move to a contract with a share `dose` of the monthly revenue."""
    since = levers.ago(10)

    def grow(tables: Tables, chance: np.random.Generator) -> Tables:
        periods, payments = tables["subscriptions"], tables["payments"]
        moment = pa.scalar(since, pa.int64()).cast(MOMENT)
        lasting = pc.and_(pc.is_null(periods["valid_to"]), pc.less(periods["valid_from"], moment))
        paid = np.asarray(periods["mrr"].cast(pa.float64()))
        largest = int(np.argmax(np.where(np.asarray(lasting), paid, 0.0)))
        rest = paid[np.asarray(pc.is_null(periods["valid_to"]))].sum() - paid[largest]
        factor = pa.scalar(max(2, round(_ratio(dose) * rest / paid[largest])), pa.int64())
        before = periods.slice(largest, 1)
        after = {
            "period_id": pc.binary_join_element_wise(before["period_id"], "more", "-"),
            "mrr": pc.multiply(before["mrr"], factor).cast(MONEY),
            "valid_from": pa.array([since]).cast(MOMENT),
        }
        ended = {
            "valid_to": pa.array([since]).cast(MOMENT),
            "end_reason": pa.array(["upgrade"]),
            "renews_at": pa.array([since]).cast(MOMENT),
        }
        rows = (periods.slice(0, largest), _with(before, ended), _with(before, after), periods.slice(largest + 1))
        its = pc.and_(
            pc.equal(payments["customer_id"], before["customer_id"][0]), pc.greater(payments["due_at"], moment)
        )
        amount = pc.if_else(its, pc.multiply(payments["amount"], factor).cast(MONEY), payments["amount"])
        return {**tables, "subscriptions": pa.concat_tables(rows), "payments": _with(payments, {"amount": amount})}

    levers.deeds.append(("concentration", grow))
    return since


def _with(table: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, values)
    return table


SHOP = Plant(
    "concentration",
    world="shop",
    dose=0.3,
    unit="share of revenue",
    says="one customer grows to a large share of the revenue",
    scope={},
    apply=concentration,
)

SUBSCRIPTION = replace(SHOP.elsewhere("subscription", says=SHOP.says, scope={}), apply=contract)
