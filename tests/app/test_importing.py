"""From a folder of exports to a record: with a rapport.toml, with canonical names, or with neither."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from rapport.app.config import read_config
from rapport.app.ingest import look
from tests.importing import bring, bring_folder

INVOICES = "Invoice No;Day;Customer;Net\nA1;03/04/2024;c1;1.234,50\nA2;13/04/2024;;0,00\n"
TOML = """
[company]
currency = "EUR"
timezone = "Europe/Berlin"
[[mapping]]
file = "invoices.csv"
table = "orders"
[mapping.columns]
order_id = "Invoice No"
ordered_at = "Day"
customer_id = "Customer"
amount = "Net"
[mapping.formats]
Day = "dd/mm/yyyy"
Net = "1.234,56"
"""


def test_a_folder_with_its_own_rapport_toml(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "invoices.csv").write_text(INVOICES)
    (source / "rapport.toml").write_text(TOML)
    (source / "customers.csv").write_text("customer_id,name\nc1,Ann\n")
    (source / "strange.csv").write_text("a,b\n1,2\n")
    declared, mappings = read_config(source)
    done = bring_folder(source, tmp_path / "out", declared=declared, mappings=mappings)
    first, second = done.rows("orders")
    assert (first["order_id"], first["ordered_at"], first["amount"]) == (
        "A1",
        datetime(2024, 4, 2, 22),
        Decimal("1234.5000"),
    )
    assert (second["customer_id"], second["amount"], second["currency"]) == (None, 0, "EUR")
    assert done.rows("customers")[0]["name"] == "Ann"
    assert not done.imported.proposed
    assert any("strange.csv" in note for note in done.imported.notes)


def test_nothing_is_written_into_the_source(tmp_path: Path) -> None:
    bring(tmp_path, {"orders.csv": "order_id,ordered_at\n1,2024-01-01\n"})
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["orders.csv"]


def test_names_of_columns_in_any_case(tmp_path: Path) -> None:
    rows = bring(tmp_path, {"Orders.CSV": "Order_ID,ORDERED_AT,Shop\n1,2024-01-01,A\n"}).rows("orders")
    assert (rows[0]["order_id"], rows[0]["attributes"]) == ("1", {"Shop": "A"})


def test_a_workbook_with_a_sheet_for_each_table(tmp_path: Path) -> None:
    source = tmp_path / "in" / "record.xlsx"
    source.parent.mkdir()
    with xlsxwriter.Workbook(source, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in {
            "orders": [
                ["order_id", "ordered_at", "amount"],
                [1, datetime(2024, 1, 1), 5.5],
                [2, datetime(2024, 1, 2), 0],
            ],
            "customers": [["customer_id", "name"], [17850, "Ann"]],
            "notes": [],
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    done = bring_folder(source.parent, tmp_path / "out")
    assert [(r["order_id"], r["amount"]) for r in done.rows("orders")] == [("1", Decimal("5.5")), ("2", 0)]
    assert done.rows("customers")[0]["customer_id"] == "17850"


def test_looking_writes_nothing_and_proposes_the_same(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "orders.csv").write_text("order_id,ordered_at\n1,2024-01-01\n")
    before = hashlib.sha256((source / "orders.csv").read_bytes()).hexdigest()
    profiles, proposal, _ = look(source)
    assert [p.name for p in profiles] == ["orders.csv"]
    assert [m.table for m in proposal.mappings] == ["orders"]
    assert [p.name for p in source.iterdir()] == ["orders.csv"]
    assert hashlib.sha256((source / "orders.csv").read_bytes()).hexdigest() == before
