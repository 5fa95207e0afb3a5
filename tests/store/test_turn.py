"""The rows of a record stand by customer, and lines without their order are counted and said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from rapport.app.opening import open_record
from rapport.core.canonical import canonical
from rapport.core.declarations import Declarations
from rapport.store.manifest import MANIFEST, decode, identify
from rapport.store.snapshot import Snapshot, recount
from tests.importing import Brought, bring

ORDERS = """order_id,customer_id,ordered_at,amount
O1,b,2024-03-02,10
O9,a,2024-02-01,20
O2,,2024-01-01,30
O4,a,2024-01-05,40
O3,a,2024-01-05,50
O5,b,2024-01-09,60
"""
LINES = "order_line_id,order_id,product_id,quantity,unit_price\n" + "".join(
    f"L{i},{order},P1,1,5\n" for i, order in enumerate(["O1", "O2", "O9", "O3", "O4", "O5", "O1"])
)


def _loose(done: Brought) -> int | None:
    entry = done.imported.manifest.table("order_lines")
    assert entry is not None
    return entry.loose


def test_what_a_customer_did_stands_together_the_first_first_and_guests_last(tmp_path: Path) -> None:
    rows = bring(tmp_path, {"orders.csv": ORDERS}).rows("orders")
    assert [r["order_id"] for r in rows] == ["O3", "O4", "O9", "O5", "O1", "O2"]


def test_the_order_of_a_files_rows_makes_no_other_record(tmp_path: Path) -> None:
    head, *rows = ORDERS.splitlines()
    table = bring(tmp_path / "a", {"orders.csv": ORDERS}).rows("orders", "* EXCLUDE _line")
    turned = bring(tmp_path / "b", {"orders.csv": "\n".join([head, *reversed(rows)])}).rows("orders", "* EXCLUDE _line")
    assert table == turned


def test_without_ids_the_lines_of_one_moment_keep_their_order(tmp_path: Path) -> None:
    text = "customer_id,ordered_at,amount\n" + "".join(f"c{i % 2},2024-01-01,{i}\n" for i in range(8))
    rows = bring(tmp_path, {"orders.csv": text}).rows("orders")
    assert [int(r["amount"]) for r in rows] == [0, 2, 4, 6, 1, 3, 5, 7]


def test_an_id_that_stands_twice_with_two_customers_is_found_although_they_stand_apart(tmp_path: Path) -> None:
    again = ORDERS + "O9,z,2024-05-05,70\n"
    done = bring(tmp_path, {"orders.csv": again})
    assert [(r["order_id"], r["customer_id"]) for r in done.rows("orders")] == [
        ("O3", "a"), ("O4", "a"), ("O5", "b"), ("O1", "b"), ("O9", "z"), ("O2", None)
    ]  # fmt: skip
    assert done.input("orders.csv").replaced == 1


def test_where_every_line_has_its_order_nothing_is_said(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS, "order_lines.csv": LINES})
    assert _loose(done) == 0
    assert not any("order_lines" in note for note in done.imported.notes)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "L90,O77,P1,1,5\n",
            "order_lines: 1 row is of an order that orders does not have, and left out of every audit",
        ),
        (
            "".join(f"L{90 + i},O77,P1,1,5\n" for i in range(1200)),
            "order_lines: 1,200 rows are of an order that orders does not have, and left out of every audit",
        ),
    ],
)
def test_lines_without_their_order_are_counted_and_said(tmp_path: Path, more: str, said: str) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS, "order_lines.csv": LINES + more})
    assert _loose(done) == more.count("\n")
    assert said in done.imported.notes
    assert not list(recount(done.imported.manifest))


def test_lines_without_any_orders_are_all_loose(tmp_path: Path) -> None:
    done = bring(tmp_path, {"order_lines.csv": LINES})
    assert _loose(done) == 7


def test_another_number_of_loose_lines_than_there_are_is_told(tmp_path: Path) -> None:
    manifest = bring(tmp_path, {"orders.csv": ORDERS, "order_lines.csv": LINES + "L90,O77,P1,1,5\n"}).imported.manifest
    tables = tuple(replace(t, loose=0) if t.name == "order_lines" else t for t in manifest.tables)
    assert list(recount(replace(manifest, tables=tables))) == [("order_lines.loose", "0", "1")]


def test_a_record_from_before_they_were_counted_is_still_one(tmp_path: Path) -> None:
    manifest = bring(tmp_path, {"orders.csv": ORDERS, "order_lines.csv": LINES}).imported.manifest
    read = json.loads((manifest.path / MANIFEST).read_text())
    read.pop("id")
    for table in read["tables"]:
        table.pop("loose")
    (manifest.path / MANIFEST).write_text(canonical({"id": identify(read), **read}))
    old = decode(manifest.path)
    assert [t.loose for t in old.tables] == [None, None]
    assert not list(recount(old))
    assert not Snapshot(old).damaged()


@pytest.mark.parametrize(("more", "whole"), [("", {"orders", "order_lines"}), ("L90,O77,P1,1,5\n", {"orders"})])
def test_lines_are_only_taken_as_they_are_where_each_has_its_order_by_then(
    tmp_path: Path, more: str, whole: set[str]
) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS, "order_lines.csv": LINES + more})
    database = open_record(done.imported.manifest, Declarations(), done.out).database
    assert database.view.whole == whole
    assert database.at(datetime(2024, 2, 15)).view.whole == set()
    past = open_record(done.imported.manifest, Declarations(), done.out, as_of="2024-02-15").database
    assert past.view.whole == set()
