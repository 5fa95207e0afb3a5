"""Values as people type them: impossible dates, words for nothing, formulas, scripts, mixed money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from rapport.core.declarations import Company, Declarations
from rapport.core.errors import InputError, MappingError
from rapport.core.source import TableMapping
from tests.importing import bring


def reasons(done: object) -> dict[int, str]:
    return {r["line"]: r["reason"] for r in done.rejects()}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "when",
    [
        "0000-01-01",
        "0001-01-01",
        "1969-12-31T23:59:59Z",
        "2101-01-01",
        "9999-12-31",
        "2024-02-30",
        "2024-13-01",
        "soon",
    ],
)
def test_times_that_cannot_be_are_rejected(tmp_path: Path, when: str) -> None:
    text = "order_id,ordered_at\n" + "".join(f"{i},2024-01-01\n" for i in range(100)) + f"x,{when}\n"
    done = bring(tmp_path, {"orders.csv": text})
    assert len(done.rows("orders")) == 100
    assert list(reasons(done)) == [102]
    assert "ordered_at" in reasons(done)[102]


@pytest.mark.parametrize("when", ["1970-01-01", "2100-12-31T23:59:59"])
def test_times_at_the_edges_are_taken(tmp_path: Path, when: str) -> None:
    assert len(bring(tmp_path, {"orders.csv": f"order_id,ordered_at\n1,{when}\n"}).rows("orders")) == 1


def test_zero_is_a_value_and_empty_is_not(tmp_path: Path) -> None:
    text = "feedback_id,kind,answered_at,score\n1,nps,2024-01-01,0\n2,nps,2024-01-01,\n3,nps,2024-01-01,NA\n4,nps,,10\n"
    done = bring(tmp_path, {"feedback.csv": text})
    assert [r["score"] for r in done.rows("feedback")] == [0.0, None, None, 10.0]


@pytest.mark.parametrize("word", ["", " ", "NA", "n/a", "N/A", "null", "NULL", "None", "?", "-", "\t"])
def test_words_for_nothing(tmp_path: Path, word: str) -> None:
    text = f'order_id,ordered_at,amount,channel\n1,2024-01-01,"{word}","{word}"\n2,2024-01-01,5,web\n'
    row = bring(tmp_path, {"orders.csv": text}).rows("orders")[0]
    assert (row["amount"], row["channel"]) == (None, None)


def test_missing_required_values_are_rejected_with_their_column(tmp_path: Path) -> None:
    text = "ticket_id,opened_at\n1,2024-01-01\n,2024-01-01\n3,\n"
    done = bring(tmp_path, {"tickets.csv": text})
    assert reasons(done) == {3: "ticket_id is missing", 4: "opened_at is missing"}


def test_an_empty_id_that_is_not_required_becomes_the_content_and_the_line(tmp_path: Path) -> None:
    text = "order_id,product_id,quantity\n1,p,2\n1,p,2\n"
    rows = bring(tmp_path, {"order_lines.csv": text}).rows("order_lines")
    assert len({r["order_line_id"] for r in rows}) == 2


def test_ids_are_text(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    duckdb.sql(
        "SELECT 1.0::DOUBLE AS order_id, 17850.0::DOUBLE AS customer_id, DATE '2024-01-01' AS ordered_at"
    ).write_parquet(str(path))
    files = {
        "orders/a.parquet": path.read_bytes(),
        "orders/b.csv": "order_id,customer_id,ordered_at\n007,17850.0,2024-01-01\n",
    }
    rows = bring(tmp_path, files).rows("orders")
    assert [(r["order_id"], r["customer_id"]) for r in rows] == [("007", "17850"), ("1", "17850")]


def test_choices_are_matched_in_any_case_and_others_rejected(tmp_path: Path) -> None:
    states = ["Completed", " RETURNED ", "shipped", ""]
    text = "order_id,ordered_at,status\n" + "".join(f"{i},2024-01-01,{s}\n" for i, s in enumerate(states))
    done = bring(tmp_path, {"orders.csv": text})
    assert [r["status"] for r in done.rows("orders")] == ["completed", "returned", None]
    assert reasons(done) == {4: "status is not one of completed, cancelled, returned"}
    assert done.rejects()[0]["value"] == "shipped"


def test_money_that_is_no_number_is_rejected_and_kept(tmp_path: Path) -> None:
    lines = "".join(f"{i},2024-01-01,{i}.50\n" for i in range(100))
    done = bring(tmp_path, {"orders.csv": "order_id,ordered_at,amount\n" + lines + "x,2024-01-01,a lot\n"})
    assert done.rejects()[0]["value"] == "a lot"
    assert '"a lot"' in done.rejects()[0]["raw"]
    assert done.rows("orders")[-1]["amount"] == Decimal("99.5000")


def test_two_currencies_are_refused_by_name_and_file(tmp_path: Path) -> None:
    text = "order_id,ordered_at,amount,currency\n1,2024-01-01,1,EUR\n2,2024-01-01,1,usd\n"
    with pytest.raises(InputError, match=r"orders.csv, line 2 and orders.csv, line 3: orders has amounts in EUR, USD"):
        bring(tmp_path, {"orders.csv": text})


def test_one_currency_in_two_spellings_is_one_and_rows_without_amounts_do_not_count(tmp_path: Path) -> None:
    amounts = ["1,EUR", "1,eur", ",USD", "1,"]
    text = "order_id,ordered_at,amount,currency\n" + "".join(f"{i},2024-01-01,{a}\n" for i, a in enumerate(amounts))
    declared = Declarations(company=Company(currency="EUR"))
    done = bring(tmp_path, {"orders.csv": text}, declared=declared)
    assert [r["currency"] for r in done.rows("orders")] == ["EUR", "EUR", "USD", "EUR"]


def test_formulas_and_scripts_are_kept_as_data(tmp_path: Path) -> None:
    nasty = [
        "=cmd|'/c calc'!A1",
        "+1+1",
        "-1",
        "@SUM(A1)",
        "<script>alert(1)</script>",
        "'; DROP TABLE orders; --",
        "\u202e‮",
    ]
    lines = "".join(f'{i},"{n.replace(chr(34), chr(34) * 2)}"\n' for i, n in enumerate(nasty))
    done = bring(tmp_path, {"customers.csv": "customer_id,name\n" + lines})
    assert [r["name"] for r in done.rows("customers")] == nasty


def test_columns_with_nasty_names(tmp_path: Path) -> None:
    text = 'order_id,ordered_at,"""; drop table","a\'b","select","__line__","x\ny"\n1,2024-01-01,v1,v2,v3,v4,v5\n'
    attributes = bring(tmp_path, {"orders.csv": text}).rows("orders")[0]["attributes"]
    assert list(attributes.values()) == ["v1", "v2", "v3", "v4", "v5"]
    assert '"; drop table' in attributes


