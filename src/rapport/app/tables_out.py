"""Writes findings and actions as tables that a spreadsheet opens without executing anything in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

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
ACTIONS = ("customer", "action", "reason", "channel", "value", "value_low", "value_high", "consent", "arm")
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


def actions_csv(file: Path) -> str:
    """Return what to do for each customer as CSV, what is worth most first.

    file : the kept table of `actions`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ACTIONS)
    for row in pq.read_table(file).sort_by("place").to_pylist():
        told = {**row, "customer": row["customer_id"]}
        writer.writerow([harmless(v) if isinstance(v, str) else v for v in (told[c] for c in ACTIONS)])
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
