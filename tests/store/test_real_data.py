"""Real files of strangers come in without configuration, with the numbers that their publishers print."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from tests.importing import Brought, bring_folder, needs, query

pytestmark = pytest.mark.data


def check_retail(done: Brought, name: str) -> None:
    path = done.imported.manifest.path
    orders = query(
        "SELECT count(*) AS n, count(*) FILTER (status = 'completed') AS completed, "
        "count(*) FILTER (status = 'returned') AS returned, sum(amount) AS amount, sum(refund_amount) AS refunds, "
        f"min(ordered_at)::VARCHAR AS first FROM read_parquet('{path}/orders.parquet')"
    )[0]
    assert (orders["n"], orders["completed"], orders["returned"]) == (25_900, 22_064, 3_836)
    assert orders["amount"].quantize(Decimal("0.01")) == Decimal("10644560.42")
    assert orders["refunds"].quantize(Decimal("0.01")) == Decimal("896812.49")
    assert orders["first"] == "2010-12-01 08:26:00"
    rows = {t.name: t.rows for t in done.imported.manifest.tables}
    assert rows == {"customers": 4_372, "orders": 25_900, "order_lines": 541_909}
    assert done.rows("customers", "min(customer_id) AS least")[0]["least"] == "12346"
    assert (done.input(name).rows, done.input(name).rejected) == (541_909, 0)


def test_online_retail_as_parquet_twice(tmp_path: Path) -> None:
    folder = needs("online_retail")
    first = bring_folder(folder, tmp_path / "out")
    check_retail(first, "online_retail.parquet")
    assert first.imported.proposed
    again = bring_folder(folder, tmp_path / "again", threads=1)
    assert again.imported.manifest.id == first.imported.manifest.id


def test_online_retail_as_csv(tmp_path: Path) -> None:
    file = needs("online_retail") / "online_retail.parquet"
    source = tmp_path / "Online Retail.csv"
    duckdb.sql(f"SELECT * REPLACE (CustomerID::DOUBLE AS CustomerID) FROM '{file}'").write_csv(str(source))
    check_retail(bring_folder(source, tmp_path / "out"), "Online Retail.csv")


def test_online_retail_as_a_workbook(tmp_path: Path) -> None:
    file = needs("online_retail") / "online_retail.parquet"
    source = tmp_path / "Online Retail.xlsx"
    with xlsxwriter.Workbook(source, {"constant_memory": True, "default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        sheet = book.add_worksheet("Online Retail")
        cells = duckdb.connect().execute(f"FROM '{file}'")
        sheet.write_row(0, 0, [name for name, *_ in cells.description])
        line = 0
        while rows := cells.fetchmany(20_000):
            for row in rows:
                line += 1
                sheet.write_row(line, 0, [int(row[0]) if row[0].isdigit() else row[0], *row[1:]])
    check_retail(bring_folder(source, tmp_path / "out"), "Online Retail.xlsx")


def test_incidents(tmp_path: Path) -> None:
    done = bring_folder(needs("incidents"), tmp_path / "out")
    tickets = done.imported.manifest.table("tickets")
    assert tickets is not None
    assert tickets.rows == 24_918
    assert done.input("incident_event_log.parquet").rows == 141_712


def test_nps(tmp_path: Path) -> None:
    done = bring_folder(needs("nps_saas"), tmp_path / "out")
    score = (
        "count(*) AS n, count(score) AS answered, "
        "100.0 * (count(*) FILTER (score >= 9) - count(*) FILTER (score <= 6)) / count(score) AS nps"
    )
    row = done.rows("feedback", score)[0]
    assert (row["n"], row["answered"]) == (20_268, 20_268)
    assert row["nps"] == pytest.approx(10.86, abs=0.005)
