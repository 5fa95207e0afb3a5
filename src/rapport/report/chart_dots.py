"""Draws values side by side: one dot each, its interval as a band, its n beside it, the criterion as a tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
from markupsafe import Markup

from rapport.report.chart_words import labelled
from rapport.report.drawing import INK, LINE, MARK, MUTED, WIDTH, Rows, draw, note, template
from rapport.report.scales import domain, ticks
from rapport.report.trace import path_of
from rapport.report.units import say
from rapport.report.words import GAP, count

ROW, HEAD, FOOT = 38, 20, 22
LEFT, RIGHT = 6, 262
LONGEST_LABEL = 40


def dots(chart: Mapping[str, Any], bars: Sequence[Mapping[str, Any]], currency: str, alternative: str) -> Markup:
    """Return the picture of values side by side."""
    unit, reference = str(chart["unit"]), chart.get("reference")
    ends = [v for b in bars for v in (b.get("value"), b.get("low"), b.get("high")) if v is not None]
    low, high = domain(ends + ([reference] if reference is not None else []), unit)
    top = HEAD if reference is not None else 0
    height = top + ROW * len(bars) + FOOT
    rows: Rows = []
    for position, bar in enumerate(bars):
        rows += _row(bar, top + ROW * position, low, high, unit, currency)
    if reference is not None:
        rows += _reference(chart, len(bars), low, high, currency)
    rows += [
        {"k": "c", "x": t, "y": height - 6, "t": say(t, f"tick {unit}", currency), "c": MUTED, "d": note("tick")}
        for t in ticks(low, high, unit)
    ]
    return draw(_template(), rows, {"low": low, "high": high}, height, alternative)


def _row(bar: Mapping[str, Any], y: float, low: float, high: float, unit: str, currency: str) -> Rows:
    value, n, marked = bar.get("value"), bar.get("n"), bool(bar.get("marked"))
    line, colour = y + 27, MARK if marked else INK
    label = str(bar.get("label") or "")
    short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    track = {"k": "r", "x": low, "x2": high, "y": line, "y2": line, "c": LINE, "w": 1.5, "o": 1}
    rows: Rows = [track, {"k": "l", "y": y + 14, "t": short, "c": INK, "d": note("strong" if marked else "")}]
    if n is not None:
        said = note("tick", path_of(n), "cases")
        rows.append({"k": "e", "y": line + 4, "t": f"n{GAP}{count(n)}", "c": MUTED, "d": said})
    if value is None:
        track["o"] = 0.5
        return [*rows, {"k": "e", "y": y + 14, "t": "too few", "c": MUTED, "d": note("tick")}]
    if bar.get("low") is not None and bar.get("high") is not None:
        x, x2 = max(bar["low"], low), min(bar["high"], high)
        rows.append({"k": "r", "x": x, "x2": x2, "y": line, "y2": line, "c": colour, "w": 7, "o": 0.3})
    rows.append({"k": "p", "x": value, "y": line, "c": colour, "w": 90 if marked else 60})
    said = note("strong num", path_of(value), unit)
    return [*rows, {"k": "e", "y": y + 14, "t": say(value, unit, currency), "c": INK, "d": said}]


def _reference(chart: Mapping[str, Any], number: int, low: float, high: float, currency: str) -> Rows:
    at = chart["reference"]
    tops = [HEAD + ROW * i for i in range(number)]
    rows: Rows = [{"k": "r", "x": at, "x2": at, "y": y + 20, "y2": y + 34, "c": INK, "w": 1.5, "o": 1} for y in tops]
    text = labelled(chart, currency)
    width = (high - low) or 1.0
    room = min(len(text) * 3.1, WIDTH / 2)
    pixel = min(max(LEFT + (at - low) / width * (RIGHT - LEFT), room), WIDTH - room)
    beside = low + (pixel - LEFT) / (RIGHT - LEFT) * width
    return [*rows, {"k": "c", "x": beside, "y": 13, "t": text, "c": MUTED, "d": note("tick")}]


@lru_cache(maxsize=1)
def _template() -> dict[str, Any]:
    ends = [alt.ExprRef("low"), alt.ExprRef("high")]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=ends, range=[LEFT, RIGHT], zero=False, nice=False))
    y = alt.Y("y:Q", scale=None)
    colour = alt.Color("c:N", scale=None)
    words = {"y": y, "color": colour, "text": "t:N", "description": "d:N"}

    def only(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.k=='{kind}'")

    weight, paleness = alt.StrokeWidth("w:Q", scale=None), alt.Opacity("o:Q", scale=None)
    layers = [
        only("r")
        .mark_rule(strokeCap="round", aria=False)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=colour, strokeWidth=weight, opacity=paleness),
        only("p").mark_circle(opacity=1, aria=False).encode(x=x, y=y, color=colour, size=alt.Size("w:Q", scale=None)),
        only("l").mark_text(align="left", baseline="alphabetic").encode(x=alt.value(0), **words),
        only("e").mark_text(align="right", baseline="alphabetic").encode(x=alt.value(WIDTH), **words),
        only("c").mark_text(align="center", baseline="alphabetic").encode(x=x, **words),
    ]
    return template(layers, {"low": 0, "high": 1})
