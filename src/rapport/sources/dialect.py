"""What kind of file it is, and how its lines are cut into cells."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from rapport.core.errors import InputError
from rapport.core.source import Dialect, Kind
from rapport.sources.encoding import detect_encoding
from rapport.sources.magic import kind_by_content

DELIMITERS: Final = ",;\t|"
NO_DELIMITER: Final = "\x1f"
"""The delimiter of a file with one column whose texts hold commas: a character that no text holds."""

DATA_CELL: Final = re.compile(
    r"[+-]?\d[\d.,]*|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?|[^@\s]+@[^@\s]+\.[a-z]+",
    re.IGNORECASE,
)
BACKSLASH: Final = "\\"
YEAR: Final = re.compile(r"(19|20)\d\d")
LOOKED_AT: Final = 2_000
PREAMBLE: Final = 20


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to cut the text into cells, and how even the records come out."""

    delimiter: str
    quote: str
    escape: str
    records: tuple[tuple[str, ...], ...]
    skip: int
    fields: int
    even: float
    unnamed: bool = False

    @property
    def score(self) -> float:
        """How well it cuts: even records with many cells; nothing for one cell or for records that are not even."""
        return self.even * math.log2(self.fields) if self.fields > 1 and self.even > 0.5 else 0.0


def sniff(name: str, head: bytes, complete: bool) -> Dialect:
    """Return how the file `name`, whose first bytes are `head`, is read; `complete` says whether that is all of it.

    Raises `InputError` for an empty file and for what is no table: a web page, a PDF, a workbook under another name.
    """
    kind = kind_by_content(name, head)
    if kind in (Kind.PARQUET, Kind.XLSX):
        return Dialect(kind)
    encoding = detect_encoding(head, complete, name)
    if kind is Kind.JSONL:
        return Dialect(kind, encoding)
    text = head.decode(encoding, "replace").lstrip("\ufeff").replace("\0", "")
    if not text.strip():
        raise InputError("the file holds nothing but blanks", where=name, todo="export it again, or leave it out")
    told, text = _told(text)
    cut = _best(text, complete, told)
    return Dialect(
        Kind.CSV,
        encoding,
        cut.delimiter,
        cut.quote,
        header=not _first_is_data(cut.records),
        skip=cut.skip + (1 if told else 0),
        escape=cut.escape,
        unnamed=cut.unnamed,
    )


def _told(text: str) -> tuple[str, str]:
    """Return the delimiter that Excel's first line ``sep=;`` names, and the text after it."""
    match = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (match.group(1), text[match.end() :]) if match else ("", text)


def _best(text: str, complete: bool, told: str) -> _Cut:
    """Return the cut with the most even records; where two are equal, the one with more cells.

    A title above the table is only looked for where no delimiter fits the first line, and a colon, which also parts the
    hours from the minutes, only counts where nothing else does.
    """
    escapes = ("", BACKSLASH) if f'{BACKSLASH}"' in text else ("",)
    quotes = [(quote, escape) for escape in escapes for quote in "\"'"]
    for titled, delimiters in ((False, DELIMITERS), (False, ":"), (True, DELIMITERS)):
        cuts = [_cut(text, complete, d, quote, titled, escape) for quote, escape in quotes for d in told or delimiters]
        best = max((cut for cut in cuts if _worth(text, cut)), key=lambda cut: cut.score)
        if best.score > 0:
            break
    else:
        return _single(text, complete)
    bare = _cut(text, complete, best.delimiter, "", titled)
    better = bare.skip == best.skip and bare.score > best.score * 1.02
    return bare if better and _worth(text, bare) else best


def _worth(text: str, cut: _Cut) -> bool:
    """Say whether single quotes really stand around cells, or whether double quotes do not where there are none."""
    if cut.quote == '"':
        return True
    mark = cut.quote or '"'
    opened = text.count(cut.delimiter + mark) + text.count("\n" + mark)
    closed = text.count(mark + cut.delimiter) + text.count(mark + "\n") + text.count(mark + "\r")
    around = min(opened, closed)
    return around > 0 if cut.quote else around < 0.5 * max(opened, closed, 1)


def _single(text: str, complete: bool) -> _Cut:
    """Return the cut of a file with one column: a comma, unless the texts hold commas outside quotes."""
    comma = _cut(text, complete, ",", '"', False)
    if all(len(record) <= 1 for record in comma.records):
        return comma
    return _cut(text, complete, NO_DELIMITER, '"', False)


def _cut(text: str, complete: bool, delimiter: str, quote: str, titled: bool, escape: str = "") -> _Cut:
    """Cut the text into records and measure how many have as many cells as the header."""
    starts, records = _records(text, complete, delimiter, quote, escape)
    counts = [len(record) for record in records]
    skip = _preamble(counts) if titled else 0
    counts = counts[skip:]
    if not counts:
        return _Cut(delimiter, quote, escape, (), 0, 0, 0.0)
    like = counts.count(counts[0])
    longer = sum(1 for record in records[skip:] if _one_more(record, counts[0]))
    unnamed = longer > len(counts) / 2
    even = (longer + 1 if unnamed else like) / len(counts)
    return _Cut(delimiter, quote, escape, records[skip:], starts[skip], counts[0], even, unnamed)


def _one_more(record: tuple[str, ...], cells: int) -> bool:
    """Say whether a row has an empty cell more than the header: some programs end every row with the delimiter."""
    return len(record) == cells + 1 and cells > 1 and not record[-1].strip()


def _records(
    text: str, complete: bool, delimiter: str, quote: str, escape: str
) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    """Return the first records that are not blank, each with its line, without the last one where the text is cut."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape or None,
        doublequote=not escape,
    )
    starts: list[int] = []
    records: list[tuple[str, ...]] = []
    line = 0
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                starts.append(line)
                records.append(tuple(record))
            line = reader.line_num
            if len(records) > LOOKED_AT:
                break
    except csv.Error:
        pass
    if not complete and 1 < len(records) <= LOOKED_AT:
        records.pop()
    return tuple(starts), tuple(records)


def _preamble(counts: list[int]) -> int:
    """Return how many records come before the header: titles of one cell above a table of three cells or more."""
    if len(counts) < 3:
        return 0
    usual, often = Counter(counts).most_common(1)[0]
    if usual < 3 or counts[0] > 1 or often < 0.5 * len(counts):
        return 0
    return next((place for place, count in enumerate(counts[:PREAMBLE]) if count == usual), 0)


def _first_is_data(records: tuple[tuple[str, ...], ...]) -> bool:
    """Say whether the first record evidently is data: a number, date or address like those below it, not a year."""
    if len(records) < 3:
        return False
    for place, cell in enumerate(records[0]):
        if DATA_CELL.fullmatch(cell.strip()) is None or YEAR.fullmatch(cell.strip()):
            continue
        below = [record[place].strip() for record in records[1:] if place < len(record) and record[place].strip()]
        if len(below) > 1 and sum(DATA_CELL.fullmatch(value) is not None for value in below) >= 0.9 * len(below):
            return True
    return False
