"""Files as companies have them: cut, mixed up, misnamed, in an old alphabet. Each is one clear line or a note."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from rapport.app.ingest import ingest
from rapport.core.errors import InputError
from tests.importing import bring, bring_folder

HEADER = "order_id,customer_id,ordered_at,amount\n"
ORDERS = HEADER + "1,a,2024-01-01,10\n2,b,2024-01-02,20.5\n"


def refused(folder: Path, files: dict[str, str | bytes]) -> str:
    with pytest.raises(InputError) as caught:
        bring(folder, files)
    line = str(caught.value)
    assert "\n" not in line
    return line


def parquet(folder: Path, sql: str) -> bytes:
    path = folder / "made.parquet"
    duckdb.sql(sql).write_parquet(str(path))
    return path.read_bytes()


def test_an_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    assert "orders.csv" in refused(tmp_path, {"orders.csv": ""})


def test_a_header_without_rows_is_an_error_when_there_is_nothing_else(tmp_path: Path) -> None:
    assert "no row" in refused(tmp_path, {"orders.csv": HEADER})


def test_a_header_without_rows_beside_a_full_file_is_counted_as_empty(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS, "customers.csv": "customer_id,name\n"})
    assert done.input("customers.csv").rows == 0
    assert [t.name for t in done.imported.manifest.tables] == ["orders"]


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert "no file" in refused(tmp_path, {})


def test_a_missing_source_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        ingest(tmp_path / "nowhere", tmp_path / "out")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    assert "orders.csv" in refused(tmp_path, {"orders.csv/x.csv": ORDERS})


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "in" / "orders.csv"
    path.parent.mkdir()
    path.write_text(ORDERS)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "Permission denied" in refused(tmp_path, {})


def test_links_are_followed_and_broken_ones_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "elsewhere.csv").write_text(ORDERS)
    (tmp_path / "in" / "orders.csv").symlink_to(tmp_path / "elsewhere.csv")
    (tmp_path / "in" / "tickets.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "in" / "usage").symlink_to(tmp_path / "in")
    done = bring(tmp_path, {})
    assert len(done.rows("orders")) == 2
    assert any("tickets.csv: a link that leads nowhere" in note for note in done.imported.notes)


def test_a_parquet_file_cut_in_half(tmp_path: Path) -> None:
    whole = parquet(tmp_path, "SELECT i::VARCHAR AS order_id, DATE '2024-01-01' AS ordered_at FROM range(5000) t(i)")
    assert "orders.parquet" in refused(tmp_path, {"orders.parquet": whole[: len(whole) // 2]})


def test_a_parquet_file_damaged_in_the_middle(tmp_path: Path) -> None:
    whole = parquet(tmp_path, "SELECT i::VARCHAR AS order_id, DATE '2024-01-01' AS ordered_at FROM range(5000) t(i)")
    broken = whole[:40] + b"\xff" * 2000 + whole[2040:]
    assert "orders.parquet" in refused(tmp_path, {"orders.parquet": broken})


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing more", b"not a workbook", b"PK"])
def test_a_broken_workbook(tmp_path: Path, content: bytes) -> None:
    assert "orders.xlsx" in refused(tmp_path, {"orders.xlsx": content})


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing more", b"hello", b""])
def test_a_broken_zip(tmp_path: Path, content: bytes) -> None:
    assert "company.zip" in refused(tmp_path, {"company.zip": content})


def test_a_zip_of_a_folder_of_record_files(tmp_path: Path) -> None:
    archive = tmp_path / "company.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("export 2024/orders.csv", ORDERS)
        opened.writestr("__MACOSX/orders.csv", "junk")
    done = bring_folder(archive, tmp_path / "out")
    assert [r["_source"] for r in done.rows("orders")] == ["orders.csv"] * 2


@pytest.mark.parametrize("name", ["../orders.csv", "/etc/orders.csv", "a/../../orders.csv", "..\\orders.csv"])
def test_a_zip_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "company.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(name, ORDERS)
    with pytest.raises(InputError, match="leads outside"):
        ingest(archive, tmp_path / "out")


def test_a_zip_that_would_fill_the_disk_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "company.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened, opened.open("orders.csv", "w") as inside:
        for _ in range(300):
            inside.write(b"0" * (1 << 20))
    with pytest.raises(InputError, match="unpacks to more than"):
        ingest(archive, tmp_path / "out")


def test_rows_with_too_few_or_too_many_cells_keep_their_text_in_the_rejects(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS + "3,c\n4,d,2024-01-04,40,5\n5,e,2024-01-05,50\n"})
    kept = {(r["line"], r["reason"], r["raw"].strip()) for r in done.rejects()}
    assert kept == {(4, "too few cells", "3,c"), (5, "too many cells", "4,d,2024-01-04,40,5")}
    assert {r["order_id"]: r["_line"] for r in done.rows("orders")} == {"1": 2, "2": 3, "5": 6}


QUOTED = "order_id,customer_id,ordered_at,amount\n" + "".join(f'{i},"a, b",2024-01-01,"1"\n' for i in range(1, 30))


def test_a_quotation_mark_that_closes_too_late_loses_nothing(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": QUOTED + '30,"c,2024-01-03,30\n31,"d",2024-01-04,40\n32,e,2024-01-05,1\n'})
    assert len(done.rows("orders")) == 30
    assert [r["raw"] for r in done.rejects()] == ['30,"c,2024-01-03,30', '31,"d",2024-01-04,40']
    assert [r["line"] for r in done.rejects()] == [31, 32]


def test_lines_swallowed_by_an_open_quotation_mark_are_counted_one_by_one(tmp_path: Path) -> None:
    more = "".join(f"{i},c,2024-01-03,30\n" for i in range(31, 60))
    done = bring(tmp_path, {"orders.csv": QUOTED + '30,"c,2024-01-03,30\n' + more})
    one = done.input("orders.csv")
    assert (one.rows, one.used, one.rejected) == (59, 29, 30)
    assert [r["line"] for r in done.rejects()] == list(range(31, 61))
    assert any("the first in line 31" in note for note in one.notes)


def test_ragged_lines_after_an_open_quotation_mark_keep_their_place(tmp_path: Path) -> None:
    bad = '30,"c,2024-01-03,30\n31,"d",2024-01-04,40\n'
    done = bring(tmp_path, {"orders.csv": QUOTED + bad + "32,e,2024-01-05,1\n33,f\n34,g,2024-01-05,1\n"})
    assert [r["line"] for r in done.rejects()] == [31, 32, 34]
    assert {r["order_id"]: r["_line"] for r in done.rows("orders") if r["_line"] > 30} == {"32": 33, "34": 35}


def test_a_quotation_mark_that_never_closes_is_refused_with_its_line(tmp_path: Path) -> None:
    text = QUOTED + '30,"c,2024-01-03,30\n' + "".join(f"{i},c,2024-01-03,30\n" for i in range(31, 2000))
    assert "line 31" in refused(tmp_path, {"orders.csv": text})


def test_repeated_and_empty_headers(tmp_path: Path) -> None:
    text = "order_id,ordered_at,note,Note,,note\n1,2024-01-01,a,b,c,d\n2,2024-01-01,,,,\n"
    done = bring(tmp_path, {"orders.csv": text})
    assert done.rows("orders")[0]["attributes"] == {"note": "a", "Note_2": "b", "column_5": "c", "note_3": "d"}
    assert any("a second column Note is called Note_2" in note for note in done.imported.notes)
    assert any("column 5 has no name" in note for note in done.imported.notes)


def test_columns_named_like_rapports_own(tmp_path: Path) -> None:
    text = "order_id,ordered_at,__line__,__bad__,_line,_source,v_amount\n1,2024-01-01,a,b,c,d,e\n"
    done = bring(tmp_path, {"orders.csv": text})
    assert done.rows("orders")[0]["attributes"] == {"__line___2": "a", "__bad___2": "b", "v_amount": "e"}


def test_blank_lines_above_the_header(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": "\n\n" + ORDERS})
    assert [r["_line"] for r in done.rows("orders")] == [4, 5]
    assert done.rejects() == []


def test_quotation_marks_after_a_backslash(tmp_path: Path) -> None:
    text = "customer_id,name,city\n" + "".join(f'{i},"a \\"q\\", b",Bonn\n' for i in range(30))
    done = bring(tmp_path, {"customers.csv": text})
    assert {r["name"] for r in done.rows("customers")} == {'a "q", b'}
    assert len(done.rows("customers")) == 30


def test_rows_that_end_with_the_delimiter(tmp_path: Path) -> None:
    rows = "".join(f"{i},c{i},2024-01-01,5,\n" for i in range(40))
    done = bring(tmp_path, {"orders.csv": HEADER + rows + "x,c,2024-01-01,5\n"})
    assert len(done.rows("orders")) == 40
    assert [(r["line"], r["reason"]) for r in done.rejects()] == [(42, "too few cells")]


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "orders"
    folder.mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).write_text(ORDERS)
    assert {r["_source"] for r in bring(tmp_path, {}).rows("orders")} == {"orders/caf\ufffd.csv"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("order_id\n1\n", "orders.csv: orders need the column ordered_at"),
        ("1,a,2024-01-01\n2,b,2024-01-02\n3,b,2024-01-02\n", "it has column_1, column_2, column_3"),
        (",,,\n,,,\n", "orders.csv: orders need the column order_id, ordered_at"),
    ],
)
def test_a_record_file_without_its_columns_says_which(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, {"orders.csv": text})


def test_why_rows_were_rejected_is_said(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS + "3,c,soon,1\n4,c,later,1\n5,c,,1\n6,c\n"})
    said = (
        "orders.csv: 4 rejected: ordered_at is not a time (2, the first in line 4); "
        "ordered_at is missing (1, the first in line 6); too few cells (1, the first in line 7)"
    )
    assert done.imported.notes == (said,)
    assert done.input("orders.csv").notes == (said.removeprefix("orders.csv: "),)


def test_files_that_feed_nothing_are_one_line(tmp_path: Path) -> None:
    files = {f"stuff{i}.csv": "a,b\n1,2\n,\n" for i in range(30)}
    notes = bring(tmp_path, {"orders.csv": ORDERS} | files).imported.notes
    shown = "stuff0.csv, stuff1.csv, stuff10.csv, stuff11.csv, stuff12.csv and 25 more"
    assert [n for n in notes if "stuff" in n] == [f"not used, for no table takes it: 30 files ({shown})"]


def test_an_empty_sheet_beside_a_full_one(tmp_path: Path) -> None:
    path = tmp_path / "in" / "shop.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (("orders", [["order_id", "ordered_at"], ["1", "2024-01-01"]]), ("goals", [["customer_id"]])):
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    assert len(bring(tmp_path, {}).rows("orders")) == 1


def test_one_column(tmp_path: Path) -> None:
    done = bring(tmp_path, {"customers.csv": "customer_id\na\nb\n\nc\n"})
    assert [r["customer_id"] for r in done.rows("customers")] == ["a", "b", "c"]


def test_mixed_line_ends(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS.replace("\n", "\r\n", 2) + "3,c,2024-01-03,1\n4,d,2024-01-04,1\r\n"})
    assert len(done.rows("orders")) == 4


def test_old_line_ends(tmp_path: Path) -> None:
    assert len(bring(tmp_path, {"orders.csv": ORDERS.replace("\n", "\r")}).rows("orders")) == 2


NAMES = "customer_id,name,city\n1,Jörg Müller,Köln\n2,Zoë Français,Orléans\n3,Grüße aus München,Düsseldorf\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "cp850", "utf-16", "utf-16-le"])
def test_old_alphabets(tmp_path: Path, encoding: str) -> None:
    done = bring(tmp_path, {"customers.csv": NAMES.encode(encoding)})
    assert [r["name"] for r in done.rows("customers")] == ["Jörg Müller", "Zoë Français", "Grüße aus München"]


def test_one_damaged_byte_late_in_a_file_is_said(tmp_path: Path) -> None:
    lines = "".join(f"{i},Müller {i}\n" for i in range(40_000)).encode() + b"x,caf\xe9\n"
    done = bring(tmp_path, {"customers.csv": b"customer_id,name\n" + lines})
    assert len(done.rows("customers")) == 40_001
    assert any("replaced by" in note or "read as" in note for note in done.imported.notes)


def test_nul_bytes_are_replaced_and_counted(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": ORDERS.replace("b,", "b\0\0,")})
    assert done.rows("orders")[1]["customer_id"] == "b\ufffd\ufffd"
    assert any("2 NUL characters" in note for note in done.imported.notes)


def test_a_cell_of_ten_million_characters(tmp_path: Path) -> None:
    text = "message_id,sent_at,text\n1,2024-01-01," + "x" * 10_000_000 + "\n2,2024-01-02,short\n"
    done = bring(tmp_path, {"messages.csv": text})
    assert [len(r["text"]) for r in done.rows("messages")] == [10_000_000, 5]


def test_two_files_for_one_table_and_a_folder_of_them(tmp_path: Path) -> None:
    parts = {
        "orders/2024-01.csv": ORDERS,
        "orders/2024-02.parquet": parquet(
            tmp_path, "SELECT 3 AS order_id, TIMESTAMP '2024-02-01' AS ordered_at, 'c' AS customer_id"
        ),
        "orders.csv": HEADER + "2,b,2024-01-02,99\n",
    }
    done = bring(tmp_path, parts)
    rows = {r["order_id"]: (r["amount"], r["_source"]) for r in done.rows("orders")}
    assert set(rows) == {"1", "2", "3"}
    assert rows["2"] == (20.5, "orders/2024-01.csv")
    assert done.input("orders.csv").replaced == 1


def test_the_same_bytes_twice_are_loaded_once(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders/a.csv": ORDERS, "orders/b.csv": ORDERS})
    assert done.input("orders/a.csv").used == 2
    assert done.input("orders/b.csv").rows == 0
    assert "the same bytes as orders/a.csv" in done.input("orders/b.csv").notes[0]


@pytest.mark.parametrize(
    "name", ["o'r\"d;ers/orders.csv", "orders/a'b\";DROP TABLE x;.csv", "orders/line\nbreak*[1].csv"]
)
def test_names_with_quotes_and_semicolons(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(ORDERS)
    done = bring_folder(path.parent if name.startswith("o'r") else tmp_path, tmp_path / "out")
    assert len(done.rows("orders")) == 2


def test_a_parquet_file_name_with_wildcards(tmp_path: Path) -> None:
    content = parquet(tmp_path, "SELECT 1 AS order_id, DATE '2024-01-01' AS ordered_at")
    done = bring(tmp_path, {"orders/[a]*?.parquet": content})
    assert [r["order_id"] for r in done.rows("orders")] == ["1"]


def test_what_rapport_wrote_is_not_read_again(tmp_path: Path) -> None:
    first = bring(tmp_path, {"orders.csv": ORDERS})
    source = tmp_path / "in"
    bring_folder(source, source / "rapport-out")
    bring_folder(source, source)
    (source / "audit.json").write_text("{}")
    (source / "findings.csv").write_text("a,b\n1,2\n")
    (source / "customers.parquet").write_bytes(b"not even Parquet")
    again = bring_folder(source, tmp_path / "out")
    assert again.imported.manifest.id == first.imported.manifest.id


def test_broken_lines_of_json(tmp_path: Path) -> None:
    text = (
        '{"order_id": 1, "ordered_at": "2024-01-01T10:00:00Z", "amount": 0}\n\nnope\n{"order_id": 2, "ordered_at": 5}\n'
    )
    done = bring(tmp_path, {"orders.jsonl": text})
    assert [r["order_id"] for r in done.rows("orders")] == ["1"]
    assert [(r["line"], r["reason"]) for r in done.rejects()] == [
        (3, "not a JSON object"),
        (4, "ordered_at is not a time"),
    ]
