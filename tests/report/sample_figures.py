"""The measures of a gift shop that does not exist, with every way in which one can be missing."""

from __future__ import annotations

import math
from typing import Any

from rapport.core.run import TrendPoint
from tests.report.hostile import HOSTILE, LONG, MONTHS


def trend(start: float, drift: float, swing: float, n: int = 400) -> tuple[TrendPoint, ...]:
    points = []
    for i, month in enumerate(MONTHS):
        value = start + drift * i + swing * math.sin(i * (0.3 + start % 1.3)) * (0.4 + (i * 7 % 5) / 4)
        points.append(TrendPoint(month, value, value - swing, value + swing, n + 9 * i))
    return tuple(points)


METRICS: list[tuple[Any, ...]] = [
    ("customers", "Customers", "count", 5942, None, None, 5942, "", ()),
    ("customers_active", "Active customers", "count", 4338, None, None, 4338, "", trend(900, 9, 70)),
    ("orders", "Orders", "count", 22064, None, None, 22064, "", trend(800, 11, 90)),
    ("revenue", "Revenue", "money", 9747748.0, None, None, 22064, "", trend(360000, 3800, 41000)),
    ("average_order_value", "Average order value", "money", 441.79, 431.2, 452.4, 22064, "", trend(430, 0.6, 14)),
    ("repeat_rate", "Repeat purchase", "share", 0.6558, 0.6412, 0.6701, 4338, "", trend(0.62, 0.0016, 0.02)),
    ("purchase_interval_median_days", "Time between orders, median", "days", 27.4, 26.1, 28.9, 17726, "", ()),
    ("return_rate", "Returned revenue", "share", 0.0831, 0.079, 0.0874, 22064, "", trend(0.07, 0.0006, 0.008)),
    ("revenue_top_decile_share", "Revenue from the top tenth", "share", 0.571, 0.549, 0.594, 4338, "", ()),
    ("clv_mean", "Expected margin over 12 months", "money", 318.2, 290.0, 349.9, 4338, "", ()),
    ("nps", "Net promoter score", "points", 31.0, 27.1, 34.9, 1804, "", trend(38, -0.35, 2.6, 60)),
    ("nps_response_rate", "Answered the question", "share", 0.182, 0.174, 0.19, 9912, "", ()),
    ("csat", "Satisfied after a contact", "share", 0.812, 0.8, 0.824, 4110, "", trend(0.84, -0.0012, 0.015)),
    ("ces", "Ease of being served", "score", None, None, None, 12, "", ()),
    ("sentiment_mean", "Sentiment of messages", "number", 0.084, 0.071, 0.097, 18211, "", trend(0.11, -0.001, 0.02)),
    (
        "first_reply_minutes_median",
        "First reply, median",
        "minutes",
        220.0,
        192.0,
        245.0,
        9211,
        "",
        trend(180, 2.2, 16),
    ),
    ("first_reply_minutes_p90", "First reply, nine in ten", "minutes", 1585.0, 1440.0, 1752.0, 9211, "", ()),
    ("never_answered_share", "Never answered", "share", 0.0312, 0.0277, 0.035, 9211, "", ()),
    ("resolution_hours_median", "Solved, median", "hours", 14.6, 13.8, 15.5, 8712, "", trend(13, 0.08, 0.9)),
    ("reopen_rate", "Opened again", "share", 0.094, 0.088, 0.101, 8712, "", ()),
    ("customer_churn_rate", "Customers lost in a year", "share", 0.284, 0.27, 0.299, 3811, "", ()),
    ("net_revenue_retention", "Net revenue retention", "share", 1.031, 1.008, 1.055, 3811, "", ()),
    ("gross_revenue_retention", "Gross revenue retention", "share", 0.843, 0.829, 0.858, 3811, "", ()),
    ("mrr", "Monthly recurring revenue", "money", None, None, None, 0, "", ()),
    ("promise_kept_share", "Promise kept", "share", 0.894, 0.888, 0.9, 11081, "", trend(0.95, -0.003, 0.01)),
    ("promise_kept_share", "Promise kept", "share", 0.712, 0.696, 0.728, 3118, "promise=delivery-48h", ()),
    ("promise_kept_share", "Promise kept", "share", 0.977, 0.97, 0.983, 2102, f"promise={HOSTILE}", ()),
    ("delivery_on_time_share", "Delivered on time", "share", 0.883, None, None, 11081, "", ()),
    ("referral_rate", "Referrals per customer and year", "per customer-year", 0.021, 0.016, 0.027, 4338, "", ()),
    (LONG, "A metric of the company's own", "number", 0.5, 0.4, 0.6, 10, LONG, ()),
]
