"""The shop's clock and calendar: local time, daylight saving, opening hours and the rhythm of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from rapport.worlds.streams import Floats, Ints

ZONE = "Europe/Berlin"
HOUR, DAY = 3600, 86400
NEVER = np.int64(-(2**60))
OPENS, CLOSES = 9, 18
HOLIDAYS = ("01-01", "05-01", "10-03", "12-25", "12-26")


def seconds(day: date) -> int:
    """Return the local midnight of a day as seconds, counted as if the shop's wall clock were UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def month_starts(end: date, months: int) -> list[date]:
    """Return the first days of `months` months before `end`, and `end`, which must be the first of a month."""
    whole = end.year * 12 + end.month - 1
    return [date((whole - back) // 12, (whole - back) % 12 + 1, 1) for back in range(months, -1, -1)]


def to_utc(local: Ints) -> Ints:
    """Return UTC seconds of local seconds; `NEVER` stays never."""
    if local.size == 0 or (local == NEVER).all():
        return local.copy()
    known = local[local != NEVER]
    first, last = int(known.min()) // DAY - 1, int(known.max()) // DAY + 2
    zone = ZoneInfo(ZONE)
    midnights = np.arange(first, last + 1) * DAY
    offsets = np.array(
        [
            int((datetime.fromtimestamp(int(m), UTC).replace(tzinfo=zone).utcoffset() or timedelta()).total_seconds())
            for m in midnights
        ]
    )
    day = np.clip(local // DAY - first, 0, len(offsets) - 2)
    # The clocks change at three in the night; before that the old offset holds, after it the new one.
    offset = np.where(local % DAY < 3 * HOUR, offsets[day], offsets[day + 1])
    return np.where(local == NEVER, NEVER, local - offset)


def to_local(utc: Ints) -> Ints:
    """Return local seconds of UTC seconds; `NEVER` stays never."""
    hours, place = np.unique(utc // HOUR, return_inverse=True)
    zone = ZoneInfo(ZONE)
    known = hours != NEVER // HOUR
    ahead = [
        int((datetime.fromtimestamp(int(h) * HOUR, zone).utcoffset() or timedelta()).total_seconds()) if yes else 0
        for h, yes in zip(hours, known, strict=True)
    ]
    return np.where(utc == NEVER, NEVER, utc + np.array(ahead, dtype=np.int64)[place])


def calendar_month(local: int) -> int:
    """Return the month of the year, January 1."""
    return int(np.datetime64(local, "s").astype("datetime64[M]").astype(np.int64)) % 12 + 1


def weekday(local: Ints) -> Ints:
    """Return the day of the week, Monday 0."""
    return (local // DAY + 3) % 7


def hour(local: Ints) -> Ints:
    """Return the hour of the day."""
    return (local % DAY) // HOUR


@dataclass(frozen=True, slots=True)
class WorkTime:
    """Opening hours laid end to end, so that "two working hours later" is an addition."""

    starts: Ints
    worked: Ints

    @classmethod
    def of(cls, first: date, last: date, closed: dict[int, date] | None = None, days: int = 6) -> WorkTime:
        """Return the opening hours between two days, on the first `days` of the week.

        `closed` says from which day on a weekday is not staffed.
        """
        shut = closed or {}
        starts = []
        day = first
        while day <= last:
            staffed = day.weekday() < days and day < shut.get(day.weekday(), last + timedelta(1))
            if staffed and f"{day:%m-%d}" not in HOLIDAYS:
                starts.append(seconds(day) + OPENS * HOUR)
            day += timedelta(1)
        return cls(np.array(starts, dtype=np.int64), np.arange(len(starts), dtype=np.int64) * (CLOSES - OPENS) * HOUR)

    def after(self, local: Ints, working_seconds: Floats) -> Ints:
        """Return when so many working seconds have passed since `local`."""
        length = (CLOSES - OPENS) * HOUR
        index = np.clip(np.searchsorted(self.starts + length, local, side="right"), 0, len(self.starts) - 1)
        begun = self.worked[index] + np.clip(local - self.starts[index], 0, length)
        target = begun + np.maximum(working_seconds, 1.0).astype(np.int64)
        day = np.clip(np.searchsorted(self.worked, target, side="left") - 1, 0, len(self.starts) - 1)
        after: Ints = self.starts[day] + target - self.worked[day]
        return after

    def passed(self, local: Ints) -> Ints:
        """Return the working seconds from the first opening until each moment."""
        index = np.clip(np.searchsorted(self.starts, local, side="right") - 1, 0, len(self.starts) - 1)
        until: Ints = self.worked[index] + np.clip(local - self.starts[index], 0, (CLOSES - OPENS) * HOUR)
        return until
