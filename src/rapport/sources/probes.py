"""Which ways there are to write a date, a time, a number, a yes and a no, each tried on a whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rapport.core.source import Probe
from rapport.core.table import Type

EPOCH_SECONDS: Final = "epoch_s"
EPOCH_MILLIS: Final = "epoch_ms"
LEADING_ZERO: Final = "leading_zero"
"""The format of a text probe: how many values are digits that begin with 0, and so are codes rather than numbers."""

DAY_FIRST: Final = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
MONTH_FIRST: Final = ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y")
UNAMBIGUOUS: Final = (
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
)
WITH_TIME_INSIDE: Final = ("%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z")
"""Formats that name the time of day themselves, as in e-mail headers."""

TIMES_OF_DAY: Final = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p")
DATES: Final = DAY_FIRST + MONTH_FIRST + UNAMBIGUOUS

PROBES: Final[tuple[Probe, ...]] = (
    Probe(Type.BOOL),
    Probe(Type.COUNT),
    Probe(Type.NUMBER, "."),
    Probe(Type.NUMBER, ","),
    Probe(Type.TEXT, LEADING_ZERO),
    Probe(Type.DAY),
    Probe(Type.TIME),
    *(Probe(type, date) for date in DATES for type in (Type.DAY, Type.TIME)),
    *(Probe(Type.TIME, written) for written in WITH_TIME_INSIDE),
    Probe(Type.TIME, EPOCH_SECONDS),
    Probe(Type.TIME, EPOCH_MILLIS),
)
"""Every way that is tried. A date format reads days and, tried as a time, the day with any usual time of day."""

YES: Final = ("true", "t", "yes", "y", "1", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "verdadero")
NO: Final = ("false", "f", "no", "n", "0", "nein", "falsch", "non", "faux", "falso")

CURRENCIES: Final = "EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|JPY|kr"
_MARKS: Final = rf"(?:[€$£¥]|{CURRENCIES})"
_SPACE: Final = "[ \u00a0\u202f]"
_THOUSANDS: Final = "[ '’\u00a0\u202f]"
PATTERNS: Final = {
    mark: rf"\(?[+−-]?{_SPACE}?{_MARKS}?{_SPACE}?[+−-]?"
    rf"(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,3}}(?:{_THOUSANDS}\d{{3}})+)?"
    rf"(?:{re.escape(mark)}\d*)?{exponent}{_SPACE}?(?:%|{_MARKS})?\)?-?"
    for mark, group, exponent in ((".", ",", r"(?:[eE][+-]?\d{1,2})?"), (",", r"\.", ""))
}
"""What a number looks like with each decimal mark: an optional sign, currency, thousands, decimals, percent."""

COUNT_PATTERN: Final = r"[+-]?\d{1,18}(?:\.0+)?"
ISO_DAY: Final = r"\d{4}-\d{1,2}-\d{1,2}"
ISO_CLOCK: Final = r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
ISO_ZONE: Final = r"Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?"
ISO_TIME: Final = rf"{ISO_DAY}(?:{ISO_CLOCK} ?(?:{ISO_ZONE})?)?"

_PARTS: Final = {
    "%d": r"\d{1,2}",
    "%m": r"\d{1,2}",
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%H": r"\d{1,2}",
    "%I": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%f": r"\d{1,6}",
    "%p": r"[AaPp][Mm]",
    "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}",
    "%a": r"[A-Za-z]{3}",
    "%A": r"[A-Za-z]{6,9}",
    "%z": r"[+-]\d{2}:?\d{2}",
}


def pattern(probe: Probe) -> str:
    """Return the regular expression that every value readable by `probe` matches from end to end."""
    form = probe.format
    if probe.type is Type.BOOL:
        return "(?i:" + "|".join((*YES, *NO)) + ")"
    if probe.type is Type.TEXT:
        return r"0\d+" if form == LEADING_ZERO else r"(?s:.*)"
    if probe.type is Type.COUNT and form is None:
        return COUNT_PATTERN
    if probe.type in (Type.NUMBER, Type.MONEY, Type.COUNT):
        return PATTERNS[form or "."]
    if form == EPOCH_SECONDS:
        return r"\d{9,10}(?:\.\d+)?"
    if form == EPOCH_MILLIS:
        return r"\d{12,13}"
    if form is None:
        return ISO_DAY if probe.type is Type.DAY else ISO_TIME
    return "|".join(f"(?:{_form_pattern(whole)})" for whole in time_formats(probe.type, form))


def time_formats(type: Type, form: str) -> tuple[str, ...]:
    """Return the full strptime formats behind a date format: for times, the day with each usual time of day."""
    if type is Type.DAY or re.search(r"%[HIMSfpz]", form):
        return (form,)
    spaced = tuple(f"{form} {clock}" for clock in TIMES_OF_DAY)
    return (form, *spaced, f"{form}, %H:%M:%S", f"{form}, %H:%M", f"{form}T%H:%M:%S")


def _form_pattern(form: str) -> str:
    """Return the regular expression of one strptime format."""
    pieces = re.split(r"(%[A-Za-z])", form)
    return "".join(
        _PARTS.get(piece, re.escape(piece)) if piece.startswith("%") else re.escape(piece) for piece in pieces
    )


def probes_for(examples: Iterable[str]) -> tuple[Probe, ...]:
    """Return the probes that can read at least one of the examples, so that the others need not be tried."""
    texts = [text.strip() for text in examples]
    return tuple(probe for probe in PROBES if any(re.fullmatch(pattern(probe), text) for text in texts))
