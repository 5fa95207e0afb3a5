"""How a number, a day or an amount of money is written so that a person reads it without effort."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

MISSING = "–"
MINUS = "−"
GAP = "\u00a0"
RANGE = " – "

SIGNS = {
    "GBP": "£",
    "EUR": "€",
    "USD": "$",
    "JPY": "¥",
    "CNY": "CN¥",
    "INR": "₹",
    "BRL": "R$",
    "KRW": "₩",
    "AUD": "A$",
    "CAD": "CA$",
    "NZD": "NZ$",
    "ILS": "₪",
    "TRY": "₺",
    "UAH": "₴",
    "VND": "₫",
    "NGN": "₦",
    "PHP": "₱",
}
UNIT = re.compile(r"(?<=\d) (?=(?:%|h|min|s|days?|points?|hours?|minutes?)(?![\w]))")
HOURS = re.compile(r"(?<=\d)()[ \u00a0]h (\d\d)(?!\d)")
SIGNED = re.compile(r"([£€$¥₹]) (?=\d)")
WHOLE_DAY = len("2011-12-09")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def grouped(value: float, decimals: int = 0) -> str:
    """Return the number with grouped thousands and a true minus sign: `−1,204.5`."""
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if negative else text


def fitting(value: float) -> str:
    """Return the number with as many decimals as its size deserves: `1,204`, `27.4`, `3.14`, `0.021`."""
    size = abs(value)
    if size >= 100 or value == 0:
        return grouped(value)
    if size >= 10:
        return _trimmed(grouped(value, 1))
    if size >= 1:
        return _trimmed(grouped(value, 2))
    return _trimmed(grouped(value, min(6, 1 - math.floor(math.log10(size)))))


def tenth(value: float) -> str:
    """Return a score of many points with one decimal at most; small ones as they deserve."""
    return fitting(value) if abs(value) < 1 else _trimmed(grouped(value, 1))


def _trimmed(text: str) -> str:
    """Drop a decimal part that says nothing: `31.0` is `31`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(value: float) -> str:
    """Return a count: whole numbers grouped, means of counts with their decimals."""
    return grouped(value) if float(value).is_integer() or abs(value) >= 1000 else fitting(value)


def percent(value: float) -> str:
    """Return a share of one in percent, never rounded to none or to all: `63.4`, `0.34`, `99.96`."""
    hundred = value * 100
    size = abs(hundred)
    if 0 < size < 1 or 99.95 <= size < 100:
        return grouped(hundred, 2)
    return grouped(hundred) if size in (0.0, 100.0) else grouped(hundred, 1)


def whole_percent(value: float) -> str:
    """Return a coverage in whole percent; 100 only where it is all, 0 only where it is none."""
    hundred = value * 100
    if 99 < hundred < 100:
        hundred = 99.0
    if 0 < hundred < 1:
        hundred = 1.0
    return grouped(hundred)


def duration(minutes: float) -> str:
    """Return a length of time in the unit a person would use: `40 s`, `45 min`, `3 h 40`, `26 h`, `3.2 days`."""
    size = abs(minutes)
    sign = MINUS if minutes < 0 else ""
    if size == 0:
        return f"0{GAP}min"
    if size < 1:
        return f"{sign}{max(1, round(size * 60))}{GAP}s"
    if size < 59.5:
        return f"{sign}{fitting(size) if size < 10 else grouped(size)}{GAP}min"
    if round(size) < 48 * 60:
        hours, rest = divmod(round(size), 60)
        return f"{sign}{hours}{GAP}h{GAP}{rest:02d}" if rest or hours < 10 else f"{sign}{hours}{GAP}h"
    return f"{sign}{days(size / 1440)}"


def days(value: float) -> str:
    """Return a number of days: `1 day`, `3.2 days`, `412 days`."""
    text = fitting(value) if abs(value) < 10 else _trimmed(grouped(value, 0 if abs(value) >= 100 else 1))
    return f"{text}{GAP}{'day' if text in ('1', MINUS + '1') else 'days'}"


def money(value: float, currency: str = "") -> str:
    """Return an amount with its currency: `£ 9,747,748`, `£ 17.32`, `−CHF 120`."""
    amount = grouped(abs(value), 0 if abs(value) >= 100 or value == 0 else 2)
    code = currency.upper()
    sign = SIGNS.get(code, code)
    return f"{MINUS if value < 0 else ''}{sign}{GAP if sign else ''}{amount}"


