"""A topic that one source stops filling is found there; a column nobody ever filled is no gap."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.foundations.record_completeness import record_completeness
from rapport.core.outcome import Looked, NotAssessable
from tests.stage import Stage

END = datetime(2026, 1, 1)
DAYS = 730


def tickets(seed, n=4000, blank=None, months=6, natural=0.05, source=True):
    r = np.random.default_rng(seed)
    day = r.uniform(0, DAYS, n)
    origin = r.choice(["chat.csv", "mail.csv", "phone.csv"], n)
    lost = r.random(n) < natural
    if blank is not None:
        lost |= (day > DAYS - months * 30.44) & ((origin == blank) | (blank == "all"))
    topic = r.choice(["delivery", "invoice"], n).astype(object)
    topic[lost] = None
    table = {
        "ticket_id": np.arange(n).astype(str),
        "customer_id": (np.arange(n) % 900).astype(str),
        "opened_at": np.datetime64(END, "us") - ((DAYS - day) * 86400e6).astype("timedelta64[us]"),
        "topic": pa.array(topic, pa.string()),
        "team": r.choice(["A", "B"], n),
    }
    return Stage({"tickets": pa.table(table | ({"_source": origin} if source else {}))}, as_of=END)


def certain(outcome):
    assert isinstance(outcome, Looked)
    return sorted((t for t in outcome.tests if t.p_value < 0.001), key=lambda t: t.p_value)


@pytest.mark.parametrize("n", [700, 4000])
def test_a_field_that_one_source_stops_filling_is_found_there(n):
    outcome = tickets(1, n, blank="chat.csv").ask(record_completeness)
    first, *_ = certain(outcome)
    assert first.scope == {"table": "tickets", "column": "topic", "source": "chat.csv"}
    assert first.onset == "2025-07-01"
    assert [dict(s) for s in first.explains] == [{"table": "tickets", "column": "topic"}]
    assert "have no topic since July 2025" in first.title
    (doubt,) = outcome.doubts
    assert doubt.table == "tickets"
    assert 0.3 <= doubt.cap < 0.8


def test_where_sources_are_not_known_the_column_is_found():
    first, *_ = certain(tickets(2, blank="all", source=False).ask(record_completeness))
    assert first.scope == {"table": "tickets", "column": "topic"}


def test_where_all_sources_stop_no_source_is_blamed_alone():
    found = certain(tickets(3, blank="all").ask(record_completeness))
    assert {"table": "tickets", "column": "topic"} in [dict(t.scope) for t in found]
    assert not any(t.explains for t in found)


@pytest.mark.parametrize("seed", range(4))
def test_values_missing_at_random_are_quiet_and_conforming(seed):
    outcome = tickets(seed).ask(record_completeness)
    assert certain(outcome) == []
    assert outcome.doubts == ()
    assert all(t.within for t in outcome.tests)


def test_a_column_never_filled_is_not_collected():
    outcome = tickets(5).ask(record_completeness)
    assert isinstance(outcome, Looked)
    assert "priority" not in [t.scope["column"] for t in outcome.tests]


def test_an_empty_record_cannot_be_judged():
    assert isinstance(Stage({}).ask(record_completeness), NotAssessable)


def test_outcomes_are_counted_on_old_rows_only_and_scores_on_answers_only():
    tables = {
        "orders": [
            {"order_id": "old", "ordered_at": datetime(2025, 10, 1), "delivered_at": datetime(2025, 10, 3)},
            {"order_id": "new", "ordered_at": datetime(2025, 12, 30), "delivered_at": None},
        ],
        "feedback": [
            {"feedback_id": "1", "kind": "nps", "asked_at": datetime(2025, 10, 1), "answered_at": None, "score": None},
            {"feedback_id": "2", "kind": "nps", "asked_at": datetime(2025, 10, 1), "answered_at": END, "score": 3.0},
            {
                "feedback_id": "3",
                "kind": "nps",
                "asked_at": datetime(2025, 10, 1),
                "answered_at": datetime(2025, 10, 1),
                "score": 0.0,
            },
        ],
    }
    rows = Stage(tables, as_of=END).rows("completeness", '"table", "column", day')
    found = {(f"{r['table']}.{r['column']}", r["n"], r["missing"]) for r in rows}
    assert ("orders.delivered_at", 1, 0) in found
    assert ("feedback.score", 1, 0) in found
