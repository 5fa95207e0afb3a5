"""A Parquet file in the record's own form is not looked at twice, and gives the record that a thorough look gives."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from rapport.app import ingest as ingesting
from rapport.app.looking import open_all
from rapport.core.table import Type
from rapport.store.connection import connected
from tests.importing import bring_folder

ORDERS = """
    SELECT CASE WHEN i % 50 = 0 THEN ' O' || i || ' ' ELSE 'O' || i END AS "Order_ID", 'c' || i % 9 AS customer_id,
    TIMESTAMP '2024-01-01' + to_days(i::INTEGER) AS ordered_at, i::DECIMAL(10, 2) AS amount,
    CASE WHEN i % 7 = 0 THEN 'N/A' WHEN i % 11 = 0 THEN '' ELSE ' north ' END AS region, 'EUR' AS currency,
    i * 3 AS bonus, NULL::VARCHAR AS never, CASE WHEN i % 3 = 0 THEN 'x' END AS sometimes, [i] AS nested
    FROM range(400) t(i)
"""


def _source(folder: Path, query: str) -> Path:
    source = folder / "in"
    source.mkdir()
    duckdb.sql(f"COPY ({query}) TO '{source}/orders.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return source


def test_a_glance_and_a_thorough_look_give_the_same_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _source(tmp_path, ORDERS)
    glanced = bring_folder(source, tmp_path / "glanced").imported.manifest
    monkeypatch.setattr(ingesting, "open_all", lambda *words: open_all(*words[:4]))
    thorough = bring_folder(source, tmp_path / "thorough").imported.manifest
    assert glanced.id == thorough.id
    table = glanced.table("orders")
    assert table is not None
    assert (table.rows, table.filled["region"], table.filled["attributes"]) == (400, 311, 400)


def test_the_footer_says_how_full_columns_are(tmp_path: Path) -> None:
    source = _source(tmp_path, ORDERS)
    with connected() as connection:
        (one,), _ = open_all(connection, source, tmp_path, lambda what, share: None, ())
    filled = {c.name: c.filled for c in one.profile.columns}
    assert (filled["Order_ID"], filled["never"], filled["sometimes"], filled["nested"]) == (400, 0, 134, 400)
    assert [c.name for c in one.raw.columns if c.empty] == ["never"]


def test_a_time_written_as_text_is_looked_at(tmp_path: Path) -> None:
    written = "SELECT i::VARCHAR AS order_id, '0' || i % 9 + 1 || '.02.2024' AS ordered_at FROM range(40) t(i)"
    source = _source(tmp_path, written)
    with connected() as connection:
        (one,), _ = open_all(connection, source, tmp_path, lambda what, share: None, ())
    assert any(probe.type is Type.DAY and count == 40 for probe, count in one.profile.columns[1].parsed.items())


def test_a_file_that_a_mapping_reads_is_looked_at(tmp_path: Path) -> None:
    source = _source(tmp_path, ORDERS)
    with connected() as connection:
        (one,), _ = open_all(connection, source, tmp_path, lambda what, share: None, {"orders.parquet"})
    assert one.profile.columns[1].distinct == 9
