"""Files are cut into the cells that their author meant, and what is no table is named."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.errors import InputError
from rapport.core.source import Kind
from rapport.sources.dialect import NO_DELIMITER, sniff


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":"])
def test_the_delimiter_is_the_one_that_cuts_every_line_alike(delimiter: str) -> None:
    lines = [["id", "text", "price"], ["1", "a b", "2.5"], ["2", "c", "3.5"], ["3", "d e", "1.0"]]
    text = "\n".join(delimiter.join(line) for line in lines)
    assert sniff("x.csv", text.encode(), True).delimiter == delimiter


def test_decimal_commas_do_not_part_cells() -> None:
    assert sniff("x.csv", b"name;preis\na;1,5\nb;2,5\nc;3,5\n", True).delimiter == ";"


def test_commas_and_line_ends_within_quotes_are_text() -> None:
    found = sniff("x.csv", b'id,comment,score\n1,"nice, but\nslow; really",3\n2,"no;no;no;no",1\n', True)
    assert (found.delimiter, found.quote, found.header) == (",", '"', True)


def test_times_of_day_do_not_make_colons_a_delimiter() -> None:
    assert sniff("x.csv", b"offset,start,end\n60,2020-01-01 10:00:00,2020-01-02 11:00:00\n", True).delimiter == ","


def test_single_quotes_around_cells_are_quotes() -> None:
    found = sniff("x.csv", b"id,text\n1,'a, b'\n2,'c, d, e'\n3,'f'\n", True)
    assert (found.delimiter, found.quote) == (",", "'")


def test_inch_marks_do_not_swallow_the_file() -> None:
    lines = "".join(f'{n}\t"{n} inch pipe\t{n}.5\n' for n in range(1, 30))
    found = sniff("x.tsv", f"id\titem\tprice\n{lines}".encode(), True)
    assert (found.delimiter, found.quote) == ("\t", "")


def test_one_column_is_a_table_too_and_its_commas_are_text() -> None:
    assert sniff("x.csv", b"comment\nfine\n", True).delimiter == ","
    assert sniff("x.csv", b"comment\nhello, world\nnice\n", True).delimiter == NO_DELIMITER


def test_a_title_above_the_table_is_skipped() -> None:
    found = sniff("x.csv", b"Orders of 2024\n\nid,date,total\n1,2024-01-01,5\n2,2024-01-02,6\n", True)
    assert (found.skip, found.header, found.delimiter) == (2, True, ",")


def test_excels_own_hint_is_followed() -> None:
    found = sniff("x.csv", b"sep=;\r\na,b;c\r\n1,2;3\r\n", True)
    assert (found.skip, found.delimiter) == (1, ";")


def test_a_first_line_of_data_is_no_header_but_years_may_be() -> None:
    assert not sniff("x.csv", b"1,2024-01-01,5.5\n2,2024-01-02,6.5\n3,2024-01-03,7\n", True).header
    assert sniff("x.csv", b"product,2023,2024\na,5,6\nb,7,8\n", True).header


def test_the_last_line_of_a_cut_head_is_not_looked_at() -> None:
    assert sniff("x.csv", b"a,b,c\n1,2,3\n4,5,6\n7,", False).delimiter == ","


@pytest.mark.parametrize(("name", "kind"), [("a.jsonl", Kind.JSONL), ("a.json", Kind.JSONL), ("a.txt", Kind.JSONL)])
def test_lines_of_json_are_json(name: str, kind: Kind) -> None:
    assert sniff(name, b'{"id": 1}\n{"id": 2}\n', True).kind is kind


def test_parquet_and_workbooks_are_known_by_name_and_content() -> None:
    assert sniff("a.parquet", b"PAR1....", False).kind is Kind.PARQUET
    assert sniff("A.XLSX", b"PK\x03\x04....", False).kind is Kind.XLSX


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf \n \n", "blanks"),
        ("a.csv", b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", "Excel workbook"),
        ("a.csv", b"PAR1\x15\x04", "Parquet"),
        ("a.csv", b"\x1f\x8b\x08\x00", "gzip"),
        ("a.csv", b"%PDF-1.7", "PDF"),
        ("a.csv", b"\n<!DOCTYPE html><html>Sign in", "web page"),
        ("a.xls", b"<html><table>", "web page"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        ("a.xlsx", b"id,name\n1,x\n", "text, not a workbook"),
        ("a.parquet", b"id,name\n1,x\n", "not a Parquet file"),
        ("a.csv", bytes(range(1, 9)) * 50, "no text"),
    ],
)
def test_what_is_no_table_is_named_in_one_line_that_says_what_to_do(name: str, head: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        sniff(name, head, True)
    assert said in caught.value.what
    assert caught.value.where == name
    assert caught.value.todo
    assert "\n" not in str(caught.value)


NAMES = st.sampled_from(["a.csv", "a.tsv", "a.jsonl", "a.xlsx", "a.parquet", "a"])


@given(NAMES, st.binary(max_size=400) | st.text("a1,;\t|:\"'\n\r =.", max_size=200).map(str.encode), st.booleans())
def test_no_bytes_make_it_stumble(name: str, head: bytes, complete: bool) -> None:
    with contextlib.suppress(InputError):
        assert len(sniff(name, head, complete).delimiter) == 1


CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8)


@given(st.sampled_from(",;\t|"), st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=20))
def test_quoted_cells_are_cut_by_their_own_delimiter(delimiter: str, rows: list[tuple[str, str, str]]) -> None:
    lines = [delimiter.join(("first", "second", "third"))]
    lines += [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    assert sniff("x.csv", "\n".join(lines).encode(), True).delimiter == delimiter


def test_an_escape_before_quotation_marks_is_found() -> None:
    found = sniff("x.csv", b'id,text,n\n1,"a \\"b\\", c",2\n2,"d",3\n3,"e",4\n', True)
    assert (found.delimiter, found.quote, found.escape) == (",", '"', "\\")


def test_rows_that_end_with_the_delimiter_have_a_cell_without_a_name() -> None:
    found = sniff("x.csv", b"id,day,n\n1,2024-01-01,2,\n2,2024-01-01,3,\n3,2024-01-02,4,\n", True)
    assert (found.delimiter, found.unnamed) == (",", True)


def test_blank_lines_above_the_header_are_skipped() -> None:
    assert sniff("x.csv", b"\n\nid,n\n1,2\n2,3\n", True).skip == 2
