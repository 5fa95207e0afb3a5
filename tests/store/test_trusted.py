"""A Parquet file is read once: a row that must be rejected is met when it is written, and nothing is lost by that."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from rapport.core.errors import InputError, OutputError
from rapport.store import ingest
from tests.importing import Brought, bring, query

GOOD = "('O{i}', 'c{i}', TIMESTAMP '2024-03-0{i} 10:00:00', {i}.5, 'EUR', 'completed')"
HEAD = "order_id, customer_id, ordered_at, amount, currency, status"


def _parquet(path: Path, rows: str, head: str = HEAD) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    query(f"COPY (SELECT * FROM (VALUES {rows}) AS t({head})) TO '{path}' (FORMAT parquet)")


def _rows(*numbers: int) -> str:
    return ", ".join(GOOD.format(i=i) for i in numbers)


def _brought(folder: Path, **files: str) -> Brought:
    for name, rows in files.items():
        _parquet(folder / "in" / "orders" / f"{name}.parquet", rows)
    return bring(folder, {})


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose rows were counted after all."""
    found: list[str] = []
    assured = ingest.assured

    def remember(connection, staged):
        found.append(staged.raw.name)
        return assured(connection, staged)

    monkeypatch.setattr(ingest, "assured", remember)
    return found


def test_where_every_row_is_good_nothing_is_counted_twice(tmp_path: Path, looked_up: list[str]) -> None:
    done = _brought(tmp_path, a=_rows(1, 2), b=_rows(3))
    assert looked_up == []
    assert [r["order_id"] for r in done.rows("orders")] == ["O1", "O2", "O3"]
    assert [(done.input(f"orders/{n}.parquet").rows, done.input(f"orders/{n}.parquet").used) for n in "ab"] == [
        (2, 2),
        (1, 1),
    ]


@pytest.mark.parametrize(
    ("bad", "column", "reason"),
    [
        ("(NULL, 'c9', TIMESTAMP '2024-03-09', 1, 'EUR', 'completed')", "order_id", "order_id is missing"),
        ("('O9', 'c9', NULL, 1, 'EUR', 'completed')", "ordered_at", "ordered_at is missing"),
        ("('O9', 'c9', TIMESTAMP '1812-03-09', 1, 'EUR', 'completed')", "ordered_at", "outside 1970"),
        ("('O9', 'c9', TIMESTAMP '2024-03-09', 1, 'EUR', 'lost')", "status", "is not one of"),
        ("('O9', 'c9', NULL, 1, 'USD', 'completed')", "ordered_at", "ordered_at is missing"),
    ],
)
def test_a_row_that_must_be_rejected_is_kept_with_its_reason(
    tmp_path: Path, looked_up: list[str], bad: str, column: str, reason: str
) -> None:
    done = _brought(tmp_path, a=_rows(1, 2), b=f"{_rows(3)}, {bad}, {_rows(4)}")
    assert looked_up
    assert [r["order_id"] for r in done.rows("orders")] == ["O1", "O2", "O3", "O4"]
    (rejected,) = done.rejects()
    assert (rejected["source"], rejected["line"], rejected["column"]) == ("orders/b.parquet", 2, column)
    assert reason in rejected["reason"]
    one = done.input("orders/b.parquet")
    assert (one.rows, one.used, one.rejected) == (3, 2, 1)
    assert any("b.parquet" in note and reason.split()[-1] in note for note in done.imported.notes)


def test_the_record_is_that_of_the_good_rows_alone(tmp_path: Path) -> None:
    bad = "(NULL, 'c9', TIMESTAMP '2024-03-09', 1, 'EUR', 'completed')"
    some = _brought(tmp_path / "some", a=f"{_rows(1, 2, 3)}, {bad}")
    every = _brought(tmp_path / "every", a=_rows(1, 2, 3))
    assert some.rows("orders") == every.rows("orders")


def test_amounts_in_two_currencies_of_good_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="in EUR, USD, and no rate"):
        _brought(tmp_path, a=_rows(1), b="('O9', 'c9', TIMESTAMP '2024-03-09', 1, 'USD', 'completed')")


def test_a_file_without_a_good_row_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row can be used"):
        _brought(tmp_path, a="('O9', 'c9', CAST(NULL AS TIMESTAMP), 1, 'USD', 'completed')")


def test_a_full_disk_is_no_row_that_must_be_rejected(
    tmp_path: Path, looked_up: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("cannot be written (no space left)") from duckdb.IOException("no space left")

    monkeypatch.setattr(ingest, "write_table", full)
    with pytest.raises(OutputError, match="no space left"):
        _brought(tmp_path, a=_rows(1))
    assert looked_up == []
