"""Outcomes of a benchmark written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.app.benchmark import Case
from rapport.app.benchmark.outcome import Found, Outcome

BILLING = {
    "id": "first-reply",
    "audit": "first-reply",
    "status": "nonconforming",
    "scope": {"team": "Billing"},
    "since": "2025-11-05",
}


def found(audit: str = "first-reply", scope: Mapping[str, str] | None = None, **more: Any) -> Found:
    """Return a finding; nonconforming, about the team Billing, if nothing else is said."""
    own = {"team": "Billing"} if scope is None else scope
    words: dict[str, Any] = {"status": "nonconforming", "onset": None, "incident": "", **more}
    id_ = f"{audit}/{','.join(f'{k}={v}' for k, v in own.items())}"
    return Found(id_, audit, words["incident"] or id_, words["status"], own, id_, 0.2, 0.001, words["onset"], 900)


def outcome(*findings: Found, case: Case | None = None, **more: Any) -> Outcome:
    """Return how an auditor ended: by default on a shop in which Billing answers slowly."""
    own = case or Case("shop", 1, {"first-reply": 6.0})
    words: dict[str, Any] = {
        "statuses": {"first-reply": "nonconforming", "nps": "not_assessable"},
        "failed": "",
        "planted": tuple({**BILLING, "id": id_, "audit": id_} for id_ in own.plants),
        **more,
    }
    return Outcome(own, "somebody 1.0", words["planted"], words["statuses"], findings, 12.5, words["failed"])
