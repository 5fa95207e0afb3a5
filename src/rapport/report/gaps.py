"""Sorts what could not be concluded by what is missing, so that each reason is said once, with all it would open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, and everything that waits for it."""

    reason: str
    waiting: tuple[Entry, ...]


def gaps(waiting: Iterable[Entry]) -> list[Gap]:
    """Return what waits for the same reason together, the reason that holds up most first."""
    by_reason: dict[str, list[Entry]] = {}
    for one in waiting:
        by_reason.setdefault(str(one["reason"]), []).append(one)
    found = [Gap(group[0]["reason"], tuple(group)) for group in by_reason.values()]
    return sorted(found, key=lambda gap: -len(gap.waiting))


def missing(unassessed: Sequence[Entry]) -> list[Gap]:
    """Return what the record does not hold, with the questions that wait for it."""
    return gaps(a for a in unassessed if not a["tests"])


def thin(unassessed: Sequence[Entry]) -> list[Entry]:
    """Return the questions that were looked into with too few rows for a verdict."""
    return [a for a in unassessed if a["tests"]]


def places(lines: Iterable[str], audits: Iterable[Entry], whole: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the places with too few cases under their question; `whole` are the lines about a question itself."""
    questions = [a["question"] for a in audits]
    taken = set(whole)
    found: dict[str, list[str]] = {}
    for line in lines:
        if line not in taken:
            question = next((q for q in questions if line.startswith(f"{q} ")), "")
            found.setdefault(question, []).append(line)
    return [*found.items()]
