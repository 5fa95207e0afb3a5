"""Says in a sentence what a chart shows, for those who hear the page instead of seeing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rapport.report import words
from rapport.report.units import pair, say


def alternative(chart: Mapping[str, Any], bars: Sequence[Mapping[str, Any]], currency: str) -> str:
    """Return the text alternative of a chart: every dot of a comparison, the shape of a line."""
    title, unit = str(chart.get("title") or "Chart"), str(chart.get("unit") or "")
    if chart.get("kind") == "dots":
        parts = [_dot(bar, unit, currency) for bar in bars]
    else:
        parts = _course(bars, unit, currency)
    reference = chart.get("reference")
    if reference is not None:
        parts.append(f"{chart.get('reference_label') or 'reference'}: {say(reference, unit, currency)}")
    return f"{title}. {'; '.join(parts)}."


def labelled(chart: Mapping[str, Any], currency: str) -> str:
    """Return what is written beside the rule of a chart: `promised 95 %`."""
    value = say(chart["reference"], f"round {chart['unit']}", currency)
    return f"{chart.get('reference_label') or ''} {value}".strip()


def _dot(bar: Mapping[str, Any], unit: str, currency: str) -> str:
    if bar.get("value") is None:
        return f"{bar.get('label')}: too few to say"
    return f"{bar.get('label')}{' (marked)' if bar.get('marked') else ''}: {measured(bar, unit, currency)}"


def measured(bar: Mapping[str, Any], unit: str, currency: str) -> str:
    """Return a value with its interval and n as a plain text: `71.2 % (69.6 – 72.8 %, n 3,118)`."""
    low, high, n = bar.get("low"), bar.get("high"), bar.get("n")
    inside = []
    if low is not None and high is not None:
        first, second = pair(low, high, unit, currency)
        inside.append(f"{say(low, first, currency)}{words.between(low, unit)}{say(high, second, currency)}")
    if n is not None:
        inside.append(f"n{words.GAP}{words.count(n)}")
    value = say(bar.get("value"), unit, currency)
    return f"{value} ({', '.join(inside)})" if inside else value


def _course(bars: Sequence[Mapping[str, Any]], unit: str, currency: str) -> list[str]:
    known = [b for b in bars if b.get("value") is not None]
    if not known:
        return ["too few rows to draw"]
    lowest = min(known, key=lambda b: b["value"])
    highest = max(known, key=lambda b: b["value"])
    named = {
        "from": known[0],
        "lowest": lowest,
        "highest": highest,
        "to": known[-1],
    }
    label = words.by_label([str(b.get("label") or "") for b in bars])
    said = [f"{how} {say(b['value'], unit, currency)} ({label(str(b['label']))})" for how, b in named.items()]
    said += [f"marked: {label(str(b['label']))}, {measured(b, unit, currency)}" for b in known if b.get("marked")]
    return said
