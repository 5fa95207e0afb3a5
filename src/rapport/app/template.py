"""An empty workbook of the record, for a shop that has no software for its customers yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from rapport.core.errors import OutputError
from rapport.core.table import Column, Table, Type
from rapport.record import TABLES
from rapport.store.read_workbook import FIRST_SHEET

ROWS = 5000
INK, PAPER, ACCENT = "#1f2328", "#f4f1ea", "#0f5c63"

KINDS = {
    Type.TEXT: "text",
    Type.TIME: "a date and time, such as 2026-03-14 09:30",
    Type.DAY: "a date, such as 2026-03-14",
    Type.MONEY: "an amount, such as 19.90",
    Type.NUMBER: "a number",
    Type.COUNT: "a whole number",
    Type.BOOL: "true or false",
    Type.MAP: "text",
}

WORDS = (
    "This workbook is an empty record of your customers. Rapport can audit it as it is.",
    "Each sheet is one kind of thing: customers, orders, tickets and so on. Each row is one of them.",
    "Fill in the sheets you have data for, leave the others empty. Two are enough to begin: customers and orders.",
    "A column with a dark heading must be filled in every row. A row without it is set aside, and the audit says so.",
    "Move the mouse over a heading to read what the column means and what may stand in it.",
    "Give each customer one id, the same in every sheet. Any text will do, but never two for one customer.",
    "A zero is an answer, an empty cell is not: write 0 where a customer gave a zero.",
    "Then: rapport audit THIS-FILE.xlsx",
)


def write_template(file: Path, *, force: bool = False) -> Path:
    """Write the workbook and return its path. It can be read back at once as a record without rows.

    Raises
    ------
    OutputError
        If the name does not end in `.xlsx`, the file is there already, or it cannot be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise OutputError("a workbook's name ends in .xlsx", where=str(file), todo=f"try {file.with_suffix('.xlsx')}")
    if file.exists() and not force:
        raise OutputError("it is there already", where=str(file), todo="choose another name, or --force to replace it")
    if not file.parent.is_dir():
        raise OutputError("there is no such folder", where=str(file.parent), todo="make it first")
    try:
        with xlsxwriter.Workbook(str(file)) as book:
            _fill(book)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise OutputError(
            f"it cannot be written ({error})", where=str(file), todo="close it, or choose another"
        ) from error
    return file


def _fill(book: Any) -> None:
    book.set_properties({"title": "Customer record", "created": date(2026, 1, 1)})
    formats = {
        "must": book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": ACCENT, "border": 1}),
        "may": book.add_format({"bold": True, "font_color": INK, "bg_color": PAPER, "border": 1}),
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": ACCENT}),
        "plain": book.add_format({"text_wrap": True, "valign": "top", "font_color": INK}),
        Type.TEXT: book.add_format({"num_format": "@"}),
        Type.TIME: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        Type.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Type.MONEY: book.add_format({"num_format": "#,##0.00"}),
    }
    _first(book.add_worksheet(FIRST_SHEET), formats)
    for table in TABLES.values():
        _sheet(book.add_worksheet(table.name), table, formats)


def _first(sheet: Any, formats: dict[Any, Any]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 92)
    sheet.write(0, 0, "Your customers", formats["title"])
    row = 2
    for words in WORDS:
        sheet.write(row, 1, words, formats["plain"])
        row += 1
    for table in TABLES.values():
        row += 1
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", string=table.name)
        sheet.write(row, 1, f"one row is {table.row}", formats["plain"])


def _sheet(sheet: Any, table: Table, formats: dict[Any, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, max(12, len(column.name) + 4), formats.get(column.type))
        sheet.write(0, place, column.name, formats["must" if column.required else "may"])
        sheet.write_comment(0, place, _comment(column), {"x_scale": 1.8, "y_scale": 1.1})
        rule = _rule(column)
        if rule:
            sheet.data_validation(1, place, ROWS, place, rule)


def _comment(column: Column) -> str:
    must = "Must be filled in." if column.required else "May be left empty."
    choices = f"\nOne of: {', '.join(column.choices)}." if column.choices else ""
    return f"{column.meaning[:1].upper()}{column.meaning[1:]}.\n{must}\n{KINDS[column.type].capitalize()}.{choices}"


def _rule(column: Column) -> dict[str, Any] | None:
    said = {"error_title": column.name, "ignore_blank": True}
    if column.choices:
        return {"validate": "list", "source": list(column.choices), "error_message": "Choose from the list.", **said}
    if column.type is Type.BOOL:
        return {"validate": "list", "source": ["true", "false"], "error_message": "true or false.", **said}
    if column.type in (Type.TIME, Type.DAY):
        limits = {"criteria": "between", "minimum": date(1970, 1, 1), "maximum": date(2099, 12, 31)}
        return {"validate": "date", **limits, "error_message": f"This is {KINDS[column.type]}.", **said}
    if column.type in (Type.MONEY, Type.NUMBER):
        limits = {"criteria": "between", "minimum": -1e12, "maximum": 1e12}
        return {"validate": "decimal", **limits, "error_message": f"This is {KINDS[column.type]}.", **said}
    if column.type is Type.COUNT:
        limits = {"criteria": ">=", "value": 0}
        return {"validate": "integer", **limits, "error_message": "This is a whole number.", **said}
    return None
