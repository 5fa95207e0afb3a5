"""Puts findings that show the same thing under one heading, so that it is counted and valued once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from rapport.core.finding import Finding
from rapport.core.outcome import Status

MONTHS_APART = 1
"""The beginnings of what is one incident may lie so far apart."""


def incidents(findings: Sequence[Finding], tables: Mapping[str, Collection[str]]) -> tuple[Finding, ...]:
    """Return the findings with `incident` set to the id of the finding nearest the cause, and `also_seen_in` filled.

    Parameters
    ----------
    findings : the findings of a run, of all audits.
    tables : the record's tables that each audit reads.

    Two findings are one incident if they are of one kind (good or not), rest on a common table, name at least one
    common place and contradict each other in none, and began at most a month apart where both have a beginning: the
    month that fits best is often missed by one.
    """
    ordered = sorted(findings, key=_nearness)
    heads: list[Finding] = []
    head_of: dict[str, str] = {}
    for one in ordered:
        head = next((h for h in heads if _same(h, one, tables)), None)
        if head is None:
            heads.append(one)
        head_of[one.id] = (head or one).id
    members: dict[str, list[str]] = {}
    for one in ordered:
        if head_of[one.id] != one.id:
            members.setdefault(head_of[one.id], []).append(one.id)
    return tuple(
        replace(
            f,
            incident=head_of[f.id],
            also_seen_in=tuple(dict.fromkeys([*f.also_seen_in, *members.get(f.id, [])])),
        )
        for f in findings
    )


def _nearness(finding: Finding) -> tuple[int, float, str]:
    """Order by how near the cause a finding is: the more exactly it says where, then the larger its effect."""
    size = abs(finding.condition.shrunk_effect or finding.condition.effect)
    least = finding.criteria.least_effect or 1.0
    return (-len(finding.scope) - (finding.condition.onset is not None), -size / least, finding.id)


def _same(a: Finding, b: Finding, tables: Mapping[str, Collection[str]]) -> bool:
    good = Status.GOOD_PRACTICE.value
    if (a.status == good) != (b.status == good) or not set(tables[a.audit]) & set(tables[b.audit]):
        return False
    common = a.scope.keys() & b.scope.keys()
    if not common or any(a.scope[k] != b.scope[k] for k in common):
        return False
    if a.condition.onset is None or b.condition.onset is None:
        return True
    return abs(_month(a.condition.onset) - _month(b.condition.onset)) <= MONTHS_APART


def _month(day: str) -> int:
    """Return the number of the month of a date as text."""
    year, month = day.split("-")[:2]
    return int(year) * 12 + int(month)
