"""Whether a file is what its name says: a table, and not a web page, a PDF or a workbook under another name."""

from __future__ import annotations

import re
from typing import Final

from rapport.core.errors import InputError
from rapport.core.source import Kind

AGAIN: Final = "export it again, or leave it out"
JSON_ENDINGS: Final = (".jsonl", ".ndjson", ".json")
KNOWN: Final = (
    (b"PAR1", "a Parquet file", "give it the ending .parquet"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"BZh", "compressed with bzip2", "unpack it first"),
    (b"\xfd7zXZ\x00", "compressed with xz", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", "save it as .xlsx or .csv"),
    (b"%PDF", "a PDF", "export the table as .csv or .xlsx"),
    (b"SQLite format 3\x00", "an SQLite database", "export its tables as .csv"),
    (b"\x89PNG", "a picture", AGAIN),
    (b"\xff\xd8\xff", "a picture", AGAIN),
)
WEB_PAGE: Final = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table)\b", re.I | re.S
)
XML: Final = re.compile(rb"(\xef\xbb\xbf)?\s*<\?xml\b", re.I)
JSON_LINE: Final = re.compile(rb'(\xef\xbb\xbf)?\s*\{\s*"[^"]*"\s*:')


def kind_by_content(name: str, head: bytes) -> Kind:
    """Return what kind of file `name` is; raises `InputError` where its ending and its first bytes disagree."""
    if not head:
        raise InputError("the file is empty", where=name, todo=AGAIN)
    ending = name.lower()
    if ending.endswith(".parquet"):
        return _parquet(name, head)
    if ending.endswith((".xlsx", ".xlsm")):
        return _workbook(name, head)
    _refuse(name, head)
    if ending.endswith(JSON_ENDINGS) or JSON_LINE.match(head):
        return Kind.JSONL
    _refuse_noise(name, head)
    return Kind.CSV


def _parquet(name: str, head: bytes) -> Kind:
    """Check that a Parquet file begins as one."""
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    raise InputError("this is not a Parquet file, though its name says so", where=name, todo=AGAIN)


def _workbook(name: str, head: bytes) -> Kind:
    """Check that a workbook begins as one."""
    if head.startswith(b"PK"):
        return Kind.XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            "this is an old or password-protected Excel file, though its name ends in .xlsx",
            where=name,
            todo="open it and save it as .xlsx without a password",
        )
    _refuse(name, head)
    raise InputError("this is text, not a workbook", where=name, todo="give it the ending .csv")


def _refuse(name: str, head: bytes) -> None:
    """Refuse what is no text, naming what it is."""
    if head.startswith(b"PK\x03\x04"):
        if b"xl/" in head or b"[Content_Types].xml" in head:
            raise InputError("this is an Excel workbook", where=name, todo="give it the ending .xlsx")
        raise InputError("this is a zip archive", where=name, todo="give it the ending .zip, or unpack it")
    for mark, what, todo in KNOWN:
        if head.startswith(mark):
            raise InputError(f"this is {what}, not a table of text", where=name, todo=todo)
    if WEB_PAGE.match(head):
        raise InputError(
            "this is a web page, perhaps an error or a sign-in page", where=name, todo="download the export again"
        )
    if XML.match(head):
        raise InputError("this is an XML file", where=name, todo="export the table as .csv or .xlsx")


def _refuse_noise(name: str, head: bytes) -> None:
    """Refuse bytes that are no text in any alphabet: many control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return
    noise = sum(1 for byte in head[:4096] if 0 < byte < 9 or 14 <= byte < 26 or 27 < byte < 31)
    if noise > 0.05 * min(len(head), 4096):
        raise InputError("this is no text", where=name, todo="export the table as .csv, .xlsx or .parquet")
