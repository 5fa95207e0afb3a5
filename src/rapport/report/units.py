"""Each number is written in its own unit: a share in percent, a wait in hours, money with its currency."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rapport.report import words
from rapport.report.words import GAP, MINUS, MISSING

PLAIN: Mapping[str, Callable[[float], str]] = {
    "share": lambda v: f"{words.percent(v)}{GAP}%",
    "coverage": lambda v: f"{words.whole_percent(v)}{GAP}%",
    "percent": lambda v: f"{words.fitting(v)}{GAP}%",
    "points": words.tenth,
    "of-100": lambda v: words.grouped(v),
    "score": words.fitting,
    "count": words.count,
    "number": words.fitting,
    "seconds": lambda v: words.duration(v / 60),
    "minutes": words.duration,
    "hours": lambda v: words.duration(v * 60),
    "days": words.days,
    "confidence": lambda v: f">{GAP}0.99" if v >= 0.995 else f"{v:.2f}",
    "chance": words.chance,
}
ALIASES = {"proportion": "share", "rate": "share", "ratio": "number", "mean": "number", "": "number"}
MONEY = ("money", "estimate")
ENDLESS = re.compile(r"\.0+(?!\d)|(?<=\.[1-9])0(?!\d)|(?<=\d\u00a0h)\u00a000$")
FINER: Mapping[str, int] = {"fine": 1, "finer": 2}
FINE = ("share", "percent", "points", "of-100", "score", "count", "number")
POINTS = ("share", "coverage", "points", "score", "percent")


def kind_of(unit: str) -> str:
    """Return the way a unit is written; an unknown unit is written after its number."""
    name = unit.strip().lower()
    return ALIASES.get(name, name)


def say(value: float | None, unit: str, currency: str = "") -> str:
    """Return the number in words and units; the dash stands for a missing one.

    A unit may be led by `bare` (without its unit, for the first half of a range), `effect` (a signed difference, of
    shares in points), `size` (a difference without its sign), `round` (a target: no decimals that say nothing),
    `fine` and `finer` (one and two decimals more) or `tick` (as short as an axis needs it).
    """
    if value is None:
        return MISSING
    how, _, rest = unit.partition(" ")
    if how == "bare":
        return _without_unit(say(value, rest, currency), currency)
    if how == "round":
        return ENDLESS.sub("", say(value, rest, currency))
    if how == "tick":
        return _short(value, rest, currency)
    if how in ("effect", "size"):
        return _difference(value, rest, currency, signed=how == "effect")
    if how in FINER:
        return _finer(value, rest, currency, FINER[how])
    kind = kind_of(unit)
    if kind in MONEY:
        return words.money(value, currency) if kind == "money" else words.estimate(value, currency)
    if kind in PLAIN:
        return PLAIN[kind](value)
    return f"{words.fitting(value)}{GAP}{unit.replace('_', ' ')}"


def _difference(value: float, unit: str, currency: str, *, signed: bool) -> str:
    kind = kind_of(unit)
    size = abs(value)
    if kind in POINTS:
        number = words.fitting(size) if kind in ("points", "score", "percent") else _in_points(size, trimmed=not signed)
        text = f"{number}{GAP}{'point' if number == '1' else 'points'}"
    else:
        text = say(size, unit, currency)
    if not signed:
        return text
    sign = MINUS if value < 0 else "+" if value > 0 else "±"
    return f"{sign}{text}"


def _finer(value: float, unit: str, currency: str, more: int) -> str:
    """Return a number with more decimals than it is usually given, where two would else look the same."""
    number, gap, ending = say(value, unit, currency).partition(GAP)
    decimals = len(number.partition(".")[2]) + more
    return f"{words.grouped(value * (100 if ending == '%' else 1), decimals)}{gap}{ending}"


def _short(value: float, unit: str, currency: str) -> str:
    kind = kind_of(unit)
    if kind in MONEY:
        sign = words.SIGNS.get(currency.upper(), currency.upper())
        return f"{MINUS if value < 0 else ''}{sign}{GAP if sign else ''}{words.compact(abs(value))}"
    if kind == "count" or kind not in PLAIN or (value == 0 and kind not in POINTS):
        return words.compact(value)
    return say(value, f"round {unit}", currency)


def _in_points(size: float, *, trimmed: bool) -> str:
    hundred = size * 100
    text = words.grouped(hundred, 0 if hundred in (0, 100) else 1 if hundred >= 1 else 2)
    return ENDLESS.sub("", text) if trimmed else text


def _without_unit(text: str, currency: str) -> str:
    number, _, ending = text.partition(GAP)
    if ending and ending[0].isalpha() and " " in ending:
        return number
    for ending in ("%", "min", "h", "s", "days", "day", "points", "point"):
        if text.endswith(GAP + ending):
            return text[: -len(GAP + ending)]
    for sign in (words.SIGNS.get(currency.upper(), currency.upper()),):
        if sign and text.startswith(sign + GAP):
            return text[len(sign + GAP) :]
    return text


def pair(low: float, high: float, unit: str, currency: str = "") -> tuple[str, str]:
    """Return the two ways in which the ends of a range are written, so that the unit is said once."""
    a, b = say(low, unit, currency), say(high, unit, currency)
    how = unit.partition(" ")[0]
    if a == b and low != high and kind_of(unit) in FINE:
        for finer in FINER:
            if say(low, f"{finer} {unit}", currency) != say(high, f"{finer} {unit}", currency):
                return f"bare {finer} {unit}", f"{finer} {unit}"
    if how == "effect":
        return ("bare " + unit, unit) if _ending(a) == _ending(b) else (unit, unit)
    if kind_of(unit) not in PLAIN and kind_of(unit) not in MONEY and how not in ("effect", "size"):
        return f"bare {unit}", f"bare {unit}"
    if kind_of(unit) in MONEY:
        return unit, ("bare " + unit if not b.startswith(MINUS) else unit)
    if _ending(a) and (_ending(a) == _ending(b) or {_ending(a), _ending(b)} == {"day", "days"}):
        return "bare " + unit, unit
    return unit, unit


def _ending(text: str) -> str:
    """Return the unit a text ends in, empty where it ends in a digit (`3 h 40`) or has none."""
    last = text.rpartition(GAP)[2]
    return last if last and not last[-1].isdigit() else ""
