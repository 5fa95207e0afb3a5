"""Opens every file of a source and counts what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from rapport.core.source import FileProfile, Kind, Probe
from rapport.core.table import Type
from rapport.record import TABLES
from rapport.sources.canonical import identity_mapping
from rapport.sources.dialect import sniff
from rapport.sources.encoding import detect_encoding
from rapport.sources.probes import PROBES, pattern
from rapport.sources.reading_sql import sql_for
from rapport.store.connection import Connection
from rapport.store.folder import SourceFile, gather
from rapport.store.footer import profile_footer
from rapport.store.intake import HEAD, examine
from rapport.store.profile import profile_file
from rapport.store.raw import RawFile
from rapport.store.readers import open_raw, sheet_names

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened file with its profile; `known_as` is the name by which its table is recognised."""

    raw: RawFile
    profile: FileProfile
    known_as: str

    @property
    def name(self) -> str:
        """The file's name relative to the source; of a workbook with several sheets, with the sheet's."""
        return self.raw.name


def open_all(
    connection: Connection,
    source: Path,
    temporary: Path,
    said: Progress,
    thoroughly: Collection[str] | None = None,
) -> tuple[list[Opened], tuple[str, ...]]:
    """Open all files of a source, in the order of their names; returns them and what to say about those left out.

    A Parquet file in the record's own form leaves nothing to decide, so its footer is enough, unless it is among those
    to look at `thoroughly`; None: all of them.
    """
    gathered = gather(source, temporary)
    opened: list[Opened] = []
    for place, file in enumerate(gathered.files):
        said(f"looking at {file.name}", place / len(gathered.files))
        for raw, known_as in _open(connection, file, len(opened), temporary):
            one = _glanced_at(connection, file, raw) if thoroughly is not None and file.name not in thoroughly else None
            if one is None:
                done = profile_file(connection, raw, _able, sql_for)
                one = Opened(done.raw, done.profile, known_as)
            opened.append(one)
    return opened, gathered.notes


def _glanced_at(connection: Connection, file: SourceFile, raw: RawFile) -> Opened | None:
    """Return a Parquet file with what its footer says; None where its texts must be seen before they can be read."""
    if raw.dialect.kind is not Kind.PARQUET:
        return None
    profile = profile_footer(connection, file, raw)
    mapping = identity_mapping(profile, {})
    if mapping is None:
        return None
    texts = {c.name.strip().lower() for c in profile.columns if c.native is None}
    if any(
        TABLES[mapping.table].column(name).type not in {Type.TEXT, Type.MAP} for name in texts & set(mapping.columns)
    ):
        return None
    columns = tuple(replace(c, empty=not p.filled) for c, p in zip(raw.columns, profile.columns, strict=True))
    return Opened(replace(raw, columns=columns), profile, file.name)


def _open(connection: Connection, file: SourceFile, number: int, temporary: Path) -> list[tuple[RawFile, str]]:
    """Open one file; a workbook with several filled sheets becomes several."""
    examined = examine(file)
    complete = examined.size <= HEAD
    dialect = sniff(file.name, examined.head, complete)
    if not examined.utf8 and dialect.encoding == "utf-8" and dialect.kind in {Kind.CSV, Kind.JSONL}:
        encoding = detect_encoding(examined.sample, False, file.name)
        dialect = replace(dialect, encoding=encoding)
    if dialect.kind is not Kind.XLSX:
        return [(open_raw(connection, file, examined, dialect, number, temporary), file.name)]
    sheets = sheet_names(file)
    found = []
    for place, sheet in enumerate(sheets):
        one = file if len(sheets) == 1 else SourceFile(f"{file.name}#{sheet}", file.path)
        raw = open_raw(connection, one, examined, replace(dialect, sheet=sheet), number + place, temporary)
        found.append((raw, _sheet_known_as(file, sheet, len(sheets))))
    return found


def _sheet_known_as(file: SourceFile, sheet: str, sheets: int) -> str:
    """Return the name by which a sheet's table is recognised: its own where it is a table's, else the file's."""
    if sheet.strip().lower() in TABLES:
        return str(PurePosixPath(file.name).parent / f"{sheet.strip().lower()}.xlsx")
    return file.name if sheets == 1 else f"{file.name}#{sheet}"


@cache
def _patterns() -> tuple[tuple[Probe, re.Pattern[str]], ...]:
    return tuple((probe, re.compile(pattern(probe))) for probe in PROBES)


def _able(examples: Iterable[str]) -> tuple[Probe, ...]:
    """Return the probes that can read at least one of the examples."""
    texts = [text.strip() for text in examples]
    return tuple(probe for probe, known in _patterns() if any(known.fullmatch(text) for text in texts))
