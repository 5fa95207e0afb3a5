"""How a number enters the page: written for people, with its place in `audit.json` beside it for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from rapport.core.canonical import canonical
from rapport.report import words
from rapport.report.queries import last_select
from rapport.report.shown import in_attribute, shown
from rapport.report.trace import path_of, resolve
from rapport.report.units import pair, say
from rapport.report.vocabulary import headline

TEXTS: Mapping[str, Callable[[str], str]] = {
    "day": words.day,
    "first-day": words.first_day,
    "last-day": words.last_day,
    "month": words.month,
    "short": words.short_hash,
    "text": words.glued,
    "code": str,
    "select": last_select,
    "rest": lambda text: headline(text)[1],
}


def said(value: Any, unit: str, currency: str = "") -> str:
    """Return any leaf of the document as it is printed: a text by its manner, a number by its unit."""
    if unit == "cell":
        return cell(value)
    if unit in TEXTS:
        return TEXTS[unit](str(value))
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return "" if value is None else str(value)
    return f"n{words.GAP}{words.count(value)}" if unit == "cases" else say(value, unit, currency)


def cell(value: Any) -> str:
    """Return a value of a sample row as it stands in the record: keys ungrouped, days readable, yes and no."""
    if value is None:
        return words.MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not value.is_integer():
        return words.fitting(value)
    if isinstance(value, (int, float)):
        return f"{int(value)}".replace("-", words.MINUS)
    return words.day(value) if isinstance(value, str) else canonical(value)


def marked(value: Any, unit: str, currency: str = "") -> Markup:
    """Return the printed number in an element that names its place and its unit."""
    text = shown(said(value, unit, currency)) if value is not None else Markup(words.MISSING)
    path = path_of(value)
    if not path:
        return Markup("<span>{}</span>").format(text)
    raw = in_attribute(float(value) if isinstance(value, float) else value)
    if unit in TEXTS:
        return Markup('<span data-path="{}" data-as="{}">{}</span>').format(path, unit, text)
    return Markup('<data value="{}" data-path="{}" data-as="{}">{}</data>').format(raw, path, unit, text)


@pass_context
def num(context: Context, value: Any, unit: str = "count") -> Markup:
    """Print a number of the document: `{{ m.value|num(m.unit) }}`."""
    return marked(value, str(unit), str(context.get("currency", "")))


@pass_context
def span(context: Context, low: Any, high: Any, unit: str) -> Markup:
    """Print the ends of an interval with the unit said once: `27 – 35`, `36.9 – 39.4 %`."""
    currency = str(context.get("currency", ""))
    if low is None and high is None:
        return Markup(words.MISSING)
    if low is None or high is None:
        side = Markup("up to {}") if low is None else Markup("from {}")
        return side.format(marked(high if low is None else low, str(unit), currency))
    first, second = pair(low, high, str(unit), currency)
    return Markup('<span class="range">{}{}{}</span>').format(
        marked(low, first, currency), words.between(low, unit), marked(high, second, currency)
    )


def told(value: Any, unit: str = "text") -> Markup:
    """Print a text of the document with its place: statements, titles, days."""
    return marked(value, unit)


def counted(number: int, path: str) -> Markup:
    """Print a number of elements, with the path that counts them: `12` at `audits?status=conforming`."""
    return Markup('<data value="{}" data-path="{}" data-as="count">{}</data>').format(
        number, escape(path), words.count(number)
    )


@pass_context
def total(context: Context, path: str, unit: str = "count") -> Markup:
    """Print the sum of what stands at a path with a `*`: `{{ total("segments.*.value", "estimate") }}`."""
    value, currency = resolve(context["run"], path), str(context.get("currency", ""))
    text = shown(said(value, unit, currency))
    raw = in_attribute(value)
    return Markup('<data value="{}" data-path="{}" data-as="{}">{}</data>').format(raw, escape(path), unit, text)
