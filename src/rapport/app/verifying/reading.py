"""Finds and reads the audit that is to be verified; one of another version is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rapport
from rapport.core.canonical import canonical
from rapport.core.errors import InputError, UsageError
from rapport.store.locks import RECORD
from rapport.store.manifest import MANIFEST

DOCUMENT = "audit.json"
ID = re.compile(r"[0-9a-f]{64}")


def document(audit: Path) -> tuple[Path, bytes, dict[str, Any]]:
    """Return the file, the bytes and the parsed content of an audit, given as its folder or as its `audit.json`.

    Raises
    ------
    InputError
        Where there is none, or it is cut off or damaged.
    """
    file = audit / DOCUMENT if audit.is_dir() else audit
    try:
        raw = file.read_bytes()
        run = json.loads(raw.decode("utf-8"))
    except FileNotFoundError as problem:
        todo = "name the folder that an audit was written into"
        raise InputError("there is no such file", where=str(file), todo=todo) from problem
    except OSError as problem:
        todo = "check the file and its permissions"
        raise InputError(f"cannot be read: {problem.strerror}", where=str(file), todo=todo) from problem
    except json.JSONDecodeError as problem:
        said = f"is cut off or damaged (line {problem.lineno}, column {problem.colno}: {problem.msg})"
        raise InputError(said, where=str(file), todo="audit the source again") from problem
    except (ValueError, RecursionError) as problem:
        raise InputError("is damaged", where=str(file), todo="audit the source again") from problem
    if not isinstance(run, dict) or not isinstance(run.get("engine"), dict) or "snapshot" not in run:
        raise InputError("is no audit.json of Rapport", where=str(file), todo="name an audit's folder")
    return file, raw, run


def same_version(run: Mapping[str, Any], file: Path) -> None:
    """Refuse an audit of another version of Rapport: its numbers follow from other definitions."""
    version = str(run["engine"].get("version"))
    if version != rapport.__version__:
        raise UsageError(
            f"was made by Rapport {version}, this is {rapport.__version__}, whose numbers may differ by definition",
            where=str(file),
            todo=f"verify it with Rapport {version}, or audit the source again",
        )


def not_shared(run: Mapping[str, Any], file: Path) -> None:
    """Refuse a document without personal data: what was taken out of it cannot be derived."""
    if run.get("shared") is True:
        todo = "verify the audit that it was made from, where the record is"
        raise UsageError("was written without personal data, to be shared", where=str(file), todo=todo)


def snapshot_id(run: Mapping[str, Any], file: Path) -> str:
    """Return the id of the record that was audited, which is part of a path and therefore nothing but an id."""
    snapshot = run["snapshot"]
    name = snapshot.get("id") if isinstance(snapshot, Mapping) else None
    if not isinstance(name, str) or not ID.fullmatch(name):
        raise InputError("does not say which record was audited", where=str(file), todo="audit the source again")
    return name


def snapshot_folder(name: str, file: Path, chosen: Path | None) -> Path:
    """Return the folder of the record that was audited: in `chosen` where it is given, else beside the audit."""
    base = file.parent / RECORD if chosen is None else chosen
    places = [base / name] if chosen is None else [base / name, base / RECORD / name, base]
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    todo = "say where it is with --record" if chosen is None else "name the folder “record” of the audit"
    raise InputError(f"holds no record {name[:12]}…", where=str(base), todo=todo)


def as_bytes(run: Mapping[str, Any]) -> bytes:
    """Return an `audit.json` as Rapport writes it."""
    return (canonical(run) + "\n").encode()
