"""Which way of reading fits a column: the one that can read nearly all of it, in agreement with the other columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapport.core.source import ColumnProfile, FileProfile, Probe, Reading
from rapport.core.table import Type
from rapport.sources.names import is_code, is_money, is_time
from rapport.sources.probes import (
    DATES,
    DAY_FIRST,
    EPOCH_MILLIS,
    EPOCH_SECONDS,
    LEADING_ZERO,
    MONTH_FIRST,
    WITH_TIME_INSIDE,
)

ENOUGH: Final = 0.98
"""The share of a column's filled values that a reading must understand; the few others become rejected values."""

GUESS: Final = "a guess: "
"""How a reason begins where the file itself does not decide."""

COMPACT: Final = "%Y%m%d"
NUMBERS: Final = (Type.COUNT, Type.NUMBER, Type.MONEY)


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a whole file writes its days and its decimals, and why we think so."""

    day_first: bool
    day_reason: str
    comma: bool
    comma_reason: str


def choose(profile: FileProfile) -> dict[str, Reading]:
    """Return how each column of a file is read.

    The types that the file itself declares are kept. Of text, a column gets the type that reads at least 98 % of its
    filled values. Whether the day or the month comes first, and whether a comma is a decimal mark, is decided by all
    columns of the file together. Ids, telephone numbers and postcodes stay text.
    """
    habits = _habits(profile)
    return {column.name: _reading(column, habits) for column in profile.columns}


def reading_as(column: ColumnProfile, type: Type, readings: Iterable[Reading] = ()) -> Reading:
    """Return the reading of a column that must hold `type` because its name says so, even if few values can be read.

    `readings` are those chosen for the file; a format already found for the column is kept.
    """
    chosen = next((reading for reading in readings if reading.column == column.name), None)
    if column.native is not None:
        return chosen or Reading(column.name, column.native, None, "the file's own type")
    if type in (Type.TEXT, Type.MAP):
        return Reading(column.name, Type.TEXT)
    family = NUMBERS if type in NUMBERS else (Type.DAY, Type.TIME) if type in (Type.DAY, Type.TIME) else (type,)
    if chosen is not None and chosen.type in family:
        return Reading(column.name, Type.MONEY, chosen.format or ".", chosen.reason) if type is Type.MONEY else chosen
    wanted = [(count, probe) for probe, count in column.parsed.items() if probe.type in family and count]
    if not wanted:
        return Reading(column.name, type, "." if type in (Type.NUMBER, Type.MONEY) else None)
    count, best = max(wanted, key=lambda pair: (pair[0], pair[1].type is type))
    reason = f"{count:,} of {column.filled:,} values can be read so"
    if type is Type.MONEY:
        return Reading(column.name, Type.MONEY, best.format or ".", reason)
    return Reading(column.name, best.type, best.format, reason)


def _reading(column: ColumnProfile, habits: _Habits) -> Reading:
    """Return the reading of one column."""
    name = column.name
    if column.native is not None:
        return Reading(name, column.native, None, "the file's own type")
    if not column.filled:
        return Reading(name, Type.TEXT, None, "empty")
    if _fits(column, Probe(Type.COUNT)) and is_code(name):
        floats = [text for text in column.examples if re.fullmatch(r"\d+\.0+", text.strip())]
        if floats and not column.parsed.get(Probe(Type.TEXT, LEADING_ZERO)):
            return Reading(name, Type.COUNT, None, "whole numbers, written with decimals")
        return Reading(name, Type.TEXT, None, "the name says that these are codes, not quantities")
    return _time(column, habits) or _flag(column) or _number(column, habits) or Reading(name, Type.TEXT)


def _fits(column: ColumnProfile, probe: Probe) -> bool:
    """Say whether a probe reads nearly all filled values."""
    return column.filled > 0 and column.parsed.get(probe, 0) >= ENOUGH * column.filled


def _flag(column: ColumnProfile) -> Reading | None:
    """Read yes and no, unless they are written as numbers only."""
    if _fits(column, Probe(Type.BOOL)) and not _fits(column, Probe(Type.COUNT)):
        return Reading(column.name, Type.BOOL, None, "yes or no")
    return None


def _time(column: ColumnProfile, habits: _Habits) -> Reading | None:
    """Read a day or a time; digits alone are one only where the column's name tells when."""
    for type in (Type.DAY, Type.TIME):
        if _fits(column, Probe(type)):
            return Reading(column.name, type, None, "ISO 8601")
    plain = is_time(column.name) and not is_code(column.name)
    forms = [form for form in (*DATES, *WITH_TIME_INSIDE) if _fits(column, Probe(Type.TIME, form))]
    if not plain and COMPACT in forms:
        forms.remove(COMPACT)
    if forms:
        return _date(column, forms, habits)
    for form in (EPOCH_SECONDS, EPOCH_MILLIS):
        if plain and _fits(column, Probe(Type.TIME, form)):
            unit = "seconds" if form == EPOCH_SECONDS else "milliseconds"
            return Reading(column.name, Type.TIME, form, f"{unit} since 1970")
    return None


