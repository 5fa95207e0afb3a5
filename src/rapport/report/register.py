"""Puts the findings in order: one incident once, the gravest and dearest first, what shows the same thing beneath it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.report.vocabulary import severity_rank

PROBLEMS = ("nonconforming", "opportunity")
SLUG = re.compile(r"[^a-z0-9]+")
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that happened: the finding nearest its cause, and the others that show it."""

    id: str
    rank: int
    head: Entry
    others: tuple[Entry, ...]


def incidents(findings: Iterable[Entry], statuses: Sequence[str] = PROBLEMS) -> list[Incident]:
    """Return the incidents whose head ended in one of `statuses`, ranked by severity and then by money."""
    groups: dict[str, list[Entry]] = {}
    for one in findings:
        groups.setdefault(str(one["incident"]), []).append(one)
    heads = [(name, *_headed(name, group)) for name, group in groups.items()]
    chosen = [h for h in heads if h[1]["status"] in statuses]
    chosen.sort(key=lambda h: _order(h[1]))
    return [Incident(name, rank, head, tuple(others)) for rank, (name, head, others) in enumerate(chosen, 1)]


def _headed(name: str, group: list[Entry]) -> tuple[Entry, list[Entry]]:
    """Return the head of a group and the rest: the finding the incident is named after, else the gravest."""
    ranked = sorted(group, key=lambda f: (f["id"] != name, not f["also_seen_in"], _order(f)))
    return ranked[0], sorted(ranked[1:], key=_order)


def _order(finding: Entry) -> tuple[int, float, float]:
    value = finding["consequence"]["value"]
    return severity_rank(str(finding["severity"])), -(value["mid"] if value else 0.0), -finding["confidence"]


def anchors(findings: Iterable[Entry]) -> dict[str, str]:
    """Return a readable place on the page for each finding: `finding-first-reply-team-billing`."""
    places: dict[str, str] = {}
    taken: set[str] = set()
    for one in findings:
        slug = "finding-" + (SLUG.sub("-", str(one["id"]).lower()).strip("-")[:60] or "one")
        place, number = slug, 2
        while place in taken:
            place, number = f"{slug}-{number}", number + 1
        taken.add(place)
        places[str(one["id"])] = place
    return places


def slug(text: str) -> str:
    """Return a text as it can stand in an address."""
    return SLUG.sub("-", str(text).lower()).strip("-")[:60] or "x"
