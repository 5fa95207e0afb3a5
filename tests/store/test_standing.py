"""Rows that stand in the order of their keys already are not sorted again; the record is the same as if they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.store import snapshot
from tests.importing import bring, bring_folder, query

HEAD = "order_line_id,order_id,product_id,quantity,unit_price\n"


def line(key: str, quantity: int = 1) -> str:
    return f"{key},o1,p1,{quantity},2.50\n"


@pytest.mark.parametrize(
    ("keys", "sorts"),
    [
        (["a", "b", "c", "d"], 0),
        (["d", "a", "c", "b"], 1),
        (["a", "b", "d", "c"], 1),
        (["a", "", "c", "b"], 1),
        (["b", "", "a", "c"], 1),
        (["a", "", "c", "d"], 1),
    ],
)
def test_rows_stand_in_the_order_of_their_keys(tmp_path: Path, monkeypatch, keys, sorts):
    asked = []

    def told(connection, query, target):
        asked.append(query)
        return write(connection, query, target)

    write = snapshot.write_parquet
    monkeypatch.setattr(snapshot, "write_parquet", told)
    found = bring(tmp_path, {"order_lines.csv": HEAD + "".join(line(key, n) for n, key in enumerate(keys, start=1))})
    rows = [(row["order_line_id"], row["quantity"]) for row in found.rows("order_lines")]
    assert rows == sorted(rows)
    assert {key for key, _ in rows}.issuperset(filter(None, keys))  # a line without an id is given one
    assert sorted(quantity for _, quantity in rows) == [1, 2, 3, 4]
    assert sum("ORDER BY" in query for query in asked) == sorts


@pytest.mark.parametrize("keys", [["a", "b", "b", "c"], ["b", "a", "b", "c"]])
def test_the_last_row_of_a_key_wins_wherever_it_stands(tmp_path: Path, keys):
    found = bring(tmp_path, {"order_lines.csv": HEAD + "".join(line(key, n) for n, key in enumerate(keys, start=1))})
    rows = {row["order_line_id"]: row["quantity"] for row in found.rows("order_lines")}
    assert rows == {"a": 1 + keys.index("a"), "b": 3, "c": 4}
    assert [row["order_line_id"] for row in found.rows("order_lines")] == ["a", "b", "c"]


def test_a_large_file_in_order_gives_the_same_record_with_any_number_of_threads(tmp_path: Path):
    lines = "SELECT printf('%07d', i) AS order_line_id, 'o' || i // 3 AS order_id, 'p1' AS product_id, 1.0 AS quantity"
    found = set()
    for threads in (1, 2, 4):
        source = tmp_path / str(threads) / "in"
        source.mkdir(parents=True)
        target = source / "order_lines.parquet"
        query(f"COPY ({lines} FROM range(300000) AS r(i)) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 50000)")
        done = bring_folder(source, source.parent / "out", threads=threads)
        assert done.rows("order_lines", "count(*) AS n, bool_and(_line = 1 + order_line_id::int) AS right") == [
            {"n": 300000, "right": True}
        ]
        found |= {table.sha256 for table in done.imported.manifest.tables}
    assert len(found) == 1
