"""Small drawings inside a line of text or a table: an interval, a course, the sign of how an audit ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from rapport.report import words
from rapport.report.shown import in_attribute
from rapport.report.units import say
from rapport.report.vocabulary import status_word

SIGNS: Mapping[str, str] = {
    "nonconforming": '<circle cx="7" cy="7" r="5.5"/>',
    "opportunity": '<path d="M7 .8 13.2 7 7 13.2.8 7Z"/>',
    "good_practice": '<path d="M7 1.2 13.2 12.4H.8Z"/>',
    "conforming": '<circle cx="7" cy="7" r="4.8"/>',
    "not_assessable": '<circle cx="7" cy="7" r="4.8"/>',
    "error": '<path d="M2.5 2.5l9 9m0-9l-9 9"/>',
}


def sign(status: str) -> Markup:
    """Return the sign of a status; each has a shape of its own, so that it can be told without colour."""
    known = status if status in SIGNS else "not_assessable"
    return Markup(
        f'<svg class="sign {known}" viewBox="0 0 14 14" width="14" height="14"'
        f' role="img" aria-label="{in_attribute(status_word(status))}">{SIGNS[known]}</svg>'
    )


def interval(
    value: float | None,
    low: float | None,
    high: float | None,
    start: float,
    end: float,
    style: str = "",
    width: int = 130,
) -> Markup:
    """Return an interval drawn on the scale from `start` to `end`; its numbers stand in words beside it."""
    inner = width - 12
    span = (end - start) or 1.0

    def at(number: float) -> str:
        return f"{6 + min(max((number - start) / span, 0.0), 1.0) * inner:.1f}".removesuffix(".0")

    parts = [f'<path class="track" d="M6 9H{width - 6}"/>']
    if start < 0 < end:
        parts.append(f'<path class="zero" d="M{at(0)} 4v10"/>')
    if low is not None and high is not None:
        parts.append(f'<path class="band" d="M{at(low)} 9H{at(high)}"/>')
    if value is not None:
        parts.append(f'<circle class="dot" cx="{at(value)}" cy="9" r="4"/>')
    head = f'<svg class="interval {style}" viewBox="0 0 {width} 18" width="{width}" height="18" aria-hidden="true">'
    return Markup(head + "".join(parts) + "</svg>")


def course(points: Sequence[Mapping[str, Any]], unit: str, currency: str = "") -> Markup:
    """Return a measure over time as a line of a table: its course, its band, its last month as a dot."""
    known = [p for p in points if p["value"] is not None]
    if len(known) < 3:
        return Markup("")
    width, height = 116, 30
    ends = [v for p in known for v in (p["value"], p["low"], p["high"]) if v is not None]
    least, most = min(ends), max(ends)
    span = (most - least) or 1.0

    def x(i: int) -> str:
        return f"{3 + i / (len(known) - 1) * (width - 8):.1f}"

    def y(value: float) -> str:
        return f"{height - 4 - (value - least) / span * (height - 8):.1f}"

    line = " ".join(f"{x(i)},{y(p['value'])}" for i, p in enumerate(known))
    band = ""
    if all(p["low"] is not None and p["high"] is not None for p in known):
        upper = [f"{x(i)},{y(p['high'])}" for i, p in enumerate(known)]
        lower = [f"{x(i)},{y(p['low'])}" for i, p in reversed([*enumerate(known)])]
        band = f'<polygon points="{" ".join(upper + lower)}"/>'
    last = f'<circle cx="{x(len(known) - 1)}" cy="{y(known[-1]["value"])}" r="2.8"/>'
    return Markup(
        f'<svg class="course" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-label="{in_attribute(_told(known, unit, currency))}">{band}<polyline points="{line}"/>{last}</svg>'
    )


def _told(known: Sequence[Mapping[str, Any]], unit: str, currency: str) -> str:
    lowest, highest = min(known, key=lambda p: p["value"]), max(known, key=lambda p: p["value"])
    named = (("from", known[0]), ("lowest", lowest), ("highest", highest), ("to", known[-1]))
    return "By month: " + ", ".join(
        f"{how} {say(p['value'], unit, currency)} in {words.month(str(p['month']))}" for how, p in named
    )


def against(condition: Mapping[str, Any], least: float | None, currency: str = "") -> Markup:
    """Return what was measured drawn against what it was compared with, and the zone not worth acting on."""
    value, baseline = condition["value"], condition["baseline"]
    low = condition["low"] if condition["low"] is not None else value
    high = condition["high"] if condition["high"] is not None else value
    zone = (baseline - least, baseline + least) if least else (baseline, baseline)
    ends = (value, low, high, baseline, *zone)
    start, span = min(ends), (max(ends) - min(ends)) or abs(baseline) or 1.0
    unit = str(condition["unit"])

    def at(number: float) -> float:
        return round(14 + float(number - start) / float(span) * 312, 1)

    here, there, left, right = at(value), at(baseline), at(zone[0]), at(zone[1])
    told = f"Measured {say(value, unit, currency)}, compared with {say(baseline, unit, currency)}"
    return Markup(
        f'<svg class="chart against" viewBox="0 0 340 64" width="340" height="64" role="img"'
        f' aria-label="{in_attribute(told)}">'
        f'<path class="track" d="M4 32H336"/>'
        f'<rect class="zone" x="{left}" y="24" width="{round(right - left, 1)}" height="16" rx="3"/>'
        f'<path class="tickmark" d="M{there} 22v20"/><path class="band" d="M{at(low)} 32H{at(high)}"/>'
        f'<circle class="dot" cx="{here}" cy="32" r="5"/>'
        f"{_label('measured', here, 14)}{_label('compared with', there, 60)}</svg>"
    )


def _label(text: str, at: float, y: int) -> str:
    anchor = "start" if at < 60 else "end" if at > 280 else "middle"
    place = 0 if at < 60 else 340 if at > 280 else at
    return f'<text class="tick" x="{place}" y="{y}" text-anchor="{anchor}">{text}</text>'
