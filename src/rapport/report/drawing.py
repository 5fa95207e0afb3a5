"""Turns a chart description into a picture inside the page, in the page's own colours."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert as vlc
from markupsafe import Markup, escape

from rapport.report.shown import in_attribute, upright

WIDTH = 340
INK, MUTED, LINE, MARK = "var(--ink)", "var(--mut)", "var(--line)", "var(--mark)"
Rows = list[dict[str, Any]]

TAG = re.compile(r"<[a-z][^>]*>")
NOISE = re.compile(
    r' (?:role|aria-roledescription|aria-hidden|pointer-events|xmlns:xlink|version|font-family|font-size)="[^"]*"'
    r'| opacity="1"| [xy]2="0"| stroke-linecap="round"| stroke-miterlimit="10"'
    r'| class="(?:mark-|background|foreground|marks)[^"]*"'
)
EMPTY = re.compile(r'<path(?: d="[^"]*")?(?: display="none")?(?: fill="none")?/>')
BACKDROP = re.compile(r'<path d="M0,0h[\d.]+v[\d.]+h-[\d.]+Z"/>')
LONG = re.compile(r"(?<=[\s,(\"MLZA-])\d+\.\d{2,}")
DISC = re.compile(r'<path transform="([^"]+)" d="M([\d.]+),0A[^"]+"')
NOTE = re.compile(r'(<(?:text|path|line)) aria-label="([^"]*)"')


def template(layers: Sequence[alt.Chart], names: Mapping[str, float]) -> dict[str, Any]:
    """Return the layers compiled once, so that each chart only fills in its rows and the ends of its axes."""
    chart = (
        alt.layer(*layers, data=alt.InlineData(values=[{"k": ""}]))
        .properties(width=WIDTH, height=100, padding=0, autosize="none", background="transparent")
        .add_params(*(alt.param(name=name, value=value) for name, value in names.items()))
        .configure_view(stroke=None)
    )
    compiled: dict[str, Any] = vlc.vegalite_to_vega(chart.to_dict())
    return compiled


def note(style: str = "", path: str = "", unit: str = "") -> str:
    """Return what a text of a chart carries besides its words: its weight and its place in `audit.json`."""
    return "|".join((style, path, unit))


def draw(
    template: Mapping[str, Any], rows: Rows, names: Mapping[str, float], height: float, alternative: str
) -> Markup:
    """Return the chart as SVG with a text alternative, drawn once for light, dark and print."""
    first, *others = template["data"]
    rows = [{**row, "t": upright(row["t"])} if "t" in row else row for row in rows]
    signals = [{**s, "value": names[s["name"]]} if s["name"] in names else s for s in template["signals"]]
    filled = {**template, "height": height, "signals": signals, "data": [{**first, "values": rows}, *others]}
    svg = str(vlc.vega_to_svg(json.dumps(filled, ensure_ascii=False)))
    body = TAG.sub(_tidied, svg[svg.index(">") + 1 : svg.rindex("</svg>")])
    body = EMPTY.sub("", BACKDROP.sub("", body)).replace("<g></g>", "").replace("<g><g></g></g>", "")
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" role="img"'
    return Markup(f'{head} aria-label="{in_attribute(alternative)}">{body}</svg>')


def _tidied(tag: re.Match[str]) -> str:
    """Return a tag without what the page does not need; the words between tags are never touched."""
    text = LONG.sub(_shorter, NOISE.sub("", tag[0]))
    return NOTE.sub(_noted, DISC.sub(r'<circle transform="\1" r="\2"', text)).replace(' text-anchor="start"', "")


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _noted(found: re.Match[str]) -> str:
    style, path, unit = [*found[2].split("|"), "", "", ""][:3]
    words = f' class="{style}"' if style else ""
    if path:
        words += f' data-path="{escape(path)}" data-as="{escape(unit)}"'
    return found[1] + words
