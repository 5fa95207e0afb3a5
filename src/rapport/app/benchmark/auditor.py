"""The auditors that can be tried: this one, or any command that writes an `audit.json`."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import rapport
from rapport.core.errors import UsageError

Run = Mapping[str, Any]
RAN = (0, 1)
"""Exit status 1 is an audit that ran and broke a limit."""


class Auditor(Protocol):
    """Whoever can audit a folder."""

    @property
    def name(self) -> str:
        """Who it is, with the version: results of another one are not mixed with these."""

    def audit(self, source: Path, out: Path) -> Run:
        """Return the `audit.json` of the company in `source`, or raise NoResultError."""


class NoResultError(Exception):
    """An auditor gave no result."""


@dataclass(frozen=True, slots=True)
class Rapport:
    """This program, in this process, on one thread."""

    @property
    def name(self) -> str:
        """Who it is."""
        return f"rapport {rapport.__version__}"

    def audit(self, source: Path, out: Path) -> Run:
        """Audit as `rapport audit` does."""
        from rapport.app.audit import audit

        try:
            return audit(source, out, threads=1).run
        except rapport.core.errors.RapportError as problem:
            raise NoResultError(str(problem)) from problem


@dataclass(frozen=True, slots=True)
class Command:
    """Another auditor: `WORDS SOURCE --out DIR` writes `DIR/audit.json` as in the contract."""

    words: str

    @property
    def name(self) -> str:
        """Who it is."""
        return self.words

    def __post_init__(self) -> None:
        """Refuse what cannot be run at all."""
        parts = shlex.split(self.words)
        if not parts or shutil.which(parts[0]) is None:
            named = parts[0] if parts else "nothing"
            raise UsageError(f"there is no program {named!r}", where="--auditor", todo="name one that is on the path")

    def audit(self, source: Path, out: Path) -> Run:
        """Run the command and read what it wrote."""
        done = subprocess.run(
            [*shlex.split(self.words), str(source), "--out", str(out)], capture_output=True, text=True, check=False
        )
        written = out / "audit.json"
        if done.returncode not in RAN or not written.is_file():
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise NoResultError(f"exit status {done.returncode}: {said}")
        try:
            run = json.loads(written.read_text(encoding="utf-8"))
            return {"audits": run["audits"], "findings": run["findings"]}
        except (ValueError, KeyError) as problem:
            raise NoResultError(f"audit.json cannot be read: {problem!r}") from problem
