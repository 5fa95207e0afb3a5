"""Queries of many findings begin alike: their common preparations are printed once, and the copy button takes both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rapport.report.trace import path_of

LAST_SELECT = re.compile(r"\n\)\n(?=SELECT\b)", re.IGNORECASE)


def halves(query: str) -> tuple[str, str]:
    """Return a query's preparations (its WITH clauses) and its last SELECT, which says what is counted."""
    ends = [m.end() for m in LAST_SELECT.finditer(query)]
    cut = ends[-1] if ends else 0
    return query[:cut], query[cut:]


def last_select(query: str) -> str:
    """Return what a query says after its preparations."""
    return halves(query)[1]


def homes(findings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return, for each query's place in `audit.json`, the place of the query where its preparations are printed.

    A query without preparations, or the first with its own, is at home where it stands.
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for one in findings:
        for evidence in one["evidence"]:
            path = path_of(evidence["sql"])
            before = halves(str(evidence["sql"]))[0]
            found[path] = first.setdefault(before, path) if before else path
    return found


def address(path: str) -> str:
    """Return where on the page a query stands: `findings.3.evidence.0.sql` at `query-3-0`."""
    return "-".join(["query", *(step for step in path.split(".") if step.isdigit())])
