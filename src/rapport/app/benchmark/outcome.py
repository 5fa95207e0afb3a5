"""What is kept of one audit of one invented company: enough to count again by other rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.app.benchmark.cases import Case
from rapport.core.canonical import canonical, plain


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of an auditor."""

    id: str
    audit: str
    incident: str
    status: str
    scope: Mapping[str, str]
    title: str
    effect: float | None
    q_value: float | None
    onset: str | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an auditor ended on one company; `planted` is the truth about it, `failed` why there is no result."""

    case: Case
    auditor: str
    planted: tuple[Mapping[str, Any], ...]
    statuses: Mapping[str, str]
    findings: tuple[Found, ...]
    seconds: float
    failed: str = ""

    def line(self) -> str:
        """Return it as one line of JSON."""
        return canonical({"key": self.case.key, **plain(self)})


def outcome_of(
    case: Case, auditor: str, planted: tuple[Mapping[str, Any], ...], run: Mapping[str, Any], seconds: float
) -> Outcome:
    """Return what is kept of an `audit.json`."""
    return Outcome(
        case,
        auditor,
        planted,
        {one["id"]: one["status"] for one in run["audits"]},
        tuple(_found(one) for one in run["findings"]),
        seconds,
    )


def _found(one: Mapping[str, Any]) -> Found:
    condition = one.get("condition") or {}
    return Found(
        one["id"],
        one["audit"],
        one.get("incident") or one["id"],
        one["status"],
        {key: str(value) for key, value in (one.get("scope") or {}).items()},
        one.get("title", ""),
        condition.get("effect"),
        condition.get("q_value"),
        condition.get("onset"),
        condition.get("n"),
    )


def read(line: Mapping[str, Any]) -> Outcome:
    """Return an outcome from a line that was read."""
    return Outcome(
        Case(**line["case"]),
        line["auditor"],
        tuple(line["planted"]),
        line["statuses"],
        tuple(Found(**one) for one in line["findings"]),
        line["seconds"],
        line["failed"],
    )
