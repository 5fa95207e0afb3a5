"""Puts the findings in order: one incident once, the gravest first, what shows the same thing beneath it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.report.vocabulary import severity_rank

PROBLEMS = ("nonconforming", "opportunity")
LEAST_CARDS, MOST_CARDS, LEAST_GROUP, MOST_PRACTICES = 5, 8, 3, 3
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
    """Return the incidents whose head ended in one of `statuses`, the gravest first, in the order of the audit."""
    groups: dict[str, list[Entry]] = {}
    for one in findings:
        groups.setdefault(str(one["incident"]), []).append(one)
    heads = [(name, *_headed(name, group)) for name, group in groups.items()]
    chosen = [h for h in heads if h[1]["status"] in statuses]
    chosen.sort(key=lambda h: severity_rank(str(h[1]["severity"])))
    return [Incident(name, rank, head, tuple(others)) for rank, (name, head, others) in enumerate(chosen, 1)]


def _headed(name: str, group: list[Entry]) -> tuple[Entry, list[Entry]]:
    """Return the head of a group and the rest: the finding the incident is named after, else the first."""
    ranked = sorted(group, key=lambda f: f["id"] != name)
    return ranked[0], ranked[1:]


def leading(register: Sequence[Incident]) -> list[Incident]:
    """Return the incidents that are printed as whole cards: all of a few, of many the gravest."""
    if len(register) <= MOST_CARDS:
        return [*register]
    grave = sum(1 for i in register if severity_rank(str(i.head["severity"])) <= severity_rank("high"))
    return [*register[: min(max(grave, LEAST_CARDS), MOST_CARDS)]]


def folded(register: Sequence[Incident]) -> list[tuple[str, list[Incident]]]:
    """Return the other incidents, folded: those that many share under their audit, the rest under no name."""
    rest = register[len(leading(register)) :]
    number = Counter(str(i.head["audit"]) for i in rest)
    groups: dict[str, list[Incident]] = {}
    for one in rest:
        audit = str(one.head["audit"])
        groups.setdefault(audit if number[audit] >= LEAST_GROUP else "", []).append(one)
    return [*groups.items()]


def by_title(findings: Iterable[Entry]) -> dict[str, Entry]:
    """Return the findings by title, so that a sentence of the opinion can lead to the finding it names."""
    return {str(f["title"]): f for f in reversed([*findings])}


def each_incident(ids: Iterable[str], ranks: Mapping[str, int]) -> list[str]:
    """Return one finding for each incident that the findings named belong to."""
    return list({ranks.get(one, one): one for one in reversed([*ids])}.values())[::-1]


def seen_words(id_: str, audit: str) -> str:
    """Return the place a finding's name stands for: `team Shop, topic product`, after another audit's name."""
    name, _, place = id_.partition("/")
    where = place.replace("=", " ").replace("_", " ").replace(",", ", ") or "everywhere"
    where = "the company as a whole" if where == "all" else where
    return where if name == audit else f"{name.replace('-', ' ')}: {where}"


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
