"""Reads the roadmap as a person would: what is the same step in another place is said as that, not written again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.core.words import place

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the roadmap; `like` is the earlier step that says the same of another place, `where` this place."""

    item: Entry
    like: Entry | None
    where: str


def steps(roadmap: Sequence[Entry], findings: Iterable[Entry]) -> list[Step]:
    """Return the steps, each knowing the first one that differs from it in nothing but the place."""
    scopes = {str(f["id"]): f["scope"] for f in findings}
    first: dict[tuple[str, ...], Entry] = {}
    found = []
    for item in roadmap:
        where = place(scopes.get(str(item["id"]), {}))
        key = tuple(str(item[k]).replace(where, "{}") for k in ("action", "effort", "measure", "retest"))
        like = first.setdefault(key, item)
        found.append(Step(item, None if like is item else like, where))
    return found
