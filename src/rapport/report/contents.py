"""Which sections this report has: one that has nothing to say is left out, heading and all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def contents(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the sections of the report in order: the place on the page and the title."""
    run = page["run"]
    open_ = bool(page["unassessed"] or page["broken"] or page["stopped"] or run["opinion"]["not_concluded"])
    sections = [
        ("opinion", "Opinion", True),
        ("scope", "Scope, criteria and limits", True),
        ("record", "Can the record be trusted?", True),
        ("measures", "Measures", bool(page["groups"])),
        ("conduct", "How the company conducts itself", bool(page["conduct"])),
        ("health", "How healthy the relationships are", bool(page["health"])),
        ("leaving", "Who may leave", bool(page["leaving"] or page["silence"])),
        ("segments", "What the relationships are worth", bool(page["by_value"])),
        ("advice", "What to do for whom", bool(page["actions"] or page["wants"])),
        ("foretold", "Foretold, and what happened", bool(page["foretold"])),
        ("findings", "Findings", bool(page["incidents"])),
        ("good-practice", "Good practice", bool(page["good"])),
        ("in-order", "Looked at, and in order", bool(page["conforming"])),
        ("roadmap", "Roadmap", bool(run["roadmap"])),
        ("not-concluded", "What could not be concluded", open_),
        ("follow-up", "Follow-up", True),
        ("method", "Method", True),
        ("appendix", "Appendix", bool(run["snapshot"]["tables"] or run["inputs"])),
    ]
    return [(place, title) for place, title, there in sections if there]
