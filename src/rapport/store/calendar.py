"""Writes working time as a table, so that SQL can count working minutes across week-ends and clock changes."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rapport.core.declarations import Calendar
from rapport.core.errors import ConfigError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 86400
EPOCH = date(1970, 1, 1)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone called `name`; raises ConfigError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise ConfigError(
            f"there is no time zone “{name}”", where="rapport.toml, timezone", todo="use one like Europe/Berlin"
        ) from problem


def calendar_table(calendar: Calendar, first: date, last: date) -> pa.Table:
    """Return one row per UTC day from `first` to `last` (both included), as described in `record/calendar.py`.

    A working day runs from the first to the second of `working_hours` in the calendar's zone; across a clock change the
    stretch is as long as it really was. Two stretches can touch one UTC day where the zone is far from UTC.
    """
    zone = zone_of(calendar.timezone)
    stretches = _stretches(calendar, zone, first - timedelta(days=2), last + timedelta(days=2))
    rows: list[tuple[int, ...]] = []
    worked = 0
    day = first
    while day <= last:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        inside = [s for s in (_clip(a, b, midnight) for a, b in stretches.get(day, ())) if s[1] > s[0]][:2]
        inside += [(0, 0)] * (2 - len(inside))
        before, change, after = _offsets(zone, midnight)
        rows.append(((day - EPOCH).days, before, change, after, worked, *inside[0], *inside[1]))
        worked += sum(b - a for a, b in inside)
        day += timedelta(days=1)
    columns = np.array(rows, dtype=np.int64).reshape(-1, len(_NAMES)).T
    return pa.table(dict(zip(_NAMES, (_days(columns[0]), *map(_numbers, columns[1:])), strict=True)))


# pa.array would load pandas, where it is installed, for half a second
def _days(days: NDArray[np.int64]) -> pa.Array:
    return pa.Array.from_buffers(pa.date32(), days.size, [None, pa.py_buffer(days.astype(np.int32))])


def _numbers(values: NDArray[np.int64]) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), values.size, [None, pa.py_buffer(np.ascontiguousarray(values))])


def write_calendar(table: pa.Table, path: Path) -> None:
    """Write a calendar so that a reader sees all of it or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    os.close(handle)
    pq.write_table(table, temporary)
    Path(temporary).replace(path)


def same_calendar(one: Path, other: Path) -> bool:
    """Tell whether two calendar files hold the same days; one that cannot be read is none."""
    try:
        return bool(pq.read_table(one).equals(pq.read_table(other)))
    except (OSError, pa.ArrowException):
        return False


_NAMES = (
    "day",
    "offset_seconds",
    "change_second",
    "offset_after",
    "worked_before",
    "opens_1",
    "closes_1",
    "opens_2",
    "closes_2",
)


def _stretches(
    calendar: Calendar, zone: ZoneInfo, first: date, last: date
) -> dict[date, list[tuple[datetime, datetime]]]:
    """Return, for each UTC day, the working stretches that touch it."""
    opens, closes = (time.fromisoformat(t) for t in calendar.working_hours)
    holidays = {date.fromisoformat(h) for h in calendar.holidays}
    touching: dict[date, list[tuple[datetime, datetime]]] = {}
    day = first
    while day <= last:
        if DAYS[day.weekday()] in calendar.working_days and day not in holidays:
            begin = datetime.combine(day, opens, zone).astimezone(UTC)
            end = datetime.combine(day, closes, zone).astimezone(UTC)
            for touched in sorted({begin.date(), end.date()}):
                touching.setdefault(touched, []).append((begin, end))
        day += timedelta(days=1)
    return touching


def _clip(begin: datetime, end: datetime, midnight: datetime) -> tuple[int, int]:
    """Return a stretch as seconds of one UTC day."""
    a = int((begin - midnight).total_seconds())
    b = int((end - midnight).total_seconds())
    return max(a, 0), min(b, DAY)


def _offsets(zone: ZoneInfo, midnight: datetime) -> tuple[int, int, int]:
    """Return the offset at the start of a UTC day, the second at which it changes, and the offset after that."""

    def offset(second: int) -> int:
        found = (midnight + timedelta(seconds=second)).astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found is not None else 0

    before, after = offset(0), offset(DAY - 1)
    if before == after:
        return before, DAY, before
    low, high = 0, DAY - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == before else (low, middle)
    return before, high, after
