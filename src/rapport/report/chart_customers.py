"""Draws how scores are spread, how well a forecast is calibrated, and what is at risk of a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from rapport.report import words
from rapport.report.chart_words import measured
from rapport.report.scales import ticks
from rapport.report.shown import in_attribute
from rapport.report.trace import path_of
from rapport.report.units import say

Entry = Mapping[str, Any]
WIDTH, HEIGHT = 340, 178
FLOOR, TOP = 150, 24
SIDE = 8
SQUARE, START, LOW, HIGH = 284, 44, 240, 26
COUNT = "tick count"


def spread(bins: Sequence[Entry]) -> Markup:
    """Return how many customers have which score as a picture: the area of a bar is how many they are."""
    first, last = float(bins[0]["from"]), float(bins[-1]["to"])
    known = [b for b in bins if b["customers"]]
    dense = [b["customers"] / (b["to"] - b["from"]) for b in known]
    most = max(dense, default=1.0)

    def x(score: float) -> float:
        return round(SIDE + (score - first) / (last - first) * (WIDTH - 2 * SIDE), 1)

    parts = [f'<path class="track" d="M{SIDE} {FLOOR}H{WIDTH - SIDE}"/>']
    for one, height in zip(known, dense, strict=True):
        left, right = x(one["from"]) + 1, x(one["to"]) - 1
        top = round(FLOOR - max(1.5, height / most * (FLOOR - TOP)), 1)
        count = say(one["customers"], COUNT)
        parts.append(f'<path class="bar" d="M{left:g} {FLOOR}V{top:g}H{right:g}V{FLOOR}Z"/>')
        parts.append(_text(count, (left + right) / 2, top - 5, "tick own", "middle", path_of(one["customers"]), COUNT))
    edges = [first, *(float(b["to"]) for b in bins)]
    parts += [_text(f"{edge:g}", x(edge), FLOOR + 17, "tick", "middle") for edge in edges if edge % 20 == 0]
    told = "; ".join(f"{b['from']:g} to {b['to']:g}: {words.count(b['customers'])}" for b in known)
    return _svg(f"Customers by health. {told}.", HEIGHT, parts)


@pass_context
def calibrated(context: Context, bins: Sequence[Entry]) -> Markup:
    """Return what was foretold against what happened as a picture: on the line the forecast was right."""
    currency = str(context.get("currency", ""))
    ends = [v for b in bins for v in (b["foretold"], b["observed"]["high"], b["observed"]["value"]) if v is not None]
    most = min(1.0, max(ends, default=1.0) * 1.06)

    def x(share: float) -> float:
        return round(START + share / most * (WIDTH - START - 12), 1)

    def y(share: float) -> float:
        return round(LOW - share / most * (LOW - HIGH), 1)

    parts = []
    for tick in ticks(0.0, most, "share", 4):
        text = say(tick, "tick share", currency)
        parts.append(f'<path class="track" d="M{START} {y(tick):g}H{WIDTH - 12}"/>')
        parts.append(_text(text, START - 7, y(tick) + 4, "tick", "end"))
        parts.append(_text(text, x(tick), LOW + 17, "tick", "middle"))
    parts.append(f'<path class="even" d="M{x(0):g} {y(0):g}L{x(most):g} {y(most):g}"/>')
    for one in bins:
        seen, at = one["observed"], x(one["foretold"])
        if seen["low"] is not None and seen["high"] is not None:
            parts.append(f'<path class="band" d="M{at:g} {y(seen["low"]):g}V{y(min(seen["high"], most)):g}"/>')
        parts.append(f'<circle class="dot" cx="{at:g}" cy="{y(seen["value"]):g}" r="4"/>')
    parts.append(_text("left", 0, 11, "tick", "start"))
    parts.append(_text("foretold", WIDTH - 12, LOW + 34, "tick", "end"))
    told = "; ".join(f"{say(b['foretold'], 'share')}: {measured(b['observed'], 'share', currency)}" for b in bins)
    return _svg(f"Foretold, and who left. {told}.", SQUARE, parts)


def at_risk(value: float | None, lost: float | None, most: float, width: int = 120) -> Markup:
    """Return a value as a bar and what is at risk of it as a darker one; the numbers stand beside it."""
    if not most or value is None:
        return Markup("")
    bars = [f'<path class="worth" d="M0 6H{_length(value, most, width)}"/>']
    if lost:
        bars.append(f'<path class="lost" d="M0 14H{_length(lost, most, width)}"/>')
    head = f'<svg class="worths" viewBox="0 0 {width} 20" width="{width}" height="20" aria-hidden="true">'
    return Markup(head + "".join(bars) + "</svg>")


def _length(amount: float, most: float, width: int) -> str:
    return f"{max(0.0, amount) / most * width:.1f}".removesuffix(".0")


def _text(text: str, x: float, y: float, style: str, anchor: str, path: str = "", unit: str = "") -> str:
    place = f' data-path="{escape(path)}" data-as="{unit}"' if path else ""
    return f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="{anchor}"{place}>{escape(text)}</text>'


def _svg(told: str, height: int, parts: Sequence[str]) -> Markup:
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
        f' aria-label="{in_attribute(told)}">{"".join(parts)}</svg>'
    )
