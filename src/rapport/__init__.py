"""Rapport audits a company's customer relationships, and keeps auditing them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rapport.app.audit import AuditDone, audit
    from rapport.app.catalogue import catalogue, explain
    from rapport.app.template import write_template
    from rapport.core.audit import Audit, Definition, metric
    from rapport.core.declarations import Declarations, Facts
    from rapport.core.errors import RapportError
    from rapport.core.finding import Evidence, Finding
    from rapport.core.inputs import Breakdown, Rows, Sums, Times
    from rapport.core.interval import Interval
    from rapport.core.outcome import Looked, NotAssessable, Score, Status, Test
    from rapport.core.run import Run
    from rapport.record import TABLES

__version__ = "0.1.0"

_HOME = {
    "Audit": "core.audit",
    "AuditDone": "app.audit",
    "Breakdown": "core.inputs",
    "Declarations": "core.declarations",
    "Definition": "core.audit",
    "Evidence": "core.finding",
    "Facts": "core.declarations",
    "Finding": "core.finding",
    "Interval": "core.interval",
    "Looked": "core.outcome",
    "NotAssessable": "core.outcome",
    "RapportError": "core.errors",
    "Rows": "core.inputs",
    "Run": "core.run",
    "Score": "core.outcome",
    "Status": "core.outcome",
    "Sums": "core.inputs",
    "TABLES": "record",
    "Test": "core.outcome",
    "Times": "core.inputs",
    "audit": "app.audit",
    "catalogue": "app.catalogue",
    "explain": "app.catalogue",
    "metric": "core.audit",
    "write_template": "app.template",
}

__all__ = [
    "TABLES",
    "Audit",
    "AuditDone",
    "Breakdown",
    "Declarations",
    "Definition",
    "Evidence",
    "Facts",
    "Finding",
    "Interval",
    "Looked",
    "NotAssessable",
    "RapportError",
    "Rows",
    "Run",
    "Score",
    "Status",
    "Sums",
    "Test",
    "Times",
    "__version__",
    "audit",
    "catalogue",
    "explain",
    "metric",
    "write_template",
]


def __getattr__(name: str) -> Any:
    """Fetch a public name from where it lives, the first time it is asked for: importing Rapport costs nothing."""
    if name in _HOME:
        return getattr(import_module(f"rapport.{_HOME[name]}"), name)
    raise AttributeError(f"module 'rapport' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names, so that a shell can complete them."""
    return sorted(__all__)
