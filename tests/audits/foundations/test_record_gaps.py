"""A third of the tickets vanishes for three weeks; week-ends and Christmas are no gaps; a source that stops is one."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.foundations.record_gaps import record_gaps
from rapport.core.outcome import Looked
from tests.stage import Stage

END = datetime(2026, 1, 1)
DAYS = 500
GAP = range(300, 321)


def tickets(seed, rate=50, lost=0.0, channel=None, stops=None, january=0):
    """Return tickets of a desk closed at week-ends and from 24 December on, `rate` a working day."""
    r = np.random.default_rng(seed)
    when, channels = [], []
    for i in range(DAYS):
        day = END - timedelta(days=DAYS - i)
        if day.weekday() >= 5 or (day.month == 12 and day.day >= 24) or (stops is not None and i >= stops):
            continue
        n = r.poisson(rate * r.gamma(100, 1 / 100))
        if day.month == 1 and day.day <= january:
            n = 0
        names = r.choice(["mail", "chat", "phone"], n)
        keep = np.ones(n, dtype=bool)
        if i in GAP:
            keep = r.random(n) >= lost if channel is None else names != channel
        when += [day + timedelta(hours=9 + float(h)) for h in r.uniform(0, 8, int(keep.sum()))]
        channels += list(names[keep])
    table = {
        "ticket_id": [str(i) for i in range(len(when))],
        "opened_at": pa.array(when, pa.timestamp("us")),
        "channel": channels,
    }
    return Stage({"tickets": pa.table(table)}, as_of=END)


def certain(outcome):
    assert isinstance(outcome, Looked)
    echoes = [dict(s) for t in outcome.tests for s in t.explains]
    return [t for t in outcome.tests if t.p_value < 0.001 and dict(t.scope) not in echoes]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_third_that_vanishes_for_three_weeks_is_found(seed):
    outcome = tickets(seed, 150, lost=1 / 3).ask(record_gaps)
    (gap,) = certain(outcome)
    assert gap.scope == {"table": "tickets"}
    assert 0.25 < gap.value.value < 0.45
    assert "Jun 2025" in gap.title
    assert outcome.doubts[0].table == "tickets"


def test_a_channel_that_vanishes_is_named_and_explains_the_table():
    (gap,) = certain(tickets(4, channel="chat").ask(record_gaps))
    assert gap.scope == {"table": "tickets", "channel": "chat"}
    assert [dict(s) for s in gap.explains] == [{"table": "tickets"}]


@pytest.mark.parametrize("seed", range(5))
def test_week_ends_and_christmas_are_no_gaps(seed):
    outcome = tickets(seed, 150).ask(record_gaps)
    assert certain(outcome) == []
    assert outcome.doubts == ()
    assert any(t.within for t in outcome.tests)


def test_a_shop_closed_until_the_third_of_january_has_no_gap():
    outcome = tickets(5, 80, january=3).ask(record_gaps)
    assert certain(outcome) == []


def test_a_table_that_stops_before_the_cut_off_is_found():
    (gap,) = certain(tickets(6, stops=455).ask(record_gaps))
    assert gap.scope == {"table": "tickets"}
    assert gap.value.value == 1


def test_too_few_rows_a_day_are_short_and_not_conforming():
    outcome = tickets(7, 3).ask(record_gaps)
    assert isinstance(outcome, Looked)
    assert outcome.tests == ()
    assert outcome.short[0].needed > outcome.short[0].n


def test_a_channel_that_another_one_replaces_is_no_gap():
    r = np.random.default_rng(8)
    when, channel = [], []
    for i in range(DAYS):
        n = r.poisson(40)
        when += [END - timedelta(days=DAYS - i, hours=-12)] * n
        channel += ["fax" if i < 400 else "chat"] * (n // 2) + ["mail"] * (n - n // 2)
    rows = {
        "ticket_id": [str(i) for i in range(len(when))],
        "opened_at": pa.array(when, pa.timestamp("us")),
        "channel": channel,
    }
    assert certain(Stage({"tickets": pa.table(rows)}, as_of=END).ask(record_gaps)) == []


def customers_and(table, day_column, source, until=DAYS):
    """Return customers created every day but those of the last month, and rows of another table from `source`."""
    r = np.random.default_rng(9)
    days = [END - timedelta(days=DAYS - i) for i in range(DAYS)]
    created = [d for d in days[: DAYS - 31] for _ in range(r.poisson(60))]
    there = [d for d in days[:until] for _ in range(r.poisson(60))]

    def rows(key, column, when, file):
        return pa.table(
            {
                key: [str(i) for i in range(len(when))],
                column: pa.array(when, pa.timestamp("us")),
                "_source": [file] * len(when),
            }
        )

    return Stage(
        {
            "customers": rows("customer_id", "created_at", created, "answers.csv"),
            table: rows(f"{table.rstrip('s')}_id", day_column, there, source),
        },
        as_of=END,
    )


def test_customers_of_the_same_file_as_another_table_are_no_series_of_their_own():
    same = customers_and("tickets", "opened_at", "answers.csv").ask(record_gaps)
    assert certain(same) == []
    assert {t.scope["table"] for t in same.tests} == {"tickets"}
    (gap,) = certain(customers_and("tickets", "opened_at", "tickets.csv").ask(record_gaps))
    assert gap.scope == {"table": "customers"}


def test_a_single_gap_and_a_single_table_are_said_in_the_singular():
    one = customers_and("tickets", "opened_at", "answers.csv", until=DAYS - 40).ask(record_gaps)
    assert one.headline == "1 gap in 1 table or part of one."
    thin = tickets(7, 3).ask(record_gaps)
    assert thin.headline == "No table has enough rows a day to see 33 % missing for 21 days."


def test_messages_that_vanish_with_their_tickets_are_no_gap_of_their_own():
    r = np.random.default_rng(3)
    days = [END - timedelta(days=DAYS - i, hours=-9) for i in range(DAYS)]
    when = [d for i, d in enumerate(days) for _ in range(r.poisson(20 if i in GAP else 60))]
    opened = {
        "ticket_id": [str(i) for i in range(len(when))],
        "opened_at": pa.array(when, pa.timestamp("us")),
        "channel": list(r.choice(["mail", "chat"], len(when))),
    }
    twice = [w for w in when for _ in range(2)]
    sent = {"message_id": [str(i) for i in range(len(twice))], "sent_at": pa.array(twice, pa.timestamp("us"))}
    (gap,) = certain(Stage({"tickets": pa.table(opened), "messages": pa.table(sent)}, as_of=END).ask(record_gaps))
    assert gap.scope == {"table": "tickets"}
    echoes = [dict(s) for s in gap.explains]
    assert {"table": "messages"} in echoes
    assert {"table": "tickets", "channel": "chat"} in echoes
