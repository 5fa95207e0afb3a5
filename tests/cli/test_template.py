"""The empty workbook: every table a sheet, every column explained, readable back as a record without rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import fastexcel
import openpyxl
import pytest

from rapport.app.ingest import ingest
from rapport.cli.main import main
from rapport.record import TABLES


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "record.xlsx"
    assert main(["template", str(file)]) == 0
    return file


def test_it_is_a_record_without_rows(workbook: Path) -> None:
    book = fastexcel.read_excel(str(workbook))
    assert book.sheet_names[1:] == list(TABLES)
    for table in TABLES.values():
        sheet = book.load_sheet(table.name)
        assert [c.name for c in sheet.available_columns()] == [c.name for c in table.columns]
        assert sheet.height == 0


def test_each_heading_says_what_it_means(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    for table in TABLES.values():
        for place, column in enumerate(table.columns, start=1):
            heading = book[table.name].cell(1, place)
            assert heading.comment is not None
            assert column.meaning.lower()[:20] in heading.comment.text.lower()
            assert ("Must be filled in" in heading.comment.text) is column.required


def test_choices_are_offered(workbook: Path) -> None:
    rules = openpyxl.load_workbook(workbook)["feedback"].data_validations.dataValidation
    assert any("nps" in (rule.formula1 or "") for rule in rules)


def test_filled_in_it_is_a_record(tmp_path: Path) -> None:
    file = tmp_path / "shop.xlsx"
    main(["template", str(file)])
    book = openpyxl.load_workbook(file)
    for sheet, row in (("customers", ["C1", datetime(2026, 1, 1, 9)]), ("orders", ["O1", "C1", datetime(2026, 1, 2)])):
        for place, value in enumerate(row, start=1):
            book[sheet].cell(2, place).value = value
    book.save(file)
    done = ingest(file, tmp_path / "out")
    assert {t.name: t.rows for t in done.manifest.tables} == {"customers": 1, "orders": 1}
    assert done.notes == ()


def test_it_replaces_nothing_unasked(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", str(workbook)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["template", str(workbook), "--force"]) == 0
    assert main(["template", "record.csv"]) == 2
