"""Numbers and places in words that a person reads: 63 %, 3 h 40, team Billing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

MINUS = "−"
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "JPY": "¥"}


def grouped(value: float, digits: int = 0) -> str:
    """Return a number with grouped thousands and a real minus sign: 22,064."""
    text = f"{abs(value):,.{digits}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def share(value: float, digits: int | None = None) -> str:
    """Return a share as a percentage with as many digits as it deserves: 63 %, 4.2 %, 0.12 %.

    What is not nothing is not 0 %, and what is not all is not 100 %: under 0.01 %, 99.8 %.
    """
    percent = 100 * value
    if digits is None:
        if 0 < abs(percent) < 0.005:
            return "under 0.01 %"
        almost = 99 < percent < 100
        percent = min(percent, 99.9) if almost else percent
        digits = 1 if almost else 0 if abs(percent) >= 20 or percent == 0 else 1 if abs(percent) >= 1 else 2
    return f"{grouped(percent, digits)} %"


def duration(seconds: float) -> str:
    """Return a duration as one would say it: 45 s, 12 min, 3 h 40, 2.5 days."""
    if not math.isfinite(seconds):
        return "never"
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}" if minutes % 60 else f"{minutes // 60} h"
    return f"{grouped(seconds / 86400, 1)} days"


def money(value: float, currency: str) -> str:
    """Return an amount in whole units: € 96,000."""
    sign = SIGNS.get(currency, currency)
    return f"{sign} {grouped(value)}".strip()


def plural(n: int, one: str, many: str) -> str:
    """Return the word that goes with a number."""
    return one if n == 1 else many


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return names in one line; of many the first ones and how many more there are."""
    more = len(names) - most
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:most])} and {more} more"


def day(value: date | datetime) -> str:
    """Return a day as 9 Dec 2011."""
    return f"{value.day} {value:%b %Y}"


def month(value: str) -> str:
    """Return a month given as an ISO date (2025-06-01) as June 2025."""
    return f"{date.fromisoformat(value[:10]):%B %Y}"


BARE = {
    "part_of_day": "time of day",
    "weekday": "day of the week",
    "experience": "how it went",
    "lately": "how active they were",
    "last_time": "their answer before",
    "afterwards": "what they did afterwards",
    "loyalty": "how loyal they are",
}
"""Columns whose values say by themselves what they are, and how the column itself is called."""
FIRST = ("team", "touchpoint", "topic", "channel")
LAST = ("part_of_day", "weekday", "experience", "lately", "last_time", "afterwards")


def place(scope: Mapping[str, str]) -> str:
    """Return a scope in words: `team Billing, channel e-mail, after 15:00`; the whole company for an empty one."""
    if not scope:
        return "the whole company"
    return ", ".join(scope[n] if n in BARE else f"{column(n)} {scope[n]}" for n in _in_order(scope))


def columns(names: Iterable[str]) -> str:
    """Return the columns of a place in words, in the order of `place`: `team, time of day`."""
    return ", ".join(column(n) for n in _in_order(names))


def column(name: str) -> str:
    """Return how a column is called: `acquisition channel`, `day of the week`."""
    return BARE.get(name, name.replace("_", " "))


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda n: (n in LAST, FIRST.index(n) if n in FIRST else len(FIRST)))


def opening(text: str) -> str:
    """Return a text with its first letter large, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def code(scope: Mapping[str, str]) -> str:
    """Return a scope as the readable key of a finding: `channel=e-mail,team=Billing`."""
    clean = {k: v.replace("/", "∕").replace(",", "‚").replace("=", "꞊") for k, v in scope.items()}
    return ",".join(f"{k}={clean[k]}" for k in sorted(clean)) or "all"
