"""Knows when clocks somewhere change to summer time and back."""

from __future__ import annotations

from datetime import date, timedelta


def like_summer_time(day: date, hours: int, slack: int = 12) -> bool:
    """Tell whether hours kept in UTC would move like this because clocks somewhere changed to or from summer time."""
    changes = []
    for year in (day.year - 1, day.year, day.year + 1):
        for month, week, move in ((3, -1, -1), (10, -1, 1), (3, 1, -1), (11, 0, 1), (4, 0, 1), (10, 0, -1)):
            changes.append((_sunday(year, month, week), move))
    return any(abs((day - change).days) <= slack and hours == move for change, move in changes)


def _sunday(year: int, month: int, which: int) -> date:
    """Return a Sunday of a month: 0 the first, 1 the second, −1 the last."""
    days = [date(year, month, 1) + timedelta(days=i) for i in range(31)]
    return [d for d in days if d.month == month and d.weekday() == 6][which]
