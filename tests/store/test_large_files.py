"""What makes large Parquet files cheap to import loses nothing: rejects, replaced rows, damage, infinity are seen."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from rapport.core.errors import InputError
from rapport.store.cells import filled_text
from tests.importing import bring_folder


def _parquet(path: Path, query: str, options: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{options})")


def test_the_last_row_of_a_key_wins_across_files_and_within_one(tmp_path: Path) -> None:
    order = "SELECT i::VARCHAR AS order_id, 'c' AS customer_id, TIMESTAMP '2024-01-01' AS ordered_at, {} AS amount"
    _parquet(tmp_path / "in/orders/a.parquet", order.format("1.0") + " FROM (VALUES (1), (2), (3)) t(i)")
    _parquet(
        tmp_path / "in/orders/b.parquet", order.format("i + row_number() OVER ()") + " FROM (VALUES (3), (3)) t(i)"
    )
    done = bring_folder(tmp_path / "in", tmp_path / "out")
    rows = {r["order_id"]: (float(r["amount"]), r["_source"], r["_line"]) for r in done.rows("orders")}
    assert rows == {
        "1": (1.0, "orders/a.parquet", 1),
        "2": (1.0, "orders/a.parquet", 2),
        "3": (5.0, "orders/b.parquet", 2),
    }
    assert [done.input(f"orders/{name}.parquet").replaced for name in "ab"] == [1, 1]


def test_a_time_without_end_is_rejected_and_others_keep_their_microseconds(tmp_path: Path) -> None:
    times = "('infinity'), ('-infinity'), ('2024-03-31 02:30:00.123456+02'), ('1960-01-01 00:00:00+00')"
    query = f"SELECT t::TIMESTAMPTZ AS ordered_at, row_number() OVER ()::VARCHAR AS order_id FROM (VALUES {times}) v(t)"
    _parquet(tmp_path / "in/orders.parquet", query)
    done = bring_folder(tmp_path / "in", tmp_path / "out")
    assert [str(r["ordered_at"]) for r in done.rows("orders")] == ["2024-03-31 00:30:00.123456"]
    assert [(r["line"], r["reason"]) for r in done.rejects()] == [
        (line, "ordered_at is outside 1970–2100") for line in (1, 2, 4)
    ]


def test_bad_rows_of_a_parquet_file_are_rejected_with_their_reasons(tmp_path: Path) -> None:
    query = (
        "SELECT CASE WHEN i % 10 <> 3 THEN 'O' || i END AS order_id, "
        "CASE WHEN i <> 7 THEN TIMESTAMP '2024-01-01' END AS ordered_at, "
        "CASE WHEN i = 5 THEN 'nan'::DOUBLE ELSE i END AS amount FROM range(20) t(i)"
    )
    _parquet(tmp_path / "in/orders.parquet", query)
    done = bring_folder(tmp_path / "in", tmp_path / "out")
    assert (done.input("orders.parquet").used, done.input("orders.parquet").rejected) == (17, 3)
    assert [(r["line"], r["reason"]) for r in done.rejects()] == [
        (4, "order_id is missing"),
        (8, "ordered_at is missing"),
        (14, "order_id is missing"),
    ]


def test_damage_in_a_column_that_is_only_copied_is_the_files_fault(tmp_path: Path) -> None:
    columns = "'O' || i AS order_id, TIMESTAMP '2024-01-01' AS ordered_at, sha256(i::VARCHAR) AS region"
    query = f"SELECT {columns} FROM range(900) t(i)"
    path = tmp_path / "in/orders.parquet"
    _parquet(path, query, ", COMPRESSION zstd")
    content = bytearray(path.read_bytes())
    (start,) = duckdb.sql(
        f"SELECT data_page_offset FROM parquet_metadata('{path}') WHERE path_in_schema = 'region'"
    ).fetchall()[0]
    content[start + 60 : start + 4000] = b"\xff" * 3940
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"orders\.parquet: cannot be read"):
        bring_folder(tmp_path / "in", tmp_path / "out")


def test_words_for_nothing_are_found_without_a_join() -> None:
    """The engine makes a join of a long IN, which every cell of a file then passes through, asked for or not."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE cells AS SELECT i::VARCHAR AS cell FROM range(10) t(i)")
        plan = connection.execute(f"EXPLAIN SELECT {filled_text('cell')} FROM cells").fetchall()[0][1]
    assert "JOIN" not in plan
