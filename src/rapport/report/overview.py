"""Sorts the audits by how they ended: what is in order, what could not be concluded, what the record is like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.report.gaps import gaps, missing, places, thin
from rapport.report.vocabulary import CATEGORIES, STATUSES

FOUNDATIONS = "foundations"
OPEN = ("not_assessable", "error")


def about_audits(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the audits as the sections of the report need them."""
    audits = run["audits"]
    order = [*CATEGORIES]
    ranked = sorted(audits, key=lambda a: order.index(a["category"]) if a["category"] in order else len(order))
    unassessed = [a for a in ranked if a["status"] == "not_assessable"]
    lines, opened = run["opinion"]["not_concluded"], _opened(run["opinion"]["not_concluded"], audits)
    return {
        "foundations": [a for a in audits if a["category"] == FOUNDATIONS],
        "conforming": [a for a in ranked if a["status"] == "conforming" and a["category"] != FOUNDATIONS],
        "in_order": [a for a in reversed(ranked) if a["status"] == "conforming"],
        "unassessed": unassessed,
        "missing": missing(unassessed),
        "thin": thin(unassessed),
        "places": places(lines, audits, opened),
        "audits_by_id": {str(a["id"]): a for a in audits},
        "stopped": gaps(_stopped((run.get("method") or {}).get("problems") or {})),
        "broken": [a for a in ranked if a["status"] == "error"],
        "ended": {s: sum(1 for a in audits if a["status"] == s) for s in STATUSES},
        "conduct": [_conduct(c, audits) for c in run["categories"]],
        "frozen": _frozen(run),
        "used": sum(i["used"] for i in run["inputs"]),
        "rejected": sum(i["rejected"] for i in run["inputs"]),
        "rows": sum(i["rows"] for i in run["inputs"]),
    }


def _stopped(problems: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "reason": reason} for name, reason in problems.items()]


def _opened(lines: list[str], audits: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the audits whose open question a line of the opinion repeats: there the question alone is enough."""
    return {line: a for line in lines for a in audits if a["status"] in OPEN and line.startswith(str(a["question"]))}


def _conduct(category: Mapping[str, Any], audits: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a category with its audits, those that need attention first."""
    order = [*STATUSES]
    own = [a for a in audits if a["category"] == category["id"]]
    own.sort(key=lambda a: order.index(a["status"]) if a["status"] in order else len(order))
    return {"category": category, "audits": own}


def _frozen(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the criterion of every audit with the hash that was taken of it before anything was looked at."""
    hashes = {str(f["audit"]): f["criteria"]["frozen_hash"] for f in run["findings"]}
    audits = [a for a in run["audits"] if a["criteria"]]
    return [{"audit": a, "hash": a.get("frozen_hash") or hashes.get(str(a["id"]), "")} for a in audits]