def estimate(value: float, currency: str = "") -> str:
    """Return an estimated amount without pretended precision: three leading digits, `£ 214,000`."""
    return money(leading(value, 3), currency)


def leading(value: float, digits: int) -> float:
    """Round to so many leading digits."""
    return float(f"{value:.{digits}g}")


def compact(value: float) -> str:
    """Return a large number as an axis has room for it: `400k`, `1.2m`; smaller ones in full."""
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            return f"{fitting(value / (1e3 if letter == 'k' else size))}{letter}"
    return fitting(value)


def glued(text: str) -> str:
    """Return the text with numbers kept on one line with their units: `71 %`, `6 h 24`, `£ 41,300`."""
    return SIGNED.sub(f"\\1{GAP}", HOURS.sub(f"\\1{GAP}h{GAP}\\2", UNIT.sub(GAP, text)))


def chance(value: float) -> str:
    """Return a p- or q-value to be read after its letter: `< 0.001`, `= 0.034`, `= 1`."""
    if value < 0.001:
        return f"<{GAP}0.001"
    text = f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
    return f"={GAP}{_trimmed(text)}"


def day(text: str) -> str:
    """Return an ISO day, month or time as `9 Dec 2011`, `Dec 2011`, `9 Dec 2011, 12:50`; anything else as it is."""
    moment = moment_of(text)
    if moment is None:
        return month(text)
    plain = _calendar(moment)
    return plain if (moment.hour, moment.minute) == (0, 0) else f"{plain}, {moment:%H:%M}"


def first_day(text: str) -> str:
    """Return the first day of a time that begins at `text`, midnight somewhere: `7 Nov, 23:00` begins the 8th."""
    moment = moment_of(text)
    return text if moment is None else _calendar(_nearest_midnight(moment))


def last_day(text: str) -> str:
    """Return the last day of a time that ends before `text`: midnight of the 10th, anywhere, closes the 9th."""
    moment = moment_of(text)
    return text if moment is None else _calendar(_nearest_midnight(moment) - timedelta(seconds=1))


def _nearest_midnight(moment: datetime) -> datetime:
    """Return the midnight meant by a time in UTC; a time that is nobody's midnight stays what it is."""
    if moment.second or moment.minute not in (0, 30, 45):
        return moment
    start = moment.replace(hour=0, minute=0)
    return start + timedelta(days=1) if moment.hour >= 12 else start


def _calendar(moment: datetime) -> str:
    return f"{moment.day}{GAP}{MONTHS[moment.month - 1]}{GAP}{moment.year}"


def between(low: float, unit: str) -> str:
    """Return what stands between the ends of a range: a dash, or a word where a sign would meet the dash."""
    return " to " if low < 0 or unit.startswith("effect") else RANGE


def month(text: str) -> str:
    """Return an ISO month as `Dec 2011`; anything else as it is."""
    index = month_index(text)
    return text if index is None else f"{MONTHS[index % 12]}{GAP}{index // 12}"


def month_index(text: str) -> int | None:
    """Return the running number of an ISO month (`2011-12`, or a day in it), None where it is none."""
    year, _, rest = text.partition("-")
    number = rest[:2]
    tail = rest[2:]
    if not (len(year) == 4 and year.isdecimal() and len(number) == 2 and number.isdecimal()):
        return None
    if not 1 <= int(number) <= 12 or (tail and not tail.startswith("-")):
        return None
    return int(year) * 12 + int(number) - 1


def dated(labels: Iterable[str]) -> bool:
    """Whether labels are single days, not months written by their first day."""
    moments = [moment_of(label) if len(label) >= WHOLE_DAY else None for label in labels]
    return all(moments) and any(m is not None and m.day != 1 for m in moments)


def by_label(labels: Iterable[str]) -> Callable[[str], str]:
    """Return how the labels of a course are written: as days or as months."""
    return day if dated(labels) else month


def moment_of(text: str) -> datetime | None:
    """Return the time an ISO text names, None where it names none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        try:
            return datetime.combine(date.fromisoformat(text), datetime.min.time())
        except ValueError:
            return None


def plural(number: int, one: str, many: str = "") -> str:
    """Return the noun that fits the number: `1 row`, `2 rows`."""
    return one if number == 1 else many or f"{one}s"


def short_hash(text: Any) -> str:
    """Return the two ends of a long hash: `7c1e…a90f`."""
    words = str(text)
    return words if len(words) <= 14 else f"{words[:6]}…{words[-4:]}"
