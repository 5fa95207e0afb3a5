"""Chooses how a chart is drawn, and what to say where nothing can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from rapport.report.chart_dots import dots
from rapport.report.chart_time import course
from rapport.report.chart_words import alternative
from rapport.report.words import dated, month_index

MOST_DOTS = 10
KINDS = ("dots", "line", "step")


def can_draw(chart: Mapping[str, Any] | None) -> bool:
    """Whether there is a chart of a known kind with something to show."""
    return bool(
        chart
        and chart.get("kind") in KINDS
        and any(bar.get("value") is not None for bar in chart.get("bars") or ())
        and (chart["kind"] == "dots" or len(chart["bars"]) > 1)
    )


def chosen(chart: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the bars that are drawn: of a long comparison the marked ones and the first others, in their order."""
    bars: Sequence[Mapping[str, Any]] = chart["bars"]
    if chart["kind"] != "dots" or len(bars) <= MOST_DOTS:
        return bars
    by_importance = sorted(range(len(bars)), key=lambda i: (not bars[i].get("marked"), i))
    return [bars[i] for i in sorted(by_importance[:MOST_DOTS])]


def cases(chart: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return the fewest and the most cases behind a point of a course; a comparison prints them beside its dots."""
    seen = [bar["n"] for bar in chart["bars"] if bar.get("n") is not None and bar.get("value") is not None]
    return (min(seen), max(seen)) if seen and chart["kind"] != "dots" else None


def each(chart: Mapping[str, Any]) -> str:
    """Return what one point of a course stands for: a month, a quarter, a week, else a point."""
    if chart["kind"] == "step":
        return "at risk"
    labels = [str(bar["label"]) for bar in chart["bars"]]
    if dated(labels):
        return "a week" if "week" in str(chart["title"]) else "a day"
    months = [month_index(label) for label in labels]
    steps = [b - a for a, b in pairwise(m for m in months if m is not None)]
    return {1: "a month", 3: "a quarter"}.get(sorted(steps)[len(steps) // 2] if steps else 0, "a point")


def picture(chart: Mapping[str, Any], currency: str = "") -> Markup:
    """Return the chart as SVG."""
    bars = chosen(chart)
    draw = dots if chart["kind"] == "dots" else course
    return draw(chart, bars, currency, alternative(chart, bars, currency))


def warm() -> None:
    """Draw one chart of each kind, so that the first one of a report is as fast as the others."""
    for kind in KINDS:
        bars = [{"label": f"2011-0{i}", "value": float(i), "low": None, "high": None, "n": i} for i in (1, 2)]
        picture({"kind": kind, "title": "", "unit": "number", "bars": bars, "reference": None})


@pass_context
def drawn(context: Context, chart: Mapping[str, Any]) -> Markup:
    """Draw a chart of the document."""
    return picture(chart, str(context.get("currency", "")))
