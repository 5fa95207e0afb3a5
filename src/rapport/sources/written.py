"""How a format is written in rapport.toml: dd/mm/yyyy and 1.234,56 rather than a programmer's codes."""

from __future__ import annotations

import re
from typing import Final

from rapport.core.errors import ConfigError
from rapport.core.source import Reading
from rapport.core.table import Type
from rapport.sources.probes import EPOCH_MILLIS, EPOCH_SECONDS

NUMBERS: Final = {"1.234,56": ",", "1234,56": ",", "1,234.56": ".", "1234.56": ".", "1 234,56": ",", "1'234.56": "."}
EPOCHS: Final = {EPOCH_SECONDS: "seconds since 1970", EPOCH_MILLIS: "milliseconds since 1970"}
TOKENS: Final = {"dd": "%d", "yyyy": "%Y", "yy": "%y", "hh": "%H", "ss": "%S"}
PLAIN: Final = {"text": Type.TEXT, "day": Type.DAY, "time": Type.TIME, "yes/no": Type.BOOL, "count": Type.COUNT}


def written(reading: Reading) -> str:
    """Return the format of a reading as a person writes it; empty where it goes without saying."""
    form = reading.format
    if reading.type in (Type.NUMBER, Type.MONEY):
        return "1.234,56" if form == "," else ""
    if form is None or reading.type not in (Type.DAY, Type.TIME):
        return ""
    if form in EPOCHS:
        return EPOCHS[form]
    if re.fullmatch(r"(%[dmYy][/.\- ]?){3}", form):
        day = form.replace("%d", "dd").replace("%m", "mm").replace("%Y", "yyyy").replace("%y", "yy")
        return day + " hh:mm" if reading.type is Type.TIME else day
    return form


def reading_of(column: str, text: str, default: Type = Type.TEXT) -> Reading:
    """Return the reading that `[mapping.formats]` asks for; `default` is the type where the format leaves it open."""
    asked = text.strip()
    why = "asked for in rapport.toml"
    if asked in NUMBERS:
        return Reading(column, default if default is Type.MONEY else Type.NUMBER, NUMBERS[asked], why)
    if asked.lower() in PLAIN:
        return Reading(column, PLAIN[asked.lower()], None, why)
    for form, name in EPOCHS.items():
        if asked in (name, form):
            return Reading(column, Type.TIME, form, why)
    form = asked if "%" in asked else _strptime(asked)
    if not re.search("%[dmYyBb]", form) or re.search(r"[A-Za-z]{2}", re.sub(r"%[A-Za-z]|T", "", form)):
        raise ConfigError(
            f"{text!r} is no format", where=f"mapping.formats, {column}", todo="write dd/mm/yyyy, 1.234,56, day or text"
        )
    clock = re.search(r"[ T,]*%[HI].*$", form)
    if clock and "%z" not in form and not re.search("%[dmYybB]", clock.group()):
        return Reading(column, Type.TIME, form[: clock.start()], why)
    return Reading(column, Type.TIME if clock else Type.DAY, form, why)


def _strptime(text: str) -> str:
    """Turn dd/mm/yyyy hh:mm into strptime's codes; mm after the hour is minutes."""
    hours = False
    pieces: list[str] = []
    for piece in re.split(r"(dd|mm|yyyy|yy|hh|ss)", text, flags=re.IGNORECASE):
        low = piece.lower()
        if low == "mm":
            pieces.append("%M" if hours else "%m")
        else:
            pieces.append(TOKENS.get(low, piece))
            hours = hours or low == "hh"
    return "".join(pieces)
