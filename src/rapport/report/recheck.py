"""Reads a finished report back and names each number that is not the one in `audit.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from rapport.report.numbers import said
from rapport.report.shown import readable
from rapport.report.trace import join, resolve

ROWS = "rows"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True, slots=True)
class Printed:
    """One number or text of the page: what is printed, where it came from and how it was written."""

    path: str
    unit: str
    text: str


@dataclass(slots=True)
class _Open:
    tag: str
    path: str
    unit: str
    texts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    row: int = -1
    cells: int = 0


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[_Open] = []
        self.printed: list[Printed] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, remembering its place; a cell of a sample has that of its row and column."""
        if tag in VOID:
            return
        words = dict(attrs)
        one = _Open(tag, words.get("data-path") or "", words.get("data-as") or "")
        table = next((t for t in reversed(self.stack) if t.tag == "table"), None)
        if table is not None and table.unit == ROWS:
            if tag == "tr":
                table.row, table.cells = table.row + 1, 0
            elif tag == "td":
                one.path = f"{table.path}.{table.row - 1}.{join('', table.keys[table.cells])}"
                one.unit, table.cells = "cell", table.cells + 1
        self.stack.append(one)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and note what it printed."""
        while self.stack:
            last = self.stack.pop()
            if last.tag == "th" and self.stack:
                table = next((t for t in reversed(self.stack) if t.tag == "table"), None)
                if table is not None and table.unit == ROWS:
                    table.keys.append("".join(last.texts))
            if last.path and last.unit and last.unit != ROWS:
                self.printed.append(Printed(last.path, last.unit, "".join(last.texts)))
            if last.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Add a text to every open element that has a place."""
        for one in self.stack:
            if (one.path and one.unit != ROWS) or one.tag == "th":
                one.texts.append(data)


def printed(page: str) -> list[Printed]:
    """Return every number and text of a report that names its place in `audit.json`."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.printed


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A number of the page that is not the one in `audit.json`; `expected` is None where nothing stands there."""

    path: str
    text: str
    expected: str | None

    def __str__(self) -> str:
        """Return what each of the two says, in one line."""
        other = "has nothing there" if self.expected is None else f"says “{self.expected}”"
        return f"{self.path}: the report says “{self.text}”, audit.json {other}"


def disagreements(page: str, run: Mapping[str, Any]) -> list[Disagreement]:
    """Return each number of the page that is not what `audit.json` says at its place."""
    currency = str(run.get("currency", ""))
    found = []
    for one in printed(page):
        try:
            expected = readable(said(resolve(run, one.path), one.unit, currency))
        except (LookupError, ValueError, TypeError, AttributeError, OverflowError):
            found.append(Disagreement(one.path, one.text, None))
            continue
        if one.text != expected:
            found.append(Disagreement(one.path, one.text, expected))
    return [*dict.fromkeys(found)]
