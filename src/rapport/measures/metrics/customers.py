"""How many customers there are, how many live, come back, and tell others."""

from __future__ import annotations

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums, Times
from rapport.core.interval import Interval
from rapport.measures.cells import Cells, TimeCells, Totals
from rapport.measures.metrics.money import counted
from rapport.models.clustered import mean

COUNTED = "none: counted, not sampled (low = high = value)"
LEAST = 10


@metric(
    id="customers",
    version=1,
    name="Customers",
    unit="count",
    formula="number of distinct customer ids",
    inclusion="every id that any table of the record names before the cut-off, with or without an order; no guests",
    missing="rows without a customer id belong to no customer",
    least_n=1,
    interval=COUNTED,
    source="Rapport, the customer record",
    inputs={"named": Sums("known_customers", (("value", "COUNT(*)"),))},
)
def customers(named: Totals, facts: Facts) -> Interval | None:
    """Count everyone whom the record knows."""
    n = int(named.total["value"] or 0)
    return counted(n, n) if n else None


@metric(
    id="customers_active",
    version=1,
    name="Active customers",
    unit="count",
    formula="customers with an order or use of the product in the last 365 days, or a paid subscription that runs",
    inclusion="all customers; orders neither cancelled nor returned; subscriptions at a price above 0",
    missing="a record without orders, subscriptions and usage cannot say who is active",
    least_n=1,
    interval=COUNTED,
    source="the twelve months of listed online retailers (Zalando, Wayfair: active customers)",
    inputs={
        "known": Sums("known_customers", (("value", "SUM(CASE WHEN active THEN 1 ELSE 0 END)"), ("n", "COUNT(active)")))
    },
    higher_is_better=True,
    needs=("orders.ordered_at|subscriptions.valid_from|usage.day",),
)
def customers_active(known: Totals, facts: Facts) -> Interval | None:
    """Count the customers whose relationship lives."""
    n = int(known.total["n"] or 0)
    return counted(int(known.total["value"]), n) if n else None


@metric(
    id="customers_with_order",
    version=1,
    name="Customers with an order",
    unit="count",
    formula="number of distinct customers with at least one order",
    inclusion="orders neither cancelled nor returned, in the period; guests are no customers",
    missing="orders without a customer id are guests'",
    least_n=1,
    interval=COUNTED,
    source="Rapport, the customer record",
    inputs={
        "buyers": Sums("spenders", (("value", "COUNT(*)"),), where="leads AND orders >= 1 AND customer_id IS NOT NULL")
    },
)
def customers_with_order(buyers: Totals, facts: Facts) -> Interval | None:
    """Count the customers who ordered."""
    n = int(buyers.total["value"] or 0)
    return counted(n, n)


@metric(
    id="repeat_rate",
    version=1,
    name="Repeat rate",
    unit="share",
    formula="customers with two or more orders / customers with one or more",
    inclusion="orders neither cancelled nor returned, in the period; no guests; two orders of one day are two",
    missing="orders without a customer id are left out",
    least_n=LEAST,
    interval="Wilson, 95 %",
    source="the field's usual definition; young customers have had less time, which `repeat-purchase` allows for",
    inputs={"buyers": Breakdown("spenders", "orders >= 2", where="leads AND orders >= 1 AND customer_id IS NOT NULL")},
    higher_is_better=True,
)
def repeat_rate(buyers: Cells, facts: Facts) -> Interval | None:
    """Return the share of buyers who bought more than once."""
    return mean(buyers.total, binary=True) if buyers.total.g >= LEAST else None


@metric(
    id="purchase_interval_median_days",
    version=1,
    name="Median time between orders",
    unit="days",
    formula="median of the times between two successive orders of one customer",
    inclusion="orders neither cancelled nor returned, in the period, of customers with two or more",
    missing="the time since the last order has not ended and is left out: a young record looks quicker than it is",
    least_n=LEAST,
    interval="Woodruff's: the quantiles at the limits of the share below the median, customers kept together, 95 %",
    source="Woodruff (1952), JASA 47:635",
    inputs={
        "below": Breakdown("order_gaps", "below"),
        "middle": Sums("order_gaps", (("value", "MIN(median_days)"), ("n", "COUNT(*)"))),
        "gaps": Times("order_gaps", "gap_seconds", "gap_seconds IS NOT NULL"),
    },
)
def purchase_interval_median_days(below: Cells, middle: Totals, gaps: TimeCells, facts: Facts) -> Interval | None:
    """Return the median days between two orders of a customer."""
    share, curve = mean(below.total, binary=True), gaps.curve()
    if share.n < LEAST or curve is None or share.low is None or share.high is None:
        return None
    value = float(middle.total["value"])
    reach = (share.high - share.low) / 2
    low, high = (curve.quantile(q).value / 86400 for q in (max(0.0, 0.5 - reach), min(1.0, 0.5 + reach)))
    return Interval(value, min(low, value), max(high, value), share.n)


@metric(
    id="referral_rate",
    version=1,
    name="Customers who recommend",
    unit="share",
    formula="active customers with a referral in the last 365 days / active customers",
    inclusion="active as in customers_active; a referral counts whether or not it led to a customer",
    missing="without referrals in the record it is not known, not 0",
    least_n=LEAST,
    interval="Wilson, 95 %",
    source="Rapport; the share of referrers, not of referred customers",
    inputs={"active": Breakdown("known_customers", "referred", where="active")},
    higher_is_better=True,
    needs=("referrals.referrer_id",),
)
def referral_rate(active: Cells, facts: Facts) -> Interval | None:
    """Return the share of active customers who recommended the company."""
    return mean(active.total, binary=True) if active.total.g >= LEAST else None