def _date(column: ColumnProfile, forms: list[str], habits: _Habits) -> Reading:
    """Return the reading with the best date format; equal ones are decided by the file's habits."""
    most = max(column.parsed[Probe(Type.TIME, form)] for form in forms)
    best = [form for form in forms if column.parsed[Probe(Type.TIME, form)] == most]
    either = any(form in DAY_FIRST for form in best) and any(form in MONTH_FIRST for form in best)
    preferred = [form for form in best if form in (DAY_FIRST if habits.day_first else MONTH_FIRST)]
    form = (preferred or best)[0]
    type = Type.DAY if column.parsed.get(Probe(Type.DAY, form), 0) == most else Type.TIME
    order = "day first: " if form in DAY_FIRST else "month first: " if form in MONTH_FIRST else ""
    own = "some days are later than the 12th" if order else "every value fits"
    if not either:
        return Reading(column.name, type, form, order + own)
    guess = GUESS if habits.day_reason.startswith(GUESS) else ""
    return Reading(column.name, type, form, guess + order + habits.day_reason.removeprefix(GUESS))


def _number(column: ColumnProfile, habits: _Habits) -> Reading | None:
    """Read a count, a number or an amount of money; codes with leading zeros are neither."""
    if column.parsed.get(Probe(Type.TEXT, LEADING_ZERO)) or is_code(column.name):
        return None
    money = is_money(column.name) or any(re.search("[€$£¥]|EUR|USD|GBP|CHF", text) for text in column.examples)
    if _fits(column, Probe(Type.COUNT)) and not any("." in text for text in column.examples):
        return Reading(column.name, Type.MONEY, ".") if money else Reading(column.name, Type.COUNT)
    marks = [mark for mark in (".", ",") if _fits(column, Probe(Type.NUMBER, mark))]
    if not marks:
        return None
    type = Type.MONEY if money else Type.NUMBER
    if len(marks) == 1:
        return Reading(column.name, type, marks[0], "decimal comma" if marks[0] == "," else "")
    more = column.parsed[Probe(Type.NUMBER, ".")] - column.parsed[Probe(Type.NUMBER, ",")]
    comma = more < 0 or (more == 0 and habits.comma)
    return Reading(column.name, type, "," if comma else ".", habits.comma_reason)


def _habits(profile: FileProfile) -> _Habits:
    """Ask all columns of a file together how it writes days and decimals."""
    texts = [column for column in profile.columns if column.native is None and column.filled]
    dots = sum(_only(column, ".", ",") for column in texts)
    commas = sum(_only(column, ",", ".") for column in texts)
    semicolon = profile.dialect.delimiter == ";"
    comma = commas > dots or (commas == dots and semicolon)
    if dots or commas:
        comma_reason = "as in the other columns of this file"
    else:
        comma_reason = GUESS + ("the cells are parted by semicolons" if semicolon else "nothing says otherwise")
    day_first, day_reason = _day_first(texts, semicolon, commas > dots)
    return _Habits(day_first, day_reason, comma, comma_reason)


def _only(column: ColumnProfile, mark: str, other: str) -> bool:
    """Say whether a column's numbers can be read with one decimal mark and not with the other."""
    return _fits(column, Probe(Type.NUMBER, mark)) and not _fits(column, Probe(Type.NUMBER, other))


def _day_first(texts: list[ColumnProfile], semicolon: bool, decimal_comma: bool) -> tuple[bool, str]:
    """Return whether the day comes before the month, and why: by values above 12, else by what goes with it."""
    days = months = 0
    for column in texts:
        for day, month in zip(DAY_FIRST, MONTH_FIRST, strict=True):
            first, second = column.parsed.get(Probe(Type.TIME, day), 0), column.parsed.get(Probe(Type.TIME, month), 0)
            if max(first, second) >= ENOUGH * column.filled:
                days, months = days + max(first - second, 0), months + max(second - first, 0)
    if days or months:
        return days >= months, "another column of the file has days later than the 12th"
    if semicolon or decimal_comma:
        return True, "the file writes decimal commas or parts cells by semicolons, as where the day comes first"
    if any(re.match(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text) for column in texts for text in column.examples):
        return True, "days are parted by dots, as where the day comes first"
    if any(re.search(r"\d ?[AaPp][Mm]$", text) for column in texts for text in column.examples):
        return False, "times have AM and PM, as where the month comes first"
    return False, GUESS + "no day is later than the 12th; if the day comes first, say so in [mapping.formats]"
