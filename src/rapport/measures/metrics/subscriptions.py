"""How many subscribers leave, and how much of what existing ones pay remains."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.measures.cells import Cells, Totals
from rapport.measures.metrics.money import by_currency, counted, ratio, ratio_sums
from rapport.models.clustered import mean

LEAST = 2
Found = Interval | Mapping[str, Interval] | None

MONTH = "the last full month before the cut-off; who joins and leaves within it is in neither count"
YEAR = "customers who paid when the last twelve full months began; later ones are left out"
RATIO = "ratio of two sums over customers, Wilson at the effective size, 95 %"
PLANS = (
    "the end of a period is when it ended, not when it was cancelled; a change of plan is no loss; a price of 0 is no "
    "subscription; currencies apart"
)
GROSS = "churned_mrr + contraction_mrr"
NET = "churned_mrr + contraction_mrr - expansion_mrr - reactivated_mrr"


def _monthly(top: str) -> Sums:
    """Return a share of the revenue at the start, month by month."""
    share = f"CAST(SUM({top}) AS DOUBLE) / NULLIF(SUM(start_mrr), 0)"
    return Sums("subscription_months", (("value", share), ("n", "COUNT(*)")), by=(("month",),))


@metric(
    id="customer_churn_rate",
    version=1,
    name="Customer churn a month",
    unit="share",
    formula="customers lost in the month / customers at its start",
    inclusion=MONTH,
    missing=PLANS,
    least_n=LEAST,
    interval="Wilson, 95 %",
    source="ChartMogul: customer churn rate",
    inputs={
        "newest": Breakdown("subscription_months", "lost", where="months_ago = 0"),
        "monthly": Breakdown("subscription_months", "lost", by=(("month",),)),
    },
    higher_is_better=False,
    trend_input="monthly",
)
def customer_churn_rate(newest: Cells, monthly: Cells, facts: Facts) -> Interval | None:
    """Return the share of subscribers who left in the last full month."""
    return mean(newest.total, binary=True) if newest.total.n >= LEAST else None


@metric(
    id="gross_revenue_churn",
    version=1,
    name="Gross revenue churn a month",
    unit="share",
    formula="(churned + contracted monthly revenue) / monthly revenue at the month's start",
    inclusion=MONTH,
    missing=PLANS,
    least_n=LEAST,
    interval=RATIO,
    source="ChartMogul: gross MRR churn rate (start 100, churn 10, contraction 10: 20 %)",
    inputs={
        "newest": Sums(
            "subscription_months",
            ratio_sums(GROSS, "start_mrr"),
            by=(("currency",),),
            where="months_ago = 0 AND start_mrr > 0",
        ),
        "monthly": _monthly(GROSS),
    },
    higher_is_better=False,
    trend_input="monthly",
)
def gross_revenue_churn(newest: Totals, monthly: Totals, facts: Facts) -> Found:
    """Return the share of revenue lost in the last full month, growth of others left out."""
    return by_currency(newest, lambda sums: ratio(sums, LEAST))


@metric(
    id="net_revenue_churn",
    version=1,
    name="Net revenue churn a month",
    unit="share",
    formula="(churned + contracted − expanded − reactivated monthly revenue) / monthly revenue at the month's start",
    inclusion=MONTH + "; reactivated are those who had left in an earlier month and pay again at its end",
    missing=PLANS,
    least_n=LEAST,
    interval="ratio of two sums over customers, Student's t, 95 %",
    source="ChartMogul: net MRR churn rate (start 100, churn 10, contraction 10, expansion 10: 10 %)",
    inputs={
        "newest": Sums(
            "subscription_months",
            ratio_sums(NET, "start_mrr"),
            by=(("currency",),),
            where="months_ago = 0 AND (start_mrr > 0 OR reactivated_mrr > 0)",
        ),
        "monthly": _monthly(NET),
    },
    higher_is_better=False,
    trend_input="monthly",
)
def net_revenue_churn(newest: Totals, monthly: Totals, facts: Facts) -> Found:
    """Return the share of revenue lost in the last full month, growth of others set against it; below 0 it grew."""
    return by_currency(newest, lambda sums: ratio(sums, LEAST, share=False))


@metric(
    id="gross_revenue_retention",
    version=1,
    name="Gross revenue retention over twelve months",
    unit="share",
    formula="Σ min(monthly revenue at the end, at the start) / Σ monthly revenue at the start",
    inclusion=YEAR,
    missing=PLANS,
    least_n=LEAST,
    interval=RATIO,
    source="SaaS Metrics Standards Board; never above 100 %",
    inputs={"year": Sums("subscription_year", ratio_sums("kept_mrr", "start_mrr"), by=(("currency",),))},
    higher_is_better=True,
)
def gross_revenue_retention(year: Totals, facts: Facts) -> Found:
    """Return how much of a year-old revenue is still there, growth left out."""
    return by_currency(year, lambda sums: ratio(sums, LEAST))


@metric(
    id="net_revenue_retention",
    version=1,
    name="Net revenue retention over twelve months",
    unit="share",
    formula="Σ monthly revenue at the end / Σ monthly revenue at the start, of the same customers",
    inclusion=YEAR,
    missing=PLANS,
    least_n=LEAST,
    interval="ratio of two sums over customers, Student's t, 95 %",
    source="SaaS Metrics Standards Board",
    inputs={"year": Sums("subscription_year", ratio_sums("end_mrr", "start_mrr"), by=(("currency",),))},
    higher_is_better=True,
)
def net_revenue_retention(year: Totals, facts: Facts) -> Found:
    """Return what a year-old revenue has become, growth of the same customers included."""
    return by_currency(year, lambda sums: ratio(sums, LEAST, share=False))


@metric(
    id="mrr",
    version=1,
    name="Monthly recurring revenue",
    unit="money",
    formula="sum of the monthly prices of the subscriptions that run at the cut-off",
    inclusion="paid periods that began before the cut-off and had not ended by then",
    missing=PLANS,
    least_n=1,
    interval="none: counted, not sampled (low = high = value)",
    source="the field's usual definition",
    inputs={
        "spans": Sums(
            "subscription_spans",
            (
                ("value", "SUM(CASE WHEN running THEN mrr ELSE 0 END)"),
                ("n", "SUM(CASE WHEN running THEN 1 ELSE 0 END)"),
            ),
            by=(("currency",),),
        ),
        "monthly": Sums("subscription_months", (("value", "SUM(end_mrr)"), ("n", "COUNT(*)")), by=(("month",),)),
    },
    higher_is_better=True,
    optional=frozenset({"monthly"}),
    trend_input="monthly",
)
def mrr(spans: Totals, monthly: Totals | None, facts: Facts) -> Found:
    """Add up what running subscriptions bring in a month."""
    return by_currency(spans, lambda v: counted(float(v["value"] or 0), v["n"] or 0))