def test_a_nasty_column_can_be_mapped(tmp_path: Path) -> None:
    mapping = TableMapping("x.csv", "orders", {"order_id": '"""; drop table"', "ordered_at": "select"})
    done = bring(tmp_path, {"x.csv": '"""; drop table",select\n1,2024-01-01\n'}, mappings=[mapping])
    assert done.rows("orders")[0]["ordered_at"] == datetime(2024, 1, 1)


def test_decimal_comma_and_day_first(tmp_path: Path) -> None:
    text = "order_id;ordered_at;amount\n1;31.01.2024 10:00;1.234,56\n2;01.02.2024 09:30;7,5\n"
    rows = bring(tmp_path, {"orders.csv": text}).rows("orders")
    assert [r["ordered_at"] for r in rows] == [datetime(2024, 1, 31, 10), datetime(2024, 2, 1, 9, 30)]
    assert [r["amount"] for r in rows] == [Decimal("1234.5600"), Decimal("7.5000")]


def test_times_are_stored_as_utc(tmp_path: Path) -> None:
    text = (
        "order_id,ordered_at\n1,2024-07-01T12:00:00+02:00\n2,2024-07-01T12:00:00Z\n3,2024-07-01 12:00\n4,2024-01-01\n"
    )
    declared = Declarations(company=Company(timezone="Europe/Berlin"))
    rows = bring(tmp_path, {"orders.csv": text}, declared=declared).rows("orders")
    assert {r["order_id"]: r["ordered_at"].isoformat() for r in rows} == {
        "1": "2024-07-01T10:00:00",
        "2": "2024-07-01T12:00:00",
        "3": "2024-07-01T10:00:00",
        "4": "2023-12-31T23:00:00",
    }


