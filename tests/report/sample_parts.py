"""Builds the charts, the evidence and the findings of an invented audit."""

from __future__ import annotations

import math
from typing import Any

from rapport.core.canonical import digest, plain
from rapport.core.finding import (
    NOT_ESTABLISHED,
    Action,
    Cause,
    Condition,
    Consequence,
    Criteria,
    Evidence,
    Finding,
    Money,
)
from rapport.core.outcome import Bar, Chart
from tests.report.hostile import HOSTILE, MONTHS, TURNED

SQL = """WITH orders AS (
  SELECT * FROM read_parquet('record/5f0c/orders.parquet') WHERE ordered_at < TIMESTAMP '2011-12-10 00:00:00'
), deliveries AS (
  SELECT order_id, customer_id, region,
         epoch(delivered_at) - epoch(ordered_at) AS seconds
  FROM orders
  WHERE delivered_at IS NOT NULL
)
SELECT region, count(*) AS n, avg(CASE WHEN seconds <= 172800 THEN 1 ELSE 0 END) AS kept
FROM deliveries
GROUP BY region
ORDER BY region"""


def dots(title: str, unit: str, rows: list[tuple[Any, ...]], reference: float | None = None, label: str = "") -> Chart:
    bars = tuple(Bar(n, v, lo, hi, c, m) for n, v, lo, hi, c, m in rows)
    return Chart("dots", title, unit, bars, reference, label)


def course(title: str, unit: str, start: float, drift: float, swing: float, marked: int | None = None) -> Chart:
    bars = []
    for i, month in enumerate(MONTHS):
        value = start + drift * i + swing * math.sin(i * 1.3)
        if i == 7:
            bars.append(Bar(month, None, None, None, 4))
            continue
        half = abs(swing) * 0.9 + abs(start) * 0.01
        bars.append(Bar(month, value, value - half, value + half, 300 + 7 * i, i == marked))
    return Chart("line", title, unit, tuple(bars), start, "level of 2010")


def evidence(chart: Chart | None = None, **words: Any) -> tuple[Evidence, ...]:
    sample = tuple(
        {
            "order_id": f"5{i}0{i}2",
            "customer": ["c-4417", TURNED, "c-0031", HOSTILE][i % 4],
            "region": "north",
            "hours": 51.25 + 7.5 * i,
            "delivered_at": f"2011-11-{10 + i:02d}T14:0{i}:00",
            "complained": i == 2,
        }
        for i in range(6)
    )
    query = Evidence("query", words.get("measure", "deliveries"), SQL, digest(words), words.get("count", 3118), sample)
    if chart is None:
        return (query,)
    return (query, Evidence("chart", query.measure, "", digest(chart), 0, (), plain(chart)))


def finding(
    id_: str,
    title: str,
    *,
    status: str = "nonconforming",
    severity: str = "medium",
    confidence: float = 0.8,
    incident: str = "",
    scope: dict[str, str] | None = None,
    unit: str = "share",
    value: float = 0.712,
    baseline: float = 0.961,
    half: float = 0.016,
    n: int = 3118,
    q: float = 0.0004,
    money: tuple[float, float, float] | None = None,
    chart: Chart | None = None,
    cause: Cause = NOT_ESTABLISHED,
    owner: str = "Logistics",
    statement: str = "",
    also: tuple[str, ...] = (),
    criterion: str = "“Delivered within 48 hours”; 95 % of orders should meet it",
    source: str = "Promise on the home page, declared in rapport.toml",
    least: float = 0.02,
    onset: str | None = "2011-05-04",
) -> Finding:
    audit = id_.split("/")[0]
    effect = value - baseline
    return Finding(
        id=id_,
        audit=audit,
        incident=incident or id_,
        title=title,
        status=status,
        severity=severity,
        confidence=confidence,
        scope=scope or {},
        criteria=Criteria(criterion, source, least, digest([audit, criterion, least])),
        condition=Condition(
            statement=statement
            or "Since the start of May fewer orders than promised arrive in time; elsewhere nothing moved.",
            n=n,
            value=value,
            unit=unit,
            low=value - half,
            high=value + half,
            baseline=baseline,
            effect=effect,
            q_value=q,
            detectable_effect=half * 1.3,
            effect_low=effect - half * 1.1,
            effect_high=effect + half * 1.1,
            shrunk_effect=effect * 0.93,
            onset=onset,
        ),
        cause=cause,
        consequence=Consequence(
            customers=n // 4,
            value=Money(*money) if money else None,
            assumptions=(
                "Customers who waited would have bought again as often as their matches in other regions.",
                "Gross margin 45 % as declared; 12 months; discounted at 10 % a year.",
            )
            if money
            else ("No margin is declared for this; the money cannot be derived.",),
            overlaps=("unanswered/channel=email",) if money and severity == "high" else (),
        ),
        action=Action(
            fix_condition="Call the customers who waited longest this week, the most valuable first.",
            fix_cause="Return the region to the former carrier, or renegotiate its cut-off time.",
            owner=owner,
            effort="small" if severity == "medium" else "medium",
            measure="promise_kept_share",
            retest="Kept share above 95 % on at least 400 orders in the north, tested one-sided at 5 %.",
        ),
        evidence=evidence(chart, count=n),
        also_seen_in=also,
    )
