"""Audits a folder of files from end to end and writes what was found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import rapport
from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.app.origin import remember
from rapport.app.settings import as_written
from rapport.app.sharing.writing import unshare, write_shared
from rapport.app.tables_out import actions_csv, findings_csv
from rapport.core.canonical import canonical, plain
from rapport.core.errors import OutputError
from rapport.engine.conduct import conduct
from rapport.engine.registry import registry
from rapport.engine.relationships import LISTS
from rapport.measures.estimate import FOLDER, kept_in
from rapport.remedies import remedies
from rapport.report.html import prepare, render
from rapport.store.locks import sole

Progress = Callable[[str, float], None]
ACTIONS = "actions.csv"
OURS = {
    "audit.json",
    "report.html",
    "findings.csv",
    "rejects.parquet",
    "record",
    FOLDER,
    *LISTS.values(),
    ACTIONS,
    "company",
    "share",
    "share.key",
}


@dataclass(frozen=True, slots=True)
class AuditDone:
    """What came of an audit: the run as plain data, where it was written, and where the report without people is."""

    run: Mapping[str, Any]
    out: Path
    report: Path
    notes: tuple[str, ...]
    shared: Path | None = None


def audit(
    source: Path,
    out: Path,
    *,
    config: Path | None = None,
    as_of: str | None = None,
    since: str | None = None,
    only: tuple[str, ...] = (),
    seed: int = 1,
    force: bool = False,
    share: bool = False,
    threads: int | None = None,
    progress: Progress = lambda stage, share: None,
) -> AuditDone:
    """Audit `source` (a folder, a file or a zip) and write the result into `out`.

    Parameters
    ----------
    source : what to audit; nothing is written into it.
    out : the folder for `audit.json`, `report.html`, `findings.csv`, `rejects.parquet` and `record/`.
    config : a `rapport.toml` other than the source's own.
    as_of, since : ISO dates; see `rapport.app.opening.facts_of`.
    only : ids of the audits to report; all are still tested together.
    seed : of whatever is drawn at random.
    force : write into a folder that is not Rapport's own.
    share : write a report without personal data as well, into `out/share`.
    threads : how many threads the engine may use; None for all.
    progress : told the name of each stage and the share of it done.

    Raises
    ------
    RapportError
        With one line that says what, where and what to do.
    """
    claim(out, force=force)
    Thread(target=_warm, daemon=True).start()
    progress("reading", 0.0)
    declared, mappings = read_config(source, config)
    declared = as_written(declared)
    with sole(out):
        for left in filter(_half_written, out.iterdir()):
            left.unlink()
        unshare(out)
        _without_lists(out)
        imported = ingest(source, out, declared=declared, mappings=mappings, progress=progress, threads=threads)
        record = open_record(imported.manifest, declared, out, as_of=as_of, since=since, threads=threads)
        try:
            run = conduct(
                record,
                registry(),
                remedies(),
                version=rapport.__version__,
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                seed=seed,
                only=only,
                progress=progress,
            )
        finally:
            record.database.close()
        document = plain(run)
        progress("drawing the report", 0.0)
        report = out / "report.html"
        texts = {"audit.json": canonical(document) + "\n", "findings.csv": findings_csv(document)}
        if (out / kept_in("actions")).is_file():
            texts[ACTIONS] = actions_csv(out / kept_in("actions"))
        write(out, {**texts, report.name: render(document)})
        remember(source, out)
        shared = write_shared(document, imported.manifest.files(), declared, out, write) if share else None
    return AuditDone(document, out, report, imported.notes, shared)


def _without_lists(out: Path) -> None:
    """Remove the lists of an earlier audit: beside a newer one they would be taken for that one's."""
    for file in (*sorted((out / FOLDER).glob("*.parquet")), *(out / name for name in (*LISTS.values(), ACTIONS))):
        file.unlink(missing_ok=True)


def _warm() -> None:
    """Start the drawing engine while the files are read; what goes wrong is said where the report is drawn.

    The engine can meet a library that the reading of files is just loading, and fail for that alone.
    """
    with suppress(Exception):
        prepare()


def claim(out: Path, *, force: bool) -> None:
    """Make sure that `out` can be written and is new, empty, Rapport's own, or given up to it with `force`."""
    if os.access(out, os.F_OK) and not out.is_dir():
        raise OutputError("is a file, not a folder", where=str(out), todo="choose another --out")
    above = next(p for p in (out.absolute(), *out.absolute().parents) if os.access(p, os.F_OK))
    if not above.is_dir() or not os.access(above, os.R_OK | os.W_OK | os.X_OK):
        reason = "Permission denied" if above.is_dir() else f"{above} is a file"
        raise OutputError(f"cannot be written: {reason}", where=str(out), todo="choose another --out")
    if out.is_dir() and not force:
        there = {p.name for p in out.iterdir() if not _half_written(p)}
        if there and not there <= OURS and not (out / "audit.json").is_file():
            raise OutputError(
                "holds files that are not Rapport's", where=str(out), todo="choose another --out, or add --force"
            )


def _half_written(path: Path) -> bool:
    """Whether this is what a killed audit had begun to write."""
    return path.name.startswith(".") and path.name[1:].rpartition("-")[0] in OURS


def write(out: Path, texts: Mapping[str, str]) -> None:
    """Write files so that a reader sees the old ones or the whole new ones; where one cannot be, none is."""
    begun: dict[Path, Path] = {}
    try:
        for name, text in texts.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}-", dir=out)
            begun[Path(temporary)] = out / name
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
        for half, path in begun.items():
            half.replace(path)
    except OSError as problem:
        todo = "check the free space and the permissions"
        raise OutputError(f"cannot be written: {problem.strerror}", where=str(out), todo=todo) from problem
    finally:
        for half in begun:
            half.unlink(missing_ok=True)
