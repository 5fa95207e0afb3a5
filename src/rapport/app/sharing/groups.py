"""Leaves out of an audit what is about so few people that one could tell who they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

LEAST = 10
"""Customers (or rows) that a group must have to be shown: the stricter of the usual 5 and 10."""
LEAST_FOR_MONEY = 100
"""Customers that an amount of money must be of: of fewer, one large customer could be most of it."""
Entry = Mapping[str, Any]

FEW = re.compile(
    r"(?<![\w.,:/–−-])[1-9](?! of \d+ questions)(?= (?:of|customers?|people|tickets?|orders?|answers?|subscribers?"
    r"|contacts?|promotions?|messages?|surveys?|payments?|accounts?|rows?|cases?)\b)"
)
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z“])")


def small(number: float | None) -> bool:
    """Tell whether a count is of somebody, but of too few to be shown."""
    return number is not None and 0 < number < LEAST


def withheld(findings: Sequence[Entry]) -> set[str]:
    """Return the ids of the findings that are not shown.

    Those about fewer than ten customers or rows; those whose complement is as small (what is left of the whole would
    say it); and, where the places of one column together leave fewer than ten rows, the smallest of them.
    """
    found = {str(f["id"]) for f in findings if _few(f) or any(small(n) for n in _others(f))}
    groups: dict[tuple[str, tuple[str, ...]], list[Entry]] = defaultdict(list)
    for finding in findings:
        if finding["id"] not in found and finding["scope"] and not finding["condition"]["onset"]:
            groups[str(finding["audit"]), tuple(sorted(finding["scope"]))].append(finding)
    for group in groups.values():
        whole = max((sum(_rows(f)) for f in group), default=0)
        ordered = sorted(group, key=lambda f: (f["condition"]["n"], f["id"]))
        if small(whole - sum(f["condition"]["n"] for f in group)):
            found.add(str(ordered[0]["id"]))
    return found


def _few(finding: Entry) -> bool:
    return small(finding["consequence"]["customers"]) or small(finding["condition"]["n"])


def _summary(finding: Entry) -> list[Entry]:
    return [row for e in finding["evidence"] if e["kind"] == "query" for row in e["sample"] if "place" in row]


def _rows(finding: Entry) -> list[float]:
    return [row.get("n") or 0 for row in _summary(finding)]


def _others(finding: Entry) -> list[float]:
    """Return how many rows and customers each side of a finding's comparison has."""
    return [row[key] for row in _summary(finding) for key in ("n", "customers") if row.get(key) is not None]


def about_few(audit: Entry, hidden: set[str]) -> bool:
    """Tell whether what an audit says as a whole is about a few: a finding is withheld, or every customer of a test."""
    return bool(hidden & set(audit["findings"])) or any(
        small(t["customers"]) and "=" not in t["id"] for t in audit["tested"]
    )


def drawn(chart: Entry | None, *, counted: bool = False) -> dict[str, Any] | None:
    """Return a chart without the points that stand for a few, and without counts, from which others could be derived.

    With `counted` the counts of a course over time are kept: those of the whole company.
    """
    if chart is None:
        return None
    bars = [b for b in chart["bars"] if not small(b["n"])]
    if chart["kind"] == "dots" or not counted:
        bars = [{**b, "n": None} for b in bars]
    return {**chart, "bars": bars} if len(bars) > 1 else None


def told(text: str) -> str:
    """Return a text in which no group of a few is counted exactly."""
    return FEW.sub("fewer than 10", text)


def without(text: str, titles: Sequence[str]) -> str:
    """Return a paragraph without the sentences that repeat one of the titles."""
    said = [t.partition(": ")[2] or t for t in titles]
    return " ".join(s for s in SENTENCE.split(text) if not any(words in s for words in said))
