"""Finds the files to read in a folder, a zip or a single file, and leaves out what Rapport itself wrote."""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapport.core.errors import InputError
from rapport.record import TABLES
from rapport.store.archive import extract, unpack

OWN_NAMES = frozenset({"rapport.toml", "audit.json", "report.html", "rejects.parquet"})
OWN_BESIDE_AUDIT = frozenset({"findings.csv", "actions.csv", "customers.parquet"})
OWN_FOLDERS = frozenset({"rapport-out", "record"})
TRUTH_MARK = b'"rapport.truth/'
READABLE = frozenset({".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm", ".xls", ".jsonl", ".ndjson", ".json"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: its name relative to the source, as people know it, and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a source in the order of their names, and what there is to say about the others."""

    files: tuple[SourceFile, ...]
    notes: tuple[str, ...]


def gather(source: Path, temporary: Path) -> Gathered:
    """Return the files of a folder, a zip or a single file; archives are unpacked into `temporary`."""
    notes: list[str] = []
    try:
        mode = source.stat().st_mode
    except FileNotFoundError as problem:
        raise InputError("there is no such file or folder", where=str(source), todo="check the path") from problem
    except OSError as problem:
        raise _unreadable(source.name, problem) from problem
    if stat.S_ISDIR(mode):
        found = list(_folder(source, "", temporary, notes))
    elif stat.S_ISREG(mode):
        found = list(_file(SourceFile(source.name, source), temporary, notes, chosen=True))
    else:
        raise InputError("neither a file nor a folder", where=str(source), todo="name a file, a folder or a zip")
    found = [_readable(file, place, temporary) for place, file in enumerate(found)]
    if not found:
        said = f" ({'; '.join(notes)})" if notes else ""
        todo = "put CSV, Excel, Parquet or JSON lines files there"
        raise InputError(f"holds no file that can be read{said}", where=str(source), todo=todo)
    return Gathered(tuple(sorted(found, key=lambda f: f.name)), tuple(notes))


def _readable(file: SourceFile, place: int, temporary: Path) -> SourceFile:
    """Return a file under a name and a path that are text: a path that is no UTF-8 is reached by a link."""
    try:
        str(file.path).encode()
    except UnicodeEncodeError:
        link = temporary / f"{place}{file.path.suffix.encode(errors='replace').decode()}"
        link.symlink_to(file.path.absolute())
        return SourceFile(os.fsencode(file.name).decode(errors="replace"), link)
    return file


def _folder(folder: Path, prefix: str, temporary: Path, notes: list[str]) -> Iterator[SourceFile]:
    """Yield the files of a folder; of its subfolders only those that carry the name of a table."""
    try:
        entries = sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as problem:
        raise _unreadable(prefix or str(folder), problem) from problem
    names = {e.name for e in entries}
    for entry in entries:
        name = prefix + entry.name
        if _own(entry, names) or entry.name.startswith((".", "~$")) or entry.name == "__MACOSX":
            continue
        if entry.is_dir():
            yield from _subfolder(entry, name, prefix, temporary, notes)
        elif entry.is_symlink() and not entry.exists():
            notes.append(f"{name}: a link that leads nowhere, not read")
        elif not entry.is_file():
            notes.append(f"{name}: neither a file nor a folder, not read")
        elif _truth(entry):
            notes.append(f"{name}: says what is wrong with a simulated company, not read")
        else:
            yield from _file(SourceFile(name, entry), temporary, notes, chosen=False)


def _subfolder(entry: Path, name: str, prefix: str, temporary: Path, notes: list[str]) -> Iterator[SourceFile]:
    stem = entry.name.lower()
    if not prefix and stem in TABLES:
        yield from _folder(entry, f"{name}/", temporary, notes)
    elif Path(stem).suffix in READABLE:
        todo = "put the file itself in its place, or rename the folder to the table's name"
        raise InputError("is a folder, not a file", where=name, todo=todo)
    else:
        notes.append(f"{name}/: a folder that is not named after a table, not read")


def _file(file: SourceFile, temporary: Path, notes: list[str], *, chosen: bool) -> Iterator[SourceFile]:
    """Yield a readable file, or what an archive holds; everything else is said and left."""
    suffix = file.path.suffix.lower()
    if suffix == ".zip":
        root = _alone(extract(file.path, file.name, temporary))
        yield from _folder(root, "" if chosen else f"{file.name}/", temporary, notes)
    elif suffix == ".gz" and Path(file.path.stem).suffix.lower() in READABLE:
        try:
            yield SourceFile(file.name.removesuffix(file.path.suffix), unpack(file.path, file.name, temporary))
        except (OSError, EOFError, gzip.BadGzipFile) as problem:
            raise _unreadable(file.name, problem) from problem
    elif suffix in READABLE or chosen:
        yield file
    else:
        notes.append(f"{file.name}: not a kind of file that Rapport reads")


def _alone(root: Path) -> Path:
    """Return the one folder that an archive holds, if it holds nothing else."""
    while True:
        entries = [e for e in root.iterdir() if e.name != "__MACOSX" and not e.name.startswith(".")]
        if len(entries) != 1 or not entries[0].is_dir() or entries[0].name.lower() in TABLES:
            return root
        root = entries[0]


def _own(entry: Path, names: set[str]) -> bool:
    """Whether Rapport wrote this file or folder."""
    if entry.name in OWN_NAMES or (entry.name in OWN_BESIDE_AUDIT and "audit.json" in names):
        return True
    if not entry.is_dir():
        return False
    return entry.name in OWN_FOLDERS or (entry / "audit.json").exists() or (entry / "record" / "current").exists()


def _truth(entry: Path) -> bool:
    """Whether this is what `rapport world` says of the company it wrote: an audit must find it out by itself."""
    if entry.suffix.lower() != ".json" or not os.access(entry, os.R_OK):
        return False
    with entry.open("rb") as file:
        return TRUTH_MARK in file.read(200)


def _unreadable(name: str, problem: BaseException) -> InputError:
    reason = os.strerror(problem.errno) if isinstance(problem, OSError) and problem.errno else "is damaged"
    return InputError(f"cannot be opened: {reason}", where=name, todo="check the file and its permissions")
