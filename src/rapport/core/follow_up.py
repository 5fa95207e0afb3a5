"""What became of the findings of one audit at the next: the document that `rapport diff` gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCHEMA = "rapport.diff/1"


class Fate(StrEnum):
    """What became of a finding (see `docs/how-to/compare-two-audits.md`)."""

    REGRESSED = "regressed"
    NEW = "new"
    FIXED = "fixed"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    GONE = "gone"
    NOT_COMPARABLE = "not_comparable"


FAILING = frozenset({Fate.REGRESSED, Fate.NEW})
"""What makes a comparison fail."""


@dataclass(frozen=True, slots=True)
class Side:
    """One audit of the two."""

    as_of: str
    start: str
    end: str
    fingerprint: str
    version: str


@dataclass(frozen=True, slots=True)
class Followed:
    """One finding followed from one audit to the next.

    `before` and `after` are in `unit`: the difference from what the place is compared with, or, for a change over time
    (an id that ends in `/change`), the level. `change` is after − before with its 95 % interval; None where it cannot
    be said. `q_value` is that of the test that decided, corrected for all findings followed.
    """

    id: str
    audit: str
    fate: Fate
    title: str
    severity: str
    reason: str
    unit: str
    before: float | None = None
    after: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    q_value: float | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A metric or a score side by side; `reason` says why there is no difference, or why it is not tested."""

    id: str
    name: str
    unit: str
    before: float | None
    after: float | None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    q_value: float | None = None
    moved: bool | None = None
    segment: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Two audits of one company compared: the findings, the metrics, the scores, and what to bear in mind."""

    schema: str
    company: str
    currency: str
    before: Side
    after: Side
    notes: tuple[str, ...]
    findings: tuple[Followed, ...]
    metrics: tuple[Moved, ...]
    scores: tuple[Moved, ...]

    @property
    def failed(self) -> bool:
        """Whether anything regressed or is new."""
        return any(f.fate in FAILING for f in self.findings)
