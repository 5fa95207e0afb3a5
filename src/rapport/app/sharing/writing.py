"""Writes the shared report beside the audit: the same page, table and document, with nobody in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rapport.app.sharing.document import shared
from rapport.app.sharing.groups import LEAST
from rapport.app.sharing.persons import hidden, named
from rapport.app.sharing.pseudonyms import Pseudonyms, key_in
from rapport.app.tables_out import findings_csv
from rapport.core.canonical import canonical
from rapport.core.declarations import Declarations
from rapport.core.errors import InputError
from rapport.report.html import render

FOLDER = "share"
AUDIT, FINDINGS, REPORT = "audit.json", "findings.csv", "report.html"
Write = Callable[[Path, Mapping[str, str]], None]


def write_shared(
    run: Mapping[str, Any], files: Mapping[str, Path], declared: Declarations, out: Path, write: Write
) -> Path:
    """Write `OUT/share` with `audit.json`, `report.html` and `findings.csv`, and return the report.

    Parameters
    ----------
    run : the audit as plain data.
    files : the Parquet file of each table of its record, which is asked for names of people.
    declared : what the company said of itself; teams named there are departments.
    out : the folder of the audit; the key of the pseudonyms stays there.
    write : writes texts into a folder, all or none.

    Raises
    ------
    InputError
        Where the company has fewer than ten customers: any number would be about somebody.
    """
    customers = next((m["value"] for m in run["metrics"] if m["id"] == "customers"), None)
    if customers is not None and customers < LEAST:
        todo = "leave out --share"
        raise InputError(f"has fewer than {LEAST} customers: any number would be about one of them", todo=todo)
    secret = hidden(named(run), files, {team.name for team in declared.teams})
    document = shared(run, Pseudonyms.of(secret, key_in(out)))
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    write(folder, {AUDIT: canonical(document) + "\n", FINDINGS: findings_csv(document), REPORT: render(document)})
    return folder / REPORT


def unshare(out: Path) -> None:
    """Remove the shared report of an earlier audit: beside a newer one it would be taken for that one's."""
    folder = out / FOLDER
    for name in (AUDIT, FINDINGS, REPORT):
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
