"""One small company audited once, and the same audit made again once, for all tests of verification."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import rapport.app.verify
import rapport.app.verifying.outputs
from rapport.app.verify import Verified, verify
from rapport.app.verifying.deriving import Derived
from rapport.app.verifying.queries import Queries


@dataclass(frozen=True)
class Audited:
    """An audit on disk, and what is derived from its record: kept, so that a test need not derive it once more."""

    out: Path
    again: Derived
    page: str

    @property
    def run(self) -> dict[str, Any]:
        """Return what `audit.json` holds."""
        return json.loads((self.out / "audit.json").read_text(encoding="utf-8"))

    @property
    def snapshot(self) -> Path:
        """Return the folder of the record."""
        return self.out / "record" / self.run["snapshot"]["id"]

    def copy(self, folder: Path) -> Path:
        """Return a copy of the audit that a test may change; the company's files lie in it."""
        return Path(shutil.copytree(self.out, folder / "audit"))


def quickly(
    audited: Audited, audit: Path, monkeypatch: pytest.MonkeyPatch, *, queries: bool = False, **words: Any
) -> Verified:
    """Verify an audit whose record and settings are untouched without making or drawing it again.

    Its queries are run with `queries` only: they are those of the audit that was made again, whatever a test changes.
    """

    @contextmanager
    def derived(*_: Any) -> Iterator[Derived]:
        yield audited.again

    with monkeypatch.context() as patched:
        patched.setattr(rapport.app.verify, "derived", derived)
        patched.setattr(rapport.app.verifying.outputs, "render", lambda _run: audited.page)
        if not queries:
            patched.setattr(Queries, "check", lambda _self, _progress: [])
        return verify(audit, **words)


def rewrite(audit: Path, old: str, new: str, name: str = "audit.json") -> None:
    """Replace the one place where a file says something."""
    text = (audit / name).read_text(encoding="utf-8")
    assert old in text, old
    (audit / name).write_text(text.replace(old, new, 1), encoding="utf-8")
