"""How many orders there are, what they bring, what comes back, and whether they arrive in time."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.measures.cells import Cells, Totals
from rapport.measures.metrics.money import Values, by_currency, counted, ratio, ratio_sums
from rapport.models.clustered import mean

COUNTED = "none: counted, not sampled (low = high = value)"
LEAST = 10
DECILE = 0.1
Found = Interval | Mapping[str, Interval] | None


@metric(
    id="orders",
    version=1,
    name="Orders",
    unit="count",
    formula="number of orders whose status is neither cancelled nor returned",
    inclusion="guests included, in the period",
    missing="an order without a status counts as completed",
    least_n=1,
    interval=COUNTED,
    source="Rapport, the customer record",
    inputs={"sales": Sums("sales", (("value", "COUNT(*)"), ("n", "COUNT(*)")), by=(("month",),), where="counts")},
    higher_is_better=True,
    trend_input="sales",
)
def orders(sales: Totals, facts: Facts) -> Interval | None:
    """Count the orders."""
    n = int(sales.total["value"] or 0)
    return counted(n, n)


@metric(
    id="revenue",
    version=1,
    name="Revenue",
    unit="money",
    formula="sum of amounts less sum of refunds, exact to the fourth decimal",
    inclusion="all orders of the period but cancelled ones, guests included; a refund counts in the month of its order",
    missing="an order without an amount brings nothing; without refunds nothing was paid back; currencies apart",
    least_n=1,
    interval=COUNTED,
    source="net sales: gross sales less returns",
    inputs={
        "sales": Sums("sales", (("value", "SUM(revenue)"), ("n", "COUNT(*)")), by=(("month",), ("currency",))),
    },
    higher_is_better=True,
    trend_input="sales",
    needs=("orders.amount",),
)
def revenue(sales: Totals, facts: Facts) -> Found:
    """Add up what orders brought."""
    return by_currency(sales, lambda v: counted(float(v["value"] or 0), v["n"] or 0))


@metric(
    id="average_order_value",
    version=1,
    name="Average order value",
    unit="money",
    formula="mean amount of an order: discount taken off, refunds not",
    inclusion="orders neither cancelled nor returned, guests included, in the period",
    missing="orders without an amount are left out; currencies apart",
    least_n=LEAST,
    interval="Student's t over customers, 95 %",
    source="the field's usual definition: gross sales / orders",
    inputs={
        "amounts": Breakdown("sales", "amount", by=(("month",), ("currency",)), where="counts"),
    },
    higher_is_better=True,
    trend_input="amounts",
    needs=("orders.amount",),
)
def average_order_value(amounts: Cells, facts: Facts) -> Found:
    """Return what an order brings on average."""
    cells = list(amounts.along("currency"))
    if len(cells) < 2:
        return mean(amounts.total, binary=False) if amounts.total.n >= LEAST else None
    return {f"currency={s['currency']}": mean(m, binary=False) for s, m in cells if m.n >= LEAST} or None


@metric(
    id="return_rate",
    version=1,
    name="Return rate",
    unit="share",
    formula="refunds / gross revenue",
    inclusion="orders of the period that were not cancelled, guests included",
    missing="without a refund column it is not known, not 0; currencies apart",
    least_n=LEAST,
    interval="ratio of two sums, customers kept together, Wilson at the effective size, 95 %",
    source="the share of money, not of parcels",
    inputs={
        "money": Sums("spenders", ratio_sums("refunded", "gross"), by=(("currency",),)),
        "monthly": Sums(
            "sales",
            (("value", "CAST(SUM(refunded) AS DOUBLE) / NULLIF(SUM(gross), 0)"), ("n", "COUNT(*)")),
            by=(("month",),),
        ),
    },
    higher_is_better=False,
    trend_input="monthly",
    needs=("orders.refund_amount", "orders.amount"),
)
def return_rate(money: Totals, monthly: Totals, facts: Facts) -> Found:
    """Return the share of the money that was paid back."""

    def one(sums: Values) -> Interval | None:
        each_in_bounds = float(sums["products"] or 0) <= float(sums["bottom_squares"] or 0)
        return ratio(sums, LEAST, share=each_in_bounds and (sums["top"] or 0) <= (sums["bottom"] or 0))

    return by_currency(money, one)


@metric(
    id="revenue_top_decile_share",
    version=1,
    name="Share of revenue from the top tenth of customers",
    unit="share",
    formula="revenue of the tenth of customers with the highest revenue (rounded up) / revenue of all customers",
    inclusion="customers with an order in the period; guests are left out on both sides",
    missing="orders without an amount bring nothing; currencies apart",
    least_n=30,
    interval="linearised Lorenz share over customers (Beach & Davidson), 95 %",
    source="Beach & Davidson (1983), Review of Economic Studies 50:723",
    inputs={
        "spread": Sums(
            "spenders",
            (
                ("all", "SUM(revenue)"),
                ("top", "SUM(CASE WHEN in_top_decile THEN revenue ELSE 0 END)"),
                ("squares", "SUM(CAST(revenue AS DOUBLE) * CAST(revenue AS DOUBLE))"),
                ("above", "SUM(CASE WHEN in_top_decile THEN CAST(revenue - threshold AS DOUBLE) ELSE 0 END)"),
                (
                    "above_squares",
                    "SUM(CASE WHEN in_top_decile THEN CAST(revenue - threshold AS DOUBLE)"
                    " * CAST(revenue - threshold AS DOUBLE) ELSE 0 END)",
                ),
                (
                    "products",
                    "SUM(CASE WHEN in_top_decile THEN CAST(revenue - threshold AS DOUBLE)"
                    " * CAST(revenue AS DOUBLE) ELSE 0 END)",
                ),
                ("n", "COUNT(*)"),
            ),
            by=(("currency",),),
            where="in_top_decile IS NOT NULL",
        )
    },
    needs=("orders.amount", "orders.customer_id"),
)
def revenue_top_decile_share(spread: Totals, facts: Facts) -> Found:
    """Return how much of the revenue a tenth of the customers brings."""
    return by_currency(spread, top_share)


def top_share(v: Values) -> Interval | None:
    """Return the share of the top tenth with its interval.

    Customer i moves the share L by (u_i − L·x_i)/Σx, u_i = max(0, x_i − threshold), up to a constant.
    """
    n, total = int(v["n"] or 0), float(v["all"] or 0)
    if n < 30 or total <= 0:
        return None
    value = float(v["top"]) / total
    squares = v["above_squares"] - 2 * value * v["products"] + value * value * v["squares"]
    centre = (v["above"] - value * total) / n
    se = math.sqrt(max(0.0, squares - n * centre * centre) * n / (n - 1)) / total
    return Interval(value, max(0.0, value - 1.96 * se), min(1.0, value + 1.96 * se), n)


@metric(
    id="delivery_on_time_share",
    version=1,
    name="Deliveries on time",
    unit="share",
    formula="orders delivered by the promised time / orders promised by a time that has passed or that have arrived",
    inclusion="orders of the period that were not cancelled",
    missing="orders without a promised time are left out; promised, past and never delivered is late",
    least_n=LEAST,
    interval="Wilson at the effective size, customers kept together, 95 %",
    source="on time in full, without the in full",
    inputs={"promised": Breakdown("promised_deliveries", "on_time", by=(("month",),))},
    higher_is_better=True,
    trend_input="promised",
    needs=("orders.promised_at", "orders.delivered_at"),
)
def delivery_on_time_share(promised: Cells, facts: Facts) -> Interval | None:
    """Return the share of orders that arrived as promised."""
    return mean(promised.total, binary=True) if promised.total.n >= LEAST else None
