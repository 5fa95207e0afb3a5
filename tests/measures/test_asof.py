"""An as-of view shows nothing that came later, whatever the future and the undated states say."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.core.table import Role, Type
from rapport.measures.asof import View, view_of
from rapport.record import TABLES
from rapport.store.seen import parquet
from tests.stage import typed

CUT = datetime(2025, 6, 1)


def seen(tables, folder: Path, name: str, *, as_of=CUT, present=False):
    """Return the rows of one table as of a moment."""
    files, columns = {}, {}
    here = Path(tempfile.mkdtemp(dir=folder))  # a file is never written twice: the engine remembers what it has read
    for table, rows in tables.items():
        data = typed(table, rows)
        files[table] = here / f"{table}.parquet"
        pq.write_table(data, files[table])
        columns[table] = frozenset(data.column_names)
    query = view_of(
        TABLES[name],
        View(as_of, present, columns),
        lambda t: parquet(str(files[t])) if t in files else None,
    )
    done = duckdb.sql(query.sql(dialect="duckdb"))
    return [dict(zip(done.columns, r, strict=True)) for r in done.fetchall()]


def ticket(**more):
    return {"ticket_id": "1", "customer_id": "c", "opened_at": CUT - timedelta(days=9), **more}


def test_a_row_exists_from_its_event_on_and_not_at_it(tmp_path):
    rows = [ticket(), ticket(ticket_id="2", opened_at=CUT), ticket(ticket_id="3", opened_at=CUT + timedelta(1))]
    assert [r["ticket_id"] for r in seen({"tickets": rows}, tmp_path, "tickets")] == ["1"]


def test_an_outcome_is_unknown_until_its_time(tmp_path):
    later = ticket(resolved_at=CUT + timedelta(1), reopens=3, status="closed", sla_met=False)
    row = seen({"tickets": [later]}, tmp_path, "tickets")[0]
    assert (row["resolved_at"], row["reopens"], row["status"], row["sla_met"]) == (None, None, None, None)
    earlier = ticket(resolved_at=CUT - timedelta(1), reopens=3)
    assert seen({"tickets": [earlier]}, tmp_path, "tickets")[0]["reopens"] == 3


def test_a_count_filled_in_afterwards_is_not_seen_in_the_past(tmp_path):
    undated = ticket(reopens=5)
    assert seen({"tickets": [undated]}, tmp_path, "tickets")[0]["reopens"] is None
    assert seen({"tickets": [undated]}, tmp_path, "tickets", present=True)[0]["reopens"] == 5


def test_a_state_is_never_seen_in_the_past(tmp_path):
    customer = {"customer_id": "c", "created_at": CUT - timedelta(days=400), "segment": "churned", "region": "north"}
    past = seen({"customers": [customer]}, tmp_path, "customers")[0]
    assert (past["segment"], past["region"]) == (None, "north")
    assert seen({"customers": [customer]}, tmp_path, "customers", present=True)[0]["segment"] == "churned"


def test_a_plan_is_kept_although_it_lies_in_the_future(tmp_path):
    order = {"order_id": "1", "ordered_at": CUT - timedelta(1), "promised_at": CUT + timedelta(3)}
    row = seen({"orders": [{**order, "delivered_at": CUT + timedelta(2)}]}, tmp_path, "orders")[0]
    assert row["promised_at"] == CUT + timedelta(3)
    assert row["delivered_at"] is None


def test_lines_take_the_time_of_their_order(tmp_path):
    orders = [{"order_id": "old", "ordered_at": CUT - timedelta(1)}, {"order_id": "new", "ordered_at": CUT}]
    lines = [{"order_line_id": o, "order_id": o, "product_id": "p"} for o in ("old", "new")]
    found = seen({"orders": orders, "order_lines": lines}, tmp_path, "order_lines")
    assert [r["order_id"] for r in found] == ["old"]


def test_customers_without_a_date_exist_from_their_first_trace_on(tmp_path):
    orders = [
        {"order_id": "1", "customer_id": "early", "ordered_at": CUT - timedelta(1)},
        {"order_id": "2", "customer_id": "late", "ordered_at": CUT + timedelta(1)},
    ]
    customers = [{"customer_id": c} for c in ("early", "late", "never")]
    record = {"orders": orders, "customers": customers}
    assert [r["customer_id"] for r in seen(record, tmp_path, "customers")] == ["early"]
    assert len(seen(record, tmp_path, "customers", present=True)) == 3


def test_where_every_row_is_dated_none_is_looked_for_elsewhere_and_the_same_are_seen(tmp_path):
    rows = [{"customer_id": str(day), "created_at": CUT + timedelta(day)} for day in (-2, -1, 0, 1)]
    orders = [{"order_id": "1", "customer_id": "1", "ordered_at": CUT - timedelta(1)}]
    found = seen({"customers": rows, "orders": orders}, tmp_path, "customers")
    dated = View(CUT, False, {"customers": frozenset(rows[0]), "orders": frozenset(orders[0])}, dated={"customers"})
    query = view_of(TABLES["customers"], dated, lambda t: parquet(f"{t}.parquet")).sql(dialect="duckdb")
    assert [r["customer_id"] for r in found] == ["-2", "-1"]
    assert "orders" not in query
    assert query.endswith("WHERE created_at < CAST('2025-06-01 00:00:00' AS TIMESTAMP)")


def test_an_answer_without_the_time_it_was_asked_counts_by_its_own(tmp_path):
    rows = [
        {"feedback_id": "1", "kind": "nps", "answered_at": CUT - timedelta(1), "score": 0.0},
        {"feedback_id": "2", "kind": "nps", "answered_at": CUT + timedelta(1), "score": 9.0},
    ]
    found = seen({"feedback": rows}, tmp_path, "feedback")
    assert [(r["feedback_id"], r["score"]) for r in found] == [("1", 0.0)]


def test_a_missing_table_is_an_empty_one_with_types(tmp_path):
    query = view_of(TABLES["orders"], View(CUT, True, {}), lambda t: None).sql(dialect="duckdb")
    types = dict(zip(duckdb.sql(query).columns, duckdb.sql(query).types, strict=True))
    assert str(types["amount"]) == "DECIMAL(18,4)"
    assert str(types["ordered_at"]) == "TIMESTAMP"
    assert duckdb.sql(query).fetchall() == []


times = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31))
VALUES = {
    Type.TEXT: st.text("ab", max_size=2),
    Type.TIME: times,
    Type.NUMBER: st.floats(0, 9),
    Type.COUNT: st.integers(0, 9),
    Type.BOOL: st.booleans(),
}


@pytest.mark.parametrize("name", ["tickets", "feedback", "customers"])
@given(data=st.data())
@settings(max_examples=40)
def test_no_future_and_no_state_changes_what_was_seen(name, data, tmp_path_factory):
    """Change every later time and what it dates, and every state: the view of the past stays the same."""
    table = TABLES[name]
    row = {c.name: data.draw(VALUES[c.type]) for c in table.columns if not c.choices}
    row |= {c.name: data.draw(st.sampled_from(c.choices)) for c in table.columns if c.choices}
    row[table.key[0]] = "k"
    changed = dict(row)
    for column in table.columns:
        if column.role is Role.STATE:
            changed[column.name] = data.draw(VALUES[column.type])
        dated = column.of or column.name
        if column.role is Role.OUTCOME and row[dated] >= CUT and column.name != dated:
            changed[column.name] = data.draw(VALUES[column.type])
        if column.role is Role.OUTCOME and column.type is Type.TIME and column.of is None and row[column.name] >= CUT:
            changed[column.name] = CUT + timedelta(days=data.draw(st.integers(0, 99)))
    folder = tmp_path_factory.mktemp("past")
    before, after = seen({name: [row]}, folder, name), seen({name: [changed]}, folder, name)
    assert before == after


def test_pyarrow_tables_are_taken_as_they_are():
    assert typed("orders", pa.table({"order_id": ["1"]})).num_rows == 1