def test_typed_times_follow_the_same_rule(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    duckdb.sql(
        "SET TimeZone = 'UTC'; SELECT '1' AS order_id, TIMESTAMP '2024-07-01 12:00:00' AS ordered_at, "
        "TIMESTAMPTZ '2024-07-01 12:00:00+00' AS shipped_at, DATE '2024-07-01' AS delivered_at"
    ).write_parquet(str(path))
    mapping = TableMapping(
        "orders.parquet",
        "orders",
        {n: n for n in ("order_id", "ordered_at", "shipped_at", "delivered_at")},
        timezone="Europe/Berlin",
    )
    row = bring(tmp_path, {"orders.parquet": path.read_bytes()}, mappings=[mapping]).rows("orders")[0]
    assert row["ordered_at"] == datetime(2024, 7, 1, 10)
    assert row["shipped_at"] == datetime(2024, 7, 1, 12)
    assert row["delivered_at"] == datetime(2024, 6, 30, 22)


def test_days_stay_days(tmp_path: Path) -> None:
    text = "customer_id,day,feature,events\na,2024-01-01,search,3\na,2024-01-02T10:00:00Z,search,0\n"
    rows = bring(tmp_path, {"usage.csv": text}).rows("usage")
    assert [(r["day"], r["events"]) for r in rows] == [(date(2024, 1, 1), 3), (date(2024, 1, 2), 0)]


def test_the_last_row_of_a_key_wins(tmp_path: Path) -> None:
    text = "order_id,ordered_at,amount\n1,2024-01-01,1\n2,2024-01-01,2\n1,2024-01-01,3\n"
    done = bring(tmp_path, {"orders.csv": text})
    assert {r["order_id"]: int(r["amount"]) for r in done.rows("orders")} == {"1": 3, "2": 2}
    assert (done.input("orders.csv").used, done.input("orders.csv").replaced) == (3, 1)


def test_not_a_number_in_typed_files_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    duckdb.sql(
        "SELECT i::VARCHAR AS order_id, DATE '2024-01-01' AS ordered_at, x::DOUBLE AS amount "
        "FROM (VALUES (1, 'nan'), (2, 'inf'), (3, '0')) t(i, x)"
    ).write_parquet(str(path))
    done = bring(tmp_path, {"orders.parquet": path.read_bytes()})
    assert [r["amount"] for r in done.rows("orders")] == [None, 0]
    assert reasons(done) == {2: "amount is not an amount of money"}


def test_one_file_can_feed_several_tables(tmp_path: Path) -> None:
    text = "no,who,day,sku,price\nA,a,2024-01-01,x,1\nA,a,2024-01-01,y,2\nB,,2024-01-02,x,4\n,b,2024-01-02,,5\n"
    mappings = [
        TableMapping("x.csv", "order_lines", {"order_id": "no", "product_id": "sku", "unit_price": "price"}),
        TableMapping(
            "x.csv",
            "orders",
            {"order_id": "no", "ordered_at": "min(day)", "amount": "sum(price)"},
            "no is not null",
            ("no",),
        ),
        TableMapping("x.csv", "customers", {"customer_id": "who"}, "who is not null", ("who",)),
    ]
    done = bring(tmp_path, {"x.csv": text}, mappings=[mappings[1], mappings[0]])
    assert [(r["order_id"], int(r["amount"])) for r in done.rows("orders")] == [("A", 3), ("B", 4)]
    assert reasons(done) == {5: "order_id is missing"}
    done = bring(tmp_path / "all", {"x.csv": text}, mappings=mappings)
    assert (done.input("x.csv").used, done.input("x.csv").rejected) == (4, 0)
    assert [r["used_elsewhere"] for r in done.rejects()] == [True]


def test_a_group_without_its_key_is_rejected_line_by_line(tmp_path: Path) -> None:
    text = "no,day\nA,2024-01-01\n,2024-01-01\n,2024-01-02\nC,2024-01-99\n"
    mapping = TableMapping("x.csv", "orders", {"order_id": "no", "ordered_at": "min(day)"}, group=("no",))
    done = bring(tmp_path, {"x.csv": text}, mappings=[mapping])
    assert set(reasons(done)) == {3, 4, 5}


def test_rows_that_where_leaves_out_are_counted(tmp_path: Path) -> None:
    mapping = TableMapping("x.csv", "orders", {"order_id": "no", "ordered_at": "day"}, "kind = 'sale'")
    done = bring(
        tmp_path, {"x.csv": "no,day,kind\n1,2024-01-01,sale\n2,2024-01-01,test\n3,2024-01-01,\n"}, mappings=[mapping]
    )
    assert reasons(done) == {3: "left out by the mapping's where", 4: "left out by the mapping's where"}


def test_a_mapping_of_a_file_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    mapping = TableMapping("order.csv", "orders", {"order_id": "no"})
    with pytest.raises(MappingError, match=r"did you mean orders.csv"):
        bring(tmp_path, {"orders.csv": "no\n1\n"}, mappings=[mapping])


@pytest.mark.parametrize(
    "sql", ["nope", "no + 'a' * 2", "min(no)", "read_csv('/etc/passwd')", "(select 1)", "no; drop table x"]
)
def test_expressions_that_do_not_work_are_one_line(tmp_path: Path, sql: str) -> None:
    mapping = TableMapping("x.csv", "orders", {"order_id": sql, "ordered_at": "day"})
    with pytest.raises((MappingError, InputError)) as caught:
        bring(tmp_path, {"x.csv": "no,day\n1,2024-01-01\n"}, mappings=[mapping])
    assert "\n" not in str(caught.value)
