"""Dates, times and numbers are read as they were meant; what cannot be read is nothing rather than a wrong value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.errors import ConfigError
from rapport.core.source import Dialect, Kind, Probe, Reading
from rapport.core.table import Type
from rapport.sources.formats import GUESS, PROBES, probes_for, reading_of, sql_for, written
from tests.sources.bench import Bench

CONNECTION = duckdb.connect()


def read(probe: Probe, text: str, timezone: str = "") -> Any:
    row = CONNECTION.execute(f"select {sql_for(probe, 'v', timezone)} from (select ?::varchar as v)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (None, "2024-03-01 10:30", dt.datetime(2024, 3, 1, 10, 30)),
        (None, "2024-03-01T10:30:00Z", dt.datetime(2024, 3, 1, 10, 30)),
        (None, "2024-03-01T10:30:00.250+02:00", dt.datetime(2024, 3, 1, 8, 30, 0, 250000)),
        (None, "2024-03-01 10:30:00 UTC", dt.datetime(2024, 3, 1, 10, 30)),
        (None, "2024-03-01", dt.datetime(2024, 3, 1)),
        (None, "2024-02-30", None),
        (None, "2024-03-01 25:00", None),
        ("%d/%m/%Y", "31/12/2024 23:59", dt.datetime(2024, 12, 31, 23, 59)),
        ("%d/%m/%Y", "31/02/2024", None),
        ("%d/%m/%Y", "1/2/24", None),
        ("%d.%m.%y", "1.2.24 08:05:07", dt.datetime(2024, 2, 1, 8, 5, 7)),
        ("%m/%d/%Y", "2/13/2024 1:05 PM", dt.datetime(2024, 2, 13, 13, 5)),
        ("%d %b %Y", "3 mar 2024 10:00", dt.datetime(2024, 3, 3, 10, 0)),
        ("%B %d, %Y", "March 3, 2024", dt.datetime(2024, 3, 3)),
        ("%a %b %d %H:%M:%S %z %Y", "Tue Oct 31 22:10:47 +0200 2017", dt.datetime(2017, 10, 31, 20, 10, 47)),
        ("epoch_s", "1500000000", dt.datetime(2017, 7, 14, 2, 40)),
        ("epoch_ms", "1500000000123", dt.datetime(2017, 7, 14, 2, 40, 0, 123000)),
    ],
)
def test_times(form: str | None, text: str, value: dt.datetime | None) -> None:
    assert read(Probe(Type.TIME, form), text) == value


def test_a_time_without_an_offset_is_in_the_zone_of_its_source() -> None:
    assert read(Probe(Type.TIME), "2024-07-01 10:00", "Europe/Berlin") == dt.datetime(2024, 7, 1, 8, 0)
    assert read(Probe(Type.TIME), "2024-07-01T10:00:00Z", "Europe/Berlin") == dt.datetime(2024, 7, 1, 10, 0)
    assert read(Probe(Type.TIME, "%d.%m.%Y"), "01.12.2024 10:00", "Europe/Berlin") == dt.datetime(2024, 12, 1, 9, 0)
    with pytest.raises(ConfigError):
        sql_for(Probe(Type.TIME), "v", "x'); drop table y")


@pytest.mark.parametrize(
    ("mark", "text", "value"),
    [
        (".", "1,234.50", "1234.5"),
        (".", "-€12.50", "-12.5"),
        (".", "(12.50)", "-12.5"),
        (".", "1'234.50", "1234.5"),
        (".", "12.5.3", None),
        (".", "1,23,4", None),
        (".", "nan", None),
        (".", "12.5%", "0.125"),
        (",", "1.234,50", "1234.5"),
        (",", "1\u00a0234,5 €", "1234.5"),
        (",", "12,5-", "-12.5"),
        (",", "1,234.50", None),
        (",", "99999999999999999999", None),
        (".", "", None),
        (".", "-", None),
    ],
)
def test_amounts_of_money_are_exact(mark: str, text: str, value: str | None) -> None:
    assert read(Probe(Type.MONEY, mark), text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(("text", "value"), [("Ja", True), ("non", False), ("0", False), ("T", True), ("maybe", None)])
def test_yes_and_no(text: str, value: bool | None) -> None:
    assert read(Probe(Type.BOOL), text) is value


@given(st.text(max_size=25) | st.from_regex(r"[0-9./:\- ,+%€()TZ]{1,20}", fullmatch=True))
def test_no_text_makes_a_reading_raise(text: str) -> None:
    if "\0" not in text:
        values = ", ".join(sql_for(probe, "v", "Europe/Berlin") for probe in PROBES)
        CONNECTION.execute(f"select {values} from (select ?::varchar as v)", [text])


@given(st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)))
def test_every_day_is_read_in_every_format_that_can_write_it(day: dt.date) -> None:
    for probe in PROBES:
        if probe.type is Type.DAY:
            text = day.strftime(probe.format or "%Y-%m-%d")
            assert read(probe, text) == day, probe
            assert probe in probes_for([text])


def readings(text: str, delimiter: str = ",") -> dict[str, Reading]:
    bench = Bench()
    bench.text("x.csv", text, Dialect(Kind.CSV, delimiter=delimiter))
    return bench.readings["x.csv"]


def test_one_late_day_in_one_column_decides_for_the_whole_file() -> None:
    found = readings("ordered;shipped\n01/02/2024;03/02/2024\n05/06/2024;17/06/2024", ";")
    assert found["ordered"].format == found["shipped"].format == "%d/%m/%Y"
    assert "later than the 12th" in found["ordered"].reason
    assert readings("a,b\n01/02/2024,02/14/2024")["a"].format == "%m/%d/%Y"


def test_where_no_day_is_late_the_rest_of_the_file_hints() -> None:
    assert readings("tag;preis\n01/02/2024;1,50\n03/04/2024;2,75", ";")["tag"].format == "%d/%m/%Y"
    assert readings("day\n01.02.2024")["day"].format == "%d.%m.%Y"
    assert readings("day,t\n01/02/2024,01/02/2024 3:00 PM")["day"].format == "%m/%d/%Y"
    guess = readings("day\n01/02/2024\n03/04/2024")["day"]
    assert guess.format == "%m/%d/%Y"
    assert guess.reason.startswith(GUESS)


def test_a_decimal_comma_is_known_by_the_other_columns() -> None:
    found = readings("menge;wert;rest\n1,234;1.234,50;a\n5,678;12,25;b", ";")
    assert found["menge"].format == found["wert"].format == ","
    assert found["wert"].type is Type.NUMBER
    assert readings("size|price\n1,234|12.50\n5,678|3.75", "|")["size"].format == "."


def test_codes_stay_text() -> None:
    found = readings("order_id,phone,zip,ref x,qty\n1001,4915112345,01234,007,3\n1002,4915112346,80331,008,4")
    assert [found[name].type for name in ("order_id", "phone", "zip", "ref x")] == [Type.TEXT] * 4
    assert found["qty"].type is Type.COUNT


def test_ids_that_a_spreadsheet_made_decimal_are_whole_again() -> None:
    assert readings("CustomerID\n17850.0\n13047.0")["CustomerID"].type is Type.COUNT


def test_two_words_in_a_hundred_numbers_are_two_rejects_and_more_make_it_text() -> None:
    few = "x\n" + "\n".join([*(f"{n}.5" for n in range(98)), "broken", "lost"])
    many = "x\n" + "\n".join([*(f"{n}.5" for n in range(90)), *("broken",) * 10])
    assert readings(few)["x"].type is Type.NUMBER
    assert readings(many)["x"].type is Type.TEXT


def test_digits_are_a_time_only_where_the_name_says_so() -> None:
    found = readings("created_at,code x,day\n1500000000,1500000000,19970101")
    assert found["created_at"].format == "epoch_s"
    assert found["code x"].type is Type.COUNT
    assert (found["day"].type, found["day"].format) == (Type.DAY, "%Y%m%d")


@pytest.mark.parametrize(
    "reading",
    [
        Reading("c", Type.DAY, "%d/%m/%Y"),
        Reading("c", Type.TIME, "%d.%m.%y"),
        Reading("c", Type.TIME, "%m/%d/%Y"),
        Reading("c", Type.NUMBER, ","),
        Reading("c", Type.DAY, "%d %b %Y"),
        Reading("c", Type.TIME, "epoch_ms"),
        Reading("c", Type.TIME, "%a %b %d %H:%M:%S %z %Y"),
    ],
)
def test_a_format_reads_back_as_it_was_written(reading: Reading) -> None:
    back = reading_of("c", written(reading), reading.type)
    assert (back.type, back.format) == (reading.type, reading.format)


def test_a_format_that_is_none_is_refused_with_what_to_write() -> None:
    with pytest.raises(ConfigError) as caught:
        reading_of("OrderDate", "whenever")
    assert "OrderDate" in str(caught.value)
    assert "dd/mm/yyyy" in str(caught.value)
