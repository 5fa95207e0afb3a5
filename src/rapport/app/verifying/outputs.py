"""Looks whether the report and the tables say what `audit.json` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rapport.app.tables_out import actions_csv, findings_csv
from rapport.app.verifying.differences import NOTHING, Difference, in_words, named
from rapport.app.verifying.lists import differing, lists_in
from rapport.app.verifying.reading import DOCUMENT
from rapport.core.errors import InputError
from rapport.measures.estimate import kept_in
from rapport.report.html import render
from rapport.report.recheck import Disagreement, disagreements, printed
from rapport.store.rejects import REJECTS, rejected_lines

REPORT, FINDINGS, ACTIONS = "report.html", "findings.csv", "actions.csv"


@dataclass(slots=True)
class Outputs:
    """What came of the files beside `audit.json`: how many there are, how many numbers of the report were found."""

    files: int = 0
    numbers: int = 0
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def outputs(folder: Path, run: Mapping[str, Any], again: Mapping[str, Any], made: Path, *, sound: bool) -> Outputs:
    """Compare the files in an audit's folder with its document, and its lists of customers with those made again.

    Parameters
    ----------
    folder : where `audit.json` is.
    run : the document as it stands there.
    again : the document as it is derived.
    made : the folder in which it was derived, with the lists.
    sound : whether the two are the same. Else files are not written again for comparison: they would all differ.
    """
    found = Outputs()
    page = _text(folder / REPORT, found)
    if page is not None:
        found.numbers = len(printed(page))
        found.differences += [_disagreement(run, one) for one in disagreements(page, run)]
        if sound and not found.differences:
            found.differences += _lines(REPORT, page, render(again))
    table = _text(folder / FINDINGS, found)
    if table is not None and sound:
        found.differences += _lines(FINDINGS, table, findings_csv(again))
    found.differences += _lists(folder, made, found)
    if (made / kept_in("actions")).is_file():
        advice = _text(folder / ACTIONS, found)
        if advice is not None:
            found.differences += _lines(ACTIONS, advice, actions_csv(made / kept_in("actions")))
    if (folder / REJECTS).is_file():
        found.files += 1
        found.differences += _rejects(folder / REJECTS, again)
    else:
        found.notes.append(f"{REJECTS} is not there")
    return found


def _lists(folder: Path, made: Path, found: Outputs) -> Iterator[Difference]:
    """Yield each list of customers that is not as it is derived; where one is not there, that is noted."""
    for file in lists_in(made):
        if not (folder / file).is_file():
            found.notes.append(f"{file.as_posix()} is not there")
            continue
        found.files += 1
        yield from differing(folder / file, made / file, file.as_posix())


def _disagreement(run: Mapping[str, Any], one: Disagreement) -> Difference:
    expected = NOTHING if one.expected is None else f"“{one.expected}” in {DOCUMENT}"
    return Difference(f"{REPORT}, {named(run, one.path)}", f"“{one.text}”", expected)


def _text(file: Path, found: Outputs) -> str | None:
    """Return a file's text, with its line ends as they are; None where there is none."""
    if not file.is_file():
        found.notes.append(f"{file.name} is not there")
        return None
    found.files += 1
    return file.read_bytes().decode("utf-8", errors="replace")


def _lines(name: str, text: str, again: str) -> Iterator[Difference]:
    """Yield the first line that is not as it would be written."""
    if text == again:
        return
    for number, (one, other) in enumerate(zip_longest(text.split("\n"), again.split("\n")), start=1):
        if one != other:
            words = in_words(one, other) if one is not None and other is not None else _ended(one)
            yield Difference(f"{name}, line {number}", *words)
            return


def _ended(one: str | None) -> tuple[str, str]:
    return (NOTHING, "a line") if one is None else ("a line", NOTHING)


def _rejects(file: Path, run: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield each source whose rejected lines are not as many as are kept."""
    try:
        kept = rejected_lines(file)
    except InputError as problem:
        yield Difference(file.name, "a table", problem.what, file=True)
        return
    said = {one["source"]: one["rejected"] for one in run["inputs"] if one["rejected"]}
    for name in sorted(said.keys() | kept.keys()):
        if said.get(name, 0) != kept.get(name, 0):
            rows = f"{kept.get(name, 0)} lines in {file.name}"
            yield Difference(f"inputs[{name}].rejected", str(said.get(name, 0)), rows)
