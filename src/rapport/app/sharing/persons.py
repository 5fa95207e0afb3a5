"""Finds out which of the names in an audit could be a person's: asked of the record, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rapport.core.table import Privacy, Type
from rapport.record import TABLES
from rapport.store.matching import Matching

LEAST_STAFF = 3
"""A team of fewer people is not named: what is said of it is said of them."""
STAFF = (("tickets", "team", "assignee"), ("messages", "team", "author"))
LOOKS_PERSONAL = re.compile(r"@|https?://|www\.|(?:\d[ ()/.+-]*){6,}")
"""An address, a link, or six digits and more: a telephone number, a customer number."""
OURS = frozenset(
    {"table", "column", "total", "kind", "weekday", "part_of_day", "month"}
    | {"experience", "lately", "last_time", "afterwards"}
)
"""Kinds of place whose names are Rapport's own words."""
PLACE = "place"
"""What a name stands for where only a chart holds it."""
REGION = frozenset({"city"})
"""Personal on the row of one customer, no secret as the name of a place with ten."""


def named(run: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return every name that the data brought into an audit: places, by what they name, and files."""
    found = {("source", str(i["source"])) for i in run["inputs"]}
    for finding in run["findings"]:
        found |= {(str(k), str(v)) for k, v in finding["scope"].items()}
        for evidence in finding["evidence"]:
            found |= set(_labels(evidence["chart"], tuple(finding["scope"])))
    for audit in run["audits"]:
        found |= set(_labels(audit["chart"], ()))
    common = (run.get("customers") or {}).get("in_common") or ()
    found |= {(str(t["trait"]), str(t["value"])) for t in common if t["value"] not in ("true", "false")}
    return {(kind, name) for kind, name in found if kind not in OURS}


def _labels(chart: Mapping[str, Any] | None, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Return what the dots of a chart stand for; the columns of a place's chart are those of its scope."""
    if chart is None or chart["kind"] != "dots":
        return
    for bar in chart["bars"]:
        parts = str(bar["label"]).split(" · ")
        if len(parts) == len(names):
            yield from zip(names, parts, strict=True)
        else:
            yield from ((PLACE, part) for part in parts)


def hidden(names: set[tuple[str, str]], files: Mapping[str, Path], declared_teams: set[str]) -> set[tuple[str, str]]:
    """Return those of the names that are not to be shown.

    All names of files; whatever looks like an address or a number of somebody; whatever contains a value of a column of
    the record that is personal or identifies somebody; and teams of fewer than three people, or of whom the record does
    not say how many they are, unless they are declared in `rapport.toml`.
    """
    matching = Matching(files)
    found = {(kind, name) for kind, name in names if kind == "source" or LOOKS_PERSONAL.search(name)}
    columns = [
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
        if column.privacy in (Privacy.PERSONAL, Privacy.IDENTIFIER)
        and column.type is Type.TEXT
        and column.name not in REGION
    ]
    personal = matching.containing({name for _, name in names}, columns)
    large, every = matching.at_least(LEAST_STAFF, STAFF), matching.at_least(0, STAFF)
    for kind, name in names:
        team = kind == "team" or (kind == PLACE and name in every)
        if name in personal or (team and name not in declared_teams | large):
            found.add(("team" if team else kind, name))
    told = {name for kind, name in found if kind != PLACE}
    return {(kind, name) for kind, name in found if kind != PLACE or name not in told}
