"""Writes findings as a table that a spreadsheet opens without executing anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

COLUMNS = (
    "id",
    "incident",
    "status",
    "severity",
    "confidence",
    "title",
    "statement",
    "n",
    "value",
    "low",
    "high",
    "baseline",
    "effect",
    "unit",
    "q_value",
    "since",
    "customers",
    "value_low",
    "value_mid",
    "value_high",
    "cause",
    "fix_condition",
    "fix_cause",
    "owner",
    "effort",
    "retest",
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def findings_csv(run: Mapping[str, Any]) -> str:
    """Return the findings of a run as CSV, one line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in run["findings"]:
        row = _row(finding)
        writer.writerow([harmless(v) if isinstance(v, str) else v for v in (row[c] for c in COLUMNS)])
    return out.getvalue()


def _row(finding: Mapping[str, Any]) -> dict[str, Any]:
    condition, action, money = finding["condition"], finding["action"], finding["consequence"]["value"] or {}
    return {
        **{k: finding[k] for k in ("id", "incident", "status", "severity", "confidence", "title")},
        **{
            k: condition[k] for k in ("statement", "n", "value", "low", "high", "baseline", "effect", "unit", "q_value")
        },
        "since": condition["onset"],
        "customers": finding["consequence"]["customers"],
        **{f"value_{k}": money.get(k) for k in ("low", "mid", "high")},
        "cause": finding["cause"]["statement"],
        **{k: action[k] for k in ("fix_condition", "fix_cause", "owner", "effort", "retest")},
    }
