"""One source is an hour off after daylight saving; new opening hours are another shape of the day, no other clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.foundations.clock_shift import clock_shift
from rapport.core.declarations import Calendar, Declarations
from rapport.core.outcome import Looked
from rapport.measures.clocks import _fits
from rapport.measures.summer_time import like_summer_time
from tests.stage import Stage

END = datetime(2026, 1, 1)
DAYS = 420
BERLIN = Declarations(calendar=Calendar(timezone="Europe/Berlin", declared=True))
SPRING, AUTUMN = np.datetime64("2025-03-30T01:00"), np.datetime64("2025-10-26T01:00")
assert ZoneInfo("Europe/Berlin")


def tickets(seed, n=20000, off=None, later=0.0, declared=BERLIN):
    r = np.random.default_rng(seed)
    day = r.integers(0, DAYS, n)
    hour = np.clip(r.normal(13, 3.5, n), 0.01, 23.98)
    source = r.choice(["shop.csv", "chat.csv"], n)
    local = np.datetime64(END, "us") - (DAYS - day) * np.timedelta64(1, "D") + (hour * 3600e6).astype("timedelta64[us]")
    summer = (local >= SPRING) & (local < AUTUMN)
    utc = local - np.where(summer, 2, 1) * np.timedelta64(1, "h")
    utc = utc + np.where(summer & ((source == off) | (off == "all")), 1, 0) * np.timedelta64(1, "h")
    evening = (source == "chat.csv") & (local >= SPRING) & (r.random(n) < later)
    utc = utc + np.where(evening, (r.uniform(3, 7, n) * 3600e6).astype("timedelta64[us]"), 0)
    table = {
        "ticket_id": np.arange(n).astype(str),
        "opened_at": utc,
        "channel": r.choice(["mail", "chat"], n),
        "_source": source,
    }
    return Stage({"tickets": pa.table(table)}, as_of=END, declared=declared)


def certain(outcome):
    assert isinstance(outcome, Looked)
    echoes = [dict(s) for t in outcome.tests for s in t.explains]
    return [t for t in outcome.tests if t.p_value < 0.001 and dict(t.scope) not in echoes]


@pytest.mark.parametrize("seed", [1, 2])
def test_one_source_an_hour_off_after_daylight_saving(seed):
    outcome = tickets(seed, off="chat.csv").ask(clock_shift)
    (found,) = certain(outcome)
    assert found.scope == {"table": "tickets", "source": "chat.csv"}
    assert found.value.value == 1
    assert "1 h later since about 30 Mar 2025" in found.title
    assert outcome.doubts[0].table == "tickets"


def test_where_all_of_it_moved_the_table_is_named():
    (found,) = certain(tickets(3, off="all").ask(clock_shift))
    assert found.scope == {"table": "tickets"}


@pytest.mark.parametrize("seed", [4, 5])
def test_sources_that_keep_time_are_quiet(seed):
    outcome = tickets(seed).ask(clock_shift)
    assert certain(outcome) == []
    assert any(t.within for t in outcome.tests)


@pytest.mark.parametrize("seed", [6, 7])
def test_new_evening_hours_are_no_other_clock(seed):
    assert certain(tickets(seed, later=0.4).ask(clock_shift)) == []


def test_without_a_declared_zone_summer_time_is_said_and_no_source_is_blamed():
    outcome = tickets(8, declared=Declarations()).ask(clock_shift)
    assert certain(outcome) == []
    assert "declare the company's time zone" in outcome.notes[0]


def test_without_a_declared_zone_the_source_that_stays_behind_is_found():
    found = certain(tickets(9, off="chat.csv", declared=Declarations()).ask(clock_shift))
    assert {"table": "tickets", "source": "chat.csv"} in [dict(t.scope) for t in found]


def test_days_on_which_clocks_change():
    assert like_summer_time(date(2025, 3, 30), -1)
    assert like_summer_time(date(2025, 10, 26), 1)
    assert not like_summer_time(date(2025, 3, 16), 1)
    assert not like_summer_time(date(2025, 7, 1), -1)


def test_dates_without_a_time_of_day_have_no_clock():
    rows = [{"order_id": str(i), "ordered_at": datetime(2025, 1 + i % 12, 1)} for i in range(500)]
    outcome = Stage({"orders": rows}).ask(clock_shift)
    assert not (isinstance(outcome, Looked) and outcome.tests)


def test_where_there_are_no_rows_no_turning_fits():
    none = np.zeros((14, 24))
    with np.errstate(all="raise"):
        assert not _fits(none, none, 1)
