"""A run for tests of the command line: small, with two findings of one incident and one opportunity."""

from __future__ import annotations

from typing import Any


def finding(id_: str, status: str = "nonconforming", incident: str = "", value: bool = True) -> dict[str, Any]:
    """Return the parts of a finding that a summary shows."""
    return {
        "id": id_,
        "incident": incident or id_,
        "title": f"Title of {id_}\x1b[31m",
        "status": status,
        "severity": "high",
        "confidence": 0.9,
        "consequence": {"value": {"low": 61000.0, "mid": 96123.0, "high": 140000.0} if value else None},
    }


def run() -> dict[str, Any]:
    """Return the parts of a run that a summary shows."""
    statuses = ["nonconforming", "nonconforming", "opportunity", "conforming", "not_assessable"]
    return {
        "company": "Lumen & Loom",
        "currency": "EUR",
        "period": {"start": "2024-05-01T00:00:00", "end": "2026-05-01T00:00:00"},
        "opinion": {
            "score": 71.6,
            "low": 66.0,
            "high": 75.0,
            "grade": "C",
            "coverage": 0.8,
            "text": "Billing lets customers wait.",
        },
        "reliability": {"opinion": "qualified"},
        "audits": [{"status": s} for s in statuses],
        "findings": [
            finding("first-reply/team=Billing", incident="billing"),
            finding("promises/answer", incident="billing"),
            finding("repeat-purchase/x", "opportunity", value=False),
            finding("csat/good", "good_practice"),
        ],
        "inputs": [{"rows": 1200, "rejected": 7}, {"rows": 34, "rejected": 0}],
    }
