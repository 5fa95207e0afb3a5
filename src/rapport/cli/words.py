"""How numbers, money and other people's text are written on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


def clean(text: object) -> str:
    """Return `text` on one line, without the characters by which data could steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def money(amount: float, currency: str) -> str:
    """Return a rounded amount with its currency, such as `€ 96,000`."""
    digits = len(f"{abs(amount):.0f}")
    rounded = round(amount, -max(0, digits - 2)) if digits > 2 else round(amount)
    sign = SIGNS.get(currency, currency)
    return f"{sign} {rounded:,.0f}".replace("-", "\u2212").strip()


def span(value: Mapping[str, Any], currency: str) -> str:
    """Return money with its interval: `€ 96,000 (€ 61,000 to € 140,000)`."""
    low, mid, high = (money(float(value[k]), currency) for k in ("low", "mid", "high"))
    return f"{mid} ({low} to {high})"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its word: `1 row`, `2,400 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def score(value: float | None, low: float | None, high: float | None) -> str:
    """Return a score of 100 with its interval, or the words for none."""
    if value is None:
        return "no score"
    interval = f" ({low:.0f} to {high:.0f})" if low is not None and high is not None else ""
    return f"{value:.0f} of 100{interval}"


def period(start: str, end: str) -> str:
    """Return the first and the last day of a time as the report says them, in the company's time zone."""
    from rapport.report.words import first_day, last_day

    return clean(f"{first_day(start)} to {last_day(end)}")
