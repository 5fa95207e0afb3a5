"""Sorts the measures into the questions they answer, and chooses which of them are worth a picture over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.report.gaps import Gap, gaps
from rapport.report.scales import BOUNDED
from rapport.report.units import kind_of

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Customers and what they buy": (
        "customers",
        "customers_active",
        "customers_with_order",
        "orders",
        "revenue",
        "average_order_value",
        "repeat_rate",
        "purchase_interval_median_days",
        "return_rate",
        "revenue_top_decile_share",
        "clv_mean",
        "probability_active_mean",
    ),
    "What customers say": (
        "nps",
        "nps_response_rate",
        "csat",
        "ces",
        "ces_share_easy",
        "sentiment_mean",
    ),
    "How they are answered": (
        "first_reply_minutes_median",
        "first_reply_minutes_p90",
        "first_reply_working_minutes_median",
        "never_answered_share",
        "resolution_hours_median",
        "reopen_rate",
        "sla_met_share",
        "touches_per_customer_week",
        "proactive_share",
    ),
    "What was promised": ("promise_kept_share", "delivery_on_time_share"),
    "Who stays, and what that is worth": (
        "customer_churn_rate",
        "gross_revenue_churn",
        "net_revenue_churn",
        "gross_revenue_retention",
        "net_revenue_retention",
        "mrr",
        "referral_rate",
    ),
}
OTHERS = "Further measures"
FEATURED = (
    "revenue",
    "nps",
    "first_reply_minutes_median",
    "repeat_rate",
    "csat",
    "customer_churn_rate",
    "mrr",
    "resolution_hours_median",
    "promise_kept_share",
    "orders",
    "average_order_value",
    "sla_met_share",
    "reopen_rate",
    "return_rate",
    "customers_active",
    "customers",
)
ENDS = {"nps": (-100.0, 100.0), "ces": (1.0, 7.0)}
MOST_FEATURED = 4
MOST_KEY = 5
LEAST_MONTHS = 6
Metric = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure as a line of the table; `low` and `high` are the ends of the scale its interval is drawn on."""

    metric: Metric
    low: float
    high: float
    part: bool


def groups(metrics: Iterable[Metric]) -> list[tuple[str, list[Row]]]:
    """Return the measures under the questions they answer, wholes before their parts."""
    home = {id_: title for title, ids in GROUPS.items() for id_ in ids}
    place = {id_: i for ids in GROUPS.values() for i, id_ in enumerate(ids)}
    by_id: dict[str, list[Metric]] = {}
    for one in _known(metrics):
        by_id.setdefault(str(one["id"]), []).append(one)
    sorted_into: dict[str, list[Row]] = {title: [] for title in (*GROUPS, OTHERS)}
    for id_ in sorted(by_id, key=lambda i: place.get(i, 99)):
        sorted_into[home.get(id_, OTHERS)] += _rows(by_id[id_])
    return [(title, rows) for title, rows in sorted_into.items() if rows]


def _known(metrics: Iterable[Metric]) -> list[Metric]:
    """Return the measures with a value, and the parts without one of those whose other parts have one."""
    every = [*metrics]
    measured = {str(m["id"]) for m in every if m["value"] is not None}
    return [m for m in every if str(m["id"]) in measured]


def unmeasured(metrics: Sequence[Metric]) -> list[Gap]:
    """Return the measures without any value under what is missing, each once."""
    known = {str(m["id"]) for m in _known(metrics)}
    without = {str(m["id"]): m for m in reversed(metrics) if str(m["id"]) not in known}
    return gaps(reversed(without.values()))


def key_figures(metrics: Sequence[Metric]) -> list[Metric]:
    """Return the few measures that belong on the first page."""
    wholes = {str(m["id"]): m for m in metrics if not m["segment"] and m["value"] is not None}
    return [wholes[id_] for id_ in FEATURED if id_ in wholes][:MOST_KEY]


def _rows(same: Sequence[Metric]) -> list[Row]:
    """Return the lines of one measure and its parts, all on one scale."""
    low, high = _scale(same)
    whole_first = sorted(same, key=lambda m: bool(m["segment"]))
    return [Row(m, low, high, bool(m["segment"]) and not whole_first[0]["segment"]) for m in whole_first]


def _scale(same: Sequence[Metric]) -> tuple[float, float]:
    kind = kind_of(str(same[0]["unit"]))
    seen = [v for m in same for v in (m["value"], m["low"], m["high"]) if v is not None]
    seen += [p["value"] for m in same for p in m["trend"]]
    if str(same[0]["id"]) in ENDS:
        return ENDS[str(same[0]["id"])]
    if kind in BOUNDED and (not seen or max(seen) <= BOUNDED[kind][1]):
        return BOUNDED[kind]
    most = max((abs(v) for v in seen), default=1.0) * 1.15 or 1.0
    return (-most if seen and min(seen) < 0 else 0.0), most


def featured(metrics: Sequence[Metric]) -> list[Mapping[str, Any]]:
    """Return line charts of the few measures that tell most over time."""
    wholes = {str(m["id"]): m for m in metrics if not m["segment"] and len(m["trend"]) >= LEAST_MONTHS}
    return [as_line(wholes[id_]) for id_ in FEATURED if id_ in wholes][:MOST_FEATURED]


def as_line(metric: Metric) -> Mapping[str, Any]:
    """Return a measure over time as a chart."""
    bars = [{"label": p["month"], **{k: p[k] for k in ("value", "low", "high", "n")}} for p in metric["trend"]]
    title = metric["name"] if "month" in str(metric["name"]) else f"{metric['name']}, by month"
    return {"kind": "line", "title": title, "unit": metric["unit"], "bars": bars}


def as_dots(comparison: Metric) -> Mapping[str, Any]:
    """Return a comparison of definitions as a chart: the same cases, a dot for each definition."""
    bars = [{"label": str(v.get("name") or v.get("definition") or ""), **v} for v in comparison.get("values", ())]
    title = comparison.get("name") or comparison.get("title") or comparison.get("id") or ""
    return {"kind": "dots", "title": title, "unit": comparison.get("unit", "number"), "bars": bars}
