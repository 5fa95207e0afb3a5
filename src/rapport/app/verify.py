"""Derives every printed number of an audit again, from its record, and says which one differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.app.verifying.deriving import Derived, derived
from rapport.app.verifying.differences import Difference, compare, in_words, leaves
from rapport.app.verifying.files import calendars, record_files, source_files
from rapport.app.verifying.outputs import outputs
from rapport.app.verifying.queries import Queries
from rapport.app.verifying.reading import (
    DOCUMENT,
    as_bytes,
    document,
    not_shared,
    same_version,
    snapshot_folder,
    snapshot_id,
)
from rapport.core.errors import RapportError
from rapport.store.locks import RECORD
from rapport.store.manifest import decode

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a verification: what was looked at, with counts, and every difference that was found.

    Without differences every printed number follows from the record. `checked` counts `files` of the record, `sources`,
    `leaves` of audit.json, `queries` that were run, `numbers` of the report and `outputs`.
    """

    audit: Path
    checked: Mapping[str, int]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether nothing differs."""
        return not self.differences


class _Search:
    """Collects differences; without `every` it is over with the first stage that has one."""

    def __init__(self, run: dict[str, Any], raw: bytes, folder: Path, *, every: bool, progress: Progress) -> None:
        self.run, self.raw, self.folder, self.every, self.progress = run, raw, folder, every, progress
        self.checked = dict.fromkeys(("files", "sources", "leaves", "queries", "numbers", "outputs"), 0)
        self.differences: list[Difference] = []
        self.notes: list[str] = []

    @property
    def over(self) -> bool:
        return bool(self.differences) and not self.every

    def record(self, name: str, snapshot: Path, *, own: bool) -> bool:
        """Look at the files of the record and of the source; returns whether anything can be derived from them."""
        self.progress("reading files", 0.0)
        looked = record_files(name, snapshot, pointed=own)
        self.checked["files"] = looked.files
        self.differences += looked.differences
        if looked.stopped:
            self.notes.append("nothing can be derived from what is left of the record")
            return False
        if own:
            sources = source_files(snapshot.parent, decode(snapshot).inputs)
            self.checked["sources"] = sources.files
            self.differences += sources.differences
            self.notes += sources.notes
        return True

    def numbers(self, snapshot: Path, *, own: bool) -> None:
        """Make the audit again and compare every leaf, then the queries, then the files beside it."""
        try:
            with derived(self.run, snapshot, self.progress) as again:
                if own:
                    self.differences += calendars(snapshot.parent, again.root / RECORD)
                sound = self._leaves(again)
                if not self.over:
                    self._queries(again)
                if not self.over:
                    self._outputs(again, sound=sound)
        except (RapportError, ValueError) as problem:
            what = problem.what if isinstance(problem, RapportError) else str(problem)
            self.differences.append(Difference("settings", "what the audit was told", f"no audit ({what})"))

    def _leaves(self, again: Derived) -> bool:
        self.progress("comparing", 0.0)
        self.checked["leaves"] = leaves({k: v for k, v in again.run.items() if k != "made_at"})
        found = list(compare(self.run, again.run))
        if not found:
            found = self._bytes(again)
        self.differences += found
        return not found

    def _bytes(self, again: Derived) -> list[Difference]:
        """Return the place where the file is written otherwise than Rapport writes what it says: `1.50` for `1.5`."""
        written = as_bytes({**again.run, "made_at": self.run.get("made_at")})
        if written == self.raw:
            return []
        words = in_words(self.raw.decode(), written.decode())
        return [Difference(f"{DOCUMENT}, as it is written", *words)]

    def _queries(self, again: Derived) -> None:
        queries = Queries(again)
        try:
            self.differences += queries.check(self.progress)
        finally:
            self.checked["queries"] = queries.run
            queries.close()

    def _outputs(self, again: Derived, *, sound: bool) -> None:
        self.progress("reading the report", 0.0)
        run = {**again.run, "made_at": self.run.get("made_at")}
        found = outputs(self.folder, self.run, run, again.root, sound=sound)
        self.checked |= {"numbers": found.numbers, "outputs": found.files}
        self.differences += found.differences
        self.notes += found.notes


def verify(
    audit: Path,
    record: Path | None = None,
    *,
    every: bool = False,
    progress: Progress = lambda stage, share: None,
) -> Verified:
    """Derive an audit again from its record and compare; nothing is written into it.

    Parameters
    ----------
    audit : the folder of an audit, or its `audit.json`.
    record : where its record is, if not beside it.
    every : look for every difference; else stop at the first stage that has one. A changed file of the record is no
        reason to stop: which numbers move is said too.
    progress : told the name of each stage and the share of it done.

    Raises
    ------
    UsageError
        If another version of Rapport made the audit, or it is one without personal data.
    InputError
        If the audit or its record cannot be read.
    """
    file, raw, run = document(audit)
    same_version(run, file)
    not_shared(run, file)
    name = snapshot_id(run, file)
    snapshot = snapshot_folder(name, file, record)
    search = _Search(run, raw, file.parent, every=every, progress=progress)
    if search.record(name, snapshot, own=record is None):
        search.numbers(snapshot, own=record is None)
    return Verified(file, search.checked, tuple(search.differences), tuple(search.notes))
