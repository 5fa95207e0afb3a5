"""Makes the same audit again from its record and its settings, in a folder of its own: the audit is only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import rapport
from rapport.app.opening import open_record
from rapport.app.settings import settings_of
from rapport.core.canonical import plain
from rapport.engine.conduct import conduct
from rapport.engine.record import Record
from rapport.engine.registry import registry
from rapport.remedies import remedies
from rapport.store.locks import RECORD
from rapport.store.manifest import decode

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Derived:
    """The audit made again: `run` as plain data, the record still open, and `root`, where its printed paths begin."""

    run: Mapping[str, Any]
    record: Record
    root: Path


@contextmanager
def derived(run: Mapping[str, Any], snapshot: Path, progress: Progress) -> Iterator[Derived]:
    """Give the audit as it follows from a snapshot, the settings in `run` and this version of Rapport.

    Raises
    ------
    RapportError, ValueError
        Where nothing follows from the settings: a date that is none, an audit that does not exist.
    """
    settings = settings_of(run)
    with TemporaryDirectory(prefix="rapport-verify-") as folder:
        root = Path(folder).resolve()
        (root / RECORD).mkdir()
        here = root / RECORD / str(run["snapshot"]["id"])
        here.symlink_to(snapshot.resolve(), target_is_directory=True)
        record = open_record(decode(here), settings.declared, root, as_of=settings.as_of, since=settings.since)
        try:
            again = conduct(
                record,
                registry(),
                remedies(),
                version=rapport.__version__,
                made_at=str(run.get("made_at")),
                seed=settings.seed,
                only=settings.only,
                progress=progress,
            )
            yield Derived(plain(again), record, root)
        finally:
            record.database.close()
