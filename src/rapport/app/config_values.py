"""The kinds of value in rapport.toml, each with the sentence that is said when it is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"{name!r} is no time zone; write a name such as Europe/Berlin") from problem
    return name


def _day(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as problem:
        raise ValueError(f"{text!r} is no day; write it as 2026-01-31") from problem
    return text


def _written(value: Any) -> Any:
    """Take a date that TOML knows as a date."""
    return value.isoformat() if isinstance(value, date) else value


def _hour(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-4]):[0-5]\d", text):
        raise ValueError(f"{text!r} is no time of day; write it as 09:00")
    return text


def _weekday(text: str) -> str:
    if text not in DAYS:
        raise ValueError(f"{text!r} is no day of the week; write {', '.join(DAYS)}")
    return text


def _currency(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError(f"{text!r} is no currency; write three letters such as EUR")
    return text.upper()


Zone = Annotated[str, AfterValidator(_zone)]
Day = Annotated[str, BeforeValidator(_written), AfterValidator(_day)]
Hour = Annotated[str, AfterValidator(_hour)]
Weekday = Annotated[str, AfterValidator(_weekday)]
Currency = Annotated[str, AfterValidator(_currency)]
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]
