"""Draws a course over time: a line by month or a step curve, its interval as a band, ends labelled on the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
from markupsafe import Markup

from rapport.report.chart_words import labelled
from rapport.report.drawing import INK, LINE, MARK, MUTED, WIDTH, Rows, draw, note, template
from rapport.report.scales import domain, ticks
from rapport.report.trace import path_of
from rapport.report.units import say
from rapport.report.words import by_label, dated, moment_of, month_index

HEIGHT, TOP, BOTTOM = 186, 14, 158
START, LETTER = 46, 7.4


def course(chart: Mapping[str, Any], bars: Sequence[Mapping[str, Any]], currency: str, alternative: str) -> Markup:
    """Return the picture of a course over time."""
    unit, reference, stepped = str(chart["unit"]), chart.get("reference"), chart.get("kind") == "step"
    places = _places([str(b.get("label") or "") for b in bars])
    ends = [v for b in bars for v in (b.get("value"), b.get("low"), b.get("high")) if v is not None]
    low, high = domain([*ends, *([reference] if reference is not None else [])], unit, from_zero=stepped)
    final = next(b["value"] for b in reversed(bars) if b.get("value") is not None)
    end = WIDTH - 12 - min(96.0, LETTER * len(say(final, unit, currency)))
    rows = _grid(chart, bars, low, high, end, currency)
    named = by_label([str(b.get("label") or "") for b in bars])
    rows += _points(bars, places, unit, currency, (low, high), end, named)
    for kind, bar, at in (("l", bars[0], START - 2), ("e", bars[-1], end + 2)):
        words = named(str(bar.get("label") or ""))
        rows.append({"k": kind, "y": HEIGHT - 10, "p": at, "t": words, "c": MUTED, "d": note("tick")})
    last = places[-1] if places[-1] > places[0] else places[0] + 1
    names = {"low": low, "high": high, "first": places[0], "last": last, "end": end}
    return draw(_template("step-after" if stepped else "linear"), rows, names, HEIGHT, alternative)


def _places(labels: list[str]) -> list[float]:
    """Return where each label stands in time: by month, by number, or one after the other."""
    if dated(labels):
        return [float(m.toordinal()) for m in map(moment_of, labels) if m is not None]
    months = [month_index(label) for label in labels]
    if all(m is not None for m in months):
        return [float(m) for m in months if m is not None]
    numbers = []
    for label in labels:
        try:
            numbers.append(float(label.split()[0]))
        except (ValueError, IndexError):
            return [float(i) for i in range(len(labels))]
    return numbers if numbers == sorted(numbers) else [float(i) for i in range(len(labels))]


def _pixel(value: float, low: float, high: float) -> float:
    return BOTTOM - (value - low) / ((high - low) or 1) * (BOTTOM - TOP)


def _grid(
    chart: Mapping[str, Any], bars: Sequence[Mapping[str, Any]], low: float, high: float, end: float, currency: str
) -> Rows:
    unit, reference = str(chart["unit"]), chart.get("reference")
    rows: Rows = []
    for tick in ticks(low, high, unit):
        at = _pixel(tick, low, high)
        text = say(tick, f"tick {unit}", currency)
        rows.append({"k": "r", "y": at, "p": START, "x2": end, "c": LINE, "dash": [1, 0]})
        rows.append({"k": "l", "y": at + 4, "p": 0, "t": text, "c": MUTED, "d": note("tick")})
    if reference is not None:
        at = _pixel(reference, low, high)
        text = labelled(chart, currency)
        early = [b["value"] for b in bars[: max(1, len(bars) // 3)] if b.get("value") is not None]
        below = bool(early) and sum(early) / len(early) > reference
        beside = at + 13 if (below and at + 13 < BOTTOM) or at - 6 < 10 else at - 6
        rows.append({"k": "r", "y": at, "p": START, "x2": end, "c": INK, "dash": [4, 3]})
        rows.append({"k": "l", "y": beside, "p": START, "t": text, "c": MUTED, "d": note("tick halo")})
    return rows


def _points(
    bars: Sequence[Mapping[str, Any]],
    places: list[float],
    unit: str,
    currency: str,
    ends: tuple[float, float],
    end: float,
    named: Callable[[str], str],
) -> Rows:
    rows: Rows = []
    known = [i for i, b in enumerate(bars) if b.get("value") is not None]
    for i, bar in enumerate(bars):
        row: dict[str, Any] = {"k": "v", "x": places[i], "v": bar.get("value")}
        if bar.get("value") is not None and bar.get("low") is not None and bar.get("high") is not None:
            row |= {"lo": max(bar["low"], ends[0]), "hi": min(bar["high"], ends[1])}
        rows.append(row)
    width = (places[-1] - places[0]) or 1.0
    for i in known:
        bar, value, marked = bars[i], bars[i]["value"], bool(bars[i].get("marked"))
        if not (marked or i == known[-1]):
            continue
        rows.append({"k": "p", "x": places[i], "v": value, "c": MARK if marked else INK, "w": 70})
        if i != known[-1] and any(bars[j].get("marked") for j in known if i - 3 <= j < i):
            continue
        at = START + (places[i] - places[0]) / width * (end - START)
        pixel = _pixel(value, *ends)
        if i == known[-1]:
            place = {"k": "l", "p": at + 8, "y": pixel + 4.5, "d": note("strong num", path_of(value), unit)}
            rows.append(place | {"t": say(value, unit, currency), "c": INK})
            continue
        before = [bars[j]["value"] for j in known if i - 3 <= j < i]
        below = (bool(before) and sum(before) / len(before) > value and pixel + 22 < BOTTOM) or pixel < 22
        place = {"k": "e", "p": at + 6} if at > WIDTH * 0.4 else {"k": "l", "p": at - 4}
        text = f"{named(str(bar['label']))}: {say(value, unit, currency)}"
        rows.append(place | {"y": pixel + 20 if below else pixel - 10, "t": text, "c": INK, "d": note("strong halo")})
    return rows


@lru_cache(maxsize=2)
def _template(shape: Any) -> dict[str, Any]:
    first, last, low, high, end = (alt.ExprRef(name) for name in ("first", "last", "low", "high", "end"))
    along = alt.Scale(domain=[first, last], range=[START, end], zero=False, nice=False)
    upward = alt.Scale(domain=[low, high], range=[BOTTOM, TOP], zero=False, nice=False)
    x, value = alt.X("x:Q", axis=None, scale=along), alt.Y("v:Q", axis=None, scale=upward)
    colour, y = alt.Color("c:N", scale=None), alt.Y("y:Q", scale=None)

    def only(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.k=='{kind}'")

    place, dash = alt.X("p:Q", scale=None), alt.StrokeDash("dash:N", scale=None)
    words = {"x": place, "y": y, "color": colour, "text": "t:N", "description": "d:N"}
    layers = [
        only("r").mark_rule(aria=False).encode(x=place, x2="x2:Q", y=y, color=colour, strokeDash=dash),
        only("v")
        .mark_area(color=INK, opacity=0.14, interpolate=shape, aria=False)
        .encode(x=x, y=alt.Y("lo:Q", axis=None, scale=upward), y2="hi:Q"),
        only("v")
        .mark_line(color=INK, strokeWidth=2, strokeJoin="round", strokeCap="round", interpolate=shape, aria=False)
        .encode(x=x, y=value),
        only("p")
        .mark_circle(opacity=1, aria=False)
        .encode(x=x, y=value, color=colour, size=alt.Size("w:Q", scale=None)),
        only("l").mark_text(align="left", baseline="alphabetic").encode(**words),
        only("e").mark_text(align="right", baseline="alphabetic").encode(**words),
    ]
    return template(layers, {"low": 0, "high": 1, "first": 0, "last": 1, "end": WIDTH})
