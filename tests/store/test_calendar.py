"""Working time as a table: week-ends, holidays, clock changes and far zones."""

from __future__ import annotations

from datetime import date

import pytest

from rapport.core.declarations import Calendar
from rapport.core.errors import ConfigError
from rapport.store.calendar import calendar_table

BERLIN = Calendar(timezone="Europe/Berlin", holidays=("2025-12-25",))


def days(calendar, first, last):
    return {r["day"]: r for r in calendar_table(calendar, first, last).to_pylist()}


def worked(row):
    return row["closes_1"] - row["opens_1"] + row["closes_2"] - row["opens_2"]


def test_a_week_has_forty_working_hours():
    week = days(BERLIN, date(2025, 6, 2), date(2025, 6, 8))
    assert sum(map(worked, week.values())) == 40 * 3600
    assert worked(week[date(2025, 6, 7)]) == 0


def test_a_holiday_has_none():
    assert worked(days(BERLIN, date(2025, 12, 25), date(2025, 12, 25))[date(2025, 12, 25)]) == 0


def test_opening_hours_move_with_the_clock():
    winter = days(BERLIN, date(2025, 3, 28), date(2025, 3, 31))
    assert winter[date(2025, 3, 28)]["opens_1"] == 8 * 3600
    assert winter[date(2025, 3, 31)]["opens_1"] == 7 * 3600


def test_the_second_of_the_clock_change_is_known():
    row = days(BERLIN, date(2025, 3, 30), date(2025, 3, 30))[date(2025, 3, 30)]
    assert (row["offset_seconds"], row["change_second"], row["offset_after"]) == (3600, 3600, 7200)
    quiet = days(BERLIN, date(2025, 6, 2), date(2025, 6, 2))[date(2025, 6, 2)]
    assert (quiet["change_second"], quiet["offset_after"]) == (86400, 7200)


def test_a_night_shift_across_the_clock_change_is_as_long_as_it_was():
    every = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    night = Calendar(timezone="Europe/Berlin", working_days=every, working_hours=("00:00", "06:00"))
    change = days(night, date(2025, 3, 29), date(2025, 3, 30))
    # UTC 29 March: 5 h of the 29th and 1 h of the 30th; UTC 30 March: the other 4 h (5 in all) and 2 h of the 31st.
    assert [worked(row) for row in change.values()] == [6 * 3600, 6 * 3600]


def test_two_stretches_can_touch_one_utc_day():
    sydney = Calendar(timezone="Australia/Sydney", working_hours=("08:00", "16:00"))
    week = days(sydney, date(2025, 6, 1), date(2025, 6, 7))
    assert sum(map(worked, week.values())) == 40 * 3600
    assert worked(week[date(2025, 6, 1)]) == 2 * 3600


def test_earlier_days_are_counted_up():
    week = days(BERLIN, date(2025, 6, 2), date(2025, 6, 4))
    assert [week[date(2025, 6, d)]["worked_before"] for d in (2, 3, 4)] == [0, 8 * 3600, 16 * 3600]


def test_an_unknown_zone_is_one_line():
    with pytest.raises(ConfigError, match="no time zone “Mars/Base”"):
        calendar_table(Calendar(timezone="Mars/Base"), date(2025, 1, 1), date(2025, 1, 2))
