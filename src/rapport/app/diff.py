"""Compares two audits of one company: what was fixed, what is worse, what is new, what can no longer be seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rapport.core.errors import InputError
from rapport.core.follow_up import SCHEMA, FollowUp, Side
from rapport.engine.following.comparable import notes, refuse
from rapport.engine.following.findings import followed
from rapport.engine.following.ledger import Ledger
from rapport.engine.following.numbers import metrics_moved, scores_moved

AUDIT = "audit.json"


def diff(before: Path, after: Path) -> FollowUp:
    """Return what changed from one audit to the next.

    Parameters
    ----------
    before, after : folders that `rapport audit` wrote, or their `audit.json`.

    Raises
    ------
    InputError
        Where one of them is no audit.
    ComparisonError
        Where a comparison of the two would mislead, with every reason.
    """
    return compare(read(before), read(after))


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> FollowUp:
    """Return what changed between two parsed `audit.json`; see `diff`."""
    refuse(before, after)
    old, new = Ledger.of(before), Ledger.of(after)
    return FollowUp(
        SCHEMA,
        str(after["company"]),
        str(after["currency"]),
        _side(before),
        _side(after),
        (*notes(before, after), *_fallen_silent(old, new)),
        followed(old, new),
        metrics_moved(before, after),
        scores_moved(before, after),
    )


def read(path: Path) -> dict[str, Any]:
    """Return a parsed `audit.json`, given as the file or as its folder."""
    file = path / AUDIT if path.is_dir() else path
    todo = "name a folder that `rapport audit` wrote, or its audit.json"
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise InputError("there is no such audit", where=str(file), todo=todo) from problem
    except OSError as problem:
        raise InputError(f"cannot be read: {problem.strerror}", where=str(file), todo=todo) from problem
    except ValueError as problem:
        raise InputError("is no audit.json", where=str(file), todo=todo) from problem
    if not isinstance(run, dict) or not str(run.get("schema", "")).startswith("rapport.audit/"):
        raise InputError("is no audit.json", where=str(file), todo=todo)
    return run


def _side(run: Mapping[str, Any]) -> Side:
    period = run["period"]
    return Side(run["as_of"], period["start"], period["end"], run["fingerprint"], run["engine"]["version"])


def _fallen_silent(old: Ledger, new: Ledger) -> list[str]:
    """Return the questions that the first audit answered and the second could not."""
    said = []
    for id_, audit in old.audits.items():
        now = new.audits.get(id_)
        if audit["tests"] and now is not None and not now["tests"]:
            said.append(f"{audit['question']} This could be looked into at the first audit only: {now['reason']}")
    return said
