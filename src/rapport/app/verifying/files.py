"""Looks whether the files of the record, and those they came from, are still what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from rapport.app.origin import origin
from rapport.app.verifying.differences import NOTHING, Difference
from rapport.core.errors import InputError, RapportError
from rapport.core.run import InputFile
from rapport.core.words import listed
from rapport.record.calendar import CALENDAR
from rapport.store.calendar import same_calendar
from rapport.store.folder import gather
from rapport.store.locks import POINTER, RECORD
from rapport.store.manifest import MANIFEST, Manifest, decode
from rapport.store.parquet_out import sha256_of
from rapport.store.snapshot import recount

SHOWN = 12
"""How many digits of a hash are shown."""


@dataclass(slots=True)
class Looked:
    """What came of looking at files; `stopped` says that nothing can be derived from what is left of them."""

    files: int = 0
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stopped: bool = False


def record_files(name: str, folder: Path, *, pointed: bool) -> Looked:
    """Look at the manifest and the tables of the record called `name`; with `pointed` also at the pointer beside it."""
    looked = Looked()
    place = f"{RECORD}/{name[:SHOWN]}…"
    try:
        manifest = decode(folder)
    except InputError as problem:
        looked.differences.append(Difference(f"{place}/{MANIFEST}", "the record's contents", problem.what, file=True))
        looked.stopped = True
        return looked
    looked.files = 1 + len(manifest.tables)
    if manifest.id != name:
        looked.differences.append(Difference(f"{place}/{MANIFEST}", _short(name), _short(manifest.id), file=True))
    if pointed:
        looked.differences += _pointer(name, folder.parent)
    for table in manifest.tables:
        file, where = folder / f"{table.name}.parquet", f"{place}/{table.name}.parquet"
        if not file.is_file():
            looked.differences.append(Difference(where, _short(table.sha256), NOTHING, file=True))
            looked.stopped = True
        elif (found := sha256_of(file)) != table.sha256:
            looked.differences.append(Difference(where, _short(table.sha256), _short(found), file=True))
    if not looked.stopped:
        _count_again(manifest, place, looked)
    return looked


def _short(sha256: str) -> str:
    return f"sha256 {sha256[:SHOWN]}…"


def _pointer(name: str, record: Path) -> Iterator[Difference]:
    try:
        current = (record / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        current = ""
    if current != name:
        said = f"{current[:SHOWN]}…" if current else NOTHING
        yield Difference("snapshot.id", f"{name[:SHOWN]}…", f"{said} (the record that {RECORD}/{POINTER} names)")


def _count_again(manifest: Manifest, place: str, looked: Looked) -> None:
    try:
        for what, said, found in recount(manifest):
            looked.differences.append(Difference(f"{place}/{MANIFEST}, {what}", said, found, file=True))
    except InputError as problem:
        looked.stopped = True
        if not looked.differences:
            looked.differences.append(Difference(f"{place}/{problem.where}", "a table", problem.what, file=True))


def calendars(record: Path, again: Path) -> Iterator[Difference]:
    """Yield the calendar that printed queries read, where it is not the one that is declared."""
    for fresh in sorted(again.glob(f"{CALENDAR.name}-*.parquet")):
        kept = record / fresh.name
        if not kept.is_file():
            yield Difference(f"{RECORD}/{fresh.name}", NOTHING, "the declared calendar", file=True)
        elif not same_calendar(kept, fresh):
            yield Difference(f"{RECORD}/{fresh.name}", "other days or hours", "the declared calendar", file=True)


def source_files(record: Path, inputs: Sequence[InputFile]) -> Looked:
    """Look at the files that the record was made from, as far as they are where they were."""
    looked = Looked()
    source = origin(record)
    if source is None:
        looked.notes.append("the source is no longer where it was: its files were not looked at")
        return looked
    with TemporaryDirectory(prefix="rapport-verify-") as temporary:
        try:
            there = {file.name: file.path for file in gather(source, Path(temporary)).files}
        except RapportError as problem:
            looked.notes.append(f"the source cannot be read any more ({problem}): its files were not looked at")
            return looked
        _hash(there, inputs, looked)
    return looked


def _hash(there: Mapping[str, Path], inputs: Sequence[InputFile], looked: Looked) -> None:
    """Hash each file once; the sheets of a workbook are inputs of their own (`sales.xlsx#May`)."""
    hashes: dict[Path, str] = {}
    gone: list[str] = []
    for one in inputs:
        path = there.get(one.source) or there.get(one.source.rpartition("#")[0])
        if path is None:
            gone.append(one.source)
            continue
        if path not in hashes:
            hashes[path] = sha256_of(path)
        if hashes[path] != one.sha256:
            place = f"inputs[{one.source}].sha256"
            found = f"{_short(hashes[path])} (the file has changed since the audit)"
            looked.differences.append(Difference(place, _short(one.sha256), found, file=True))
    looked.files = len(hashes)
    if gone:
        looked.notes.append(f"no longer in the source, and not looked at: {listed(gone)}")
