"""What one audit said of each place it looked at, found or not, so that the next audit can be laid beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.models.two_estimates import Estimate

Document = Mapping[str, Any]
CHANGE, GOOD, ALL = "/change", "good/", "all"
PROBLEMS = ("nonconforming", "opportunity")


@dataclass(frozen=True, slots=True)
class Place:
    """One place at one audit: its level and how far it lies from what it is compared with (`effect`)."""

    id: str
    found: bool
    within: bool
    value: Estimate
    effect: Estimate
    baseline: float
    onset: str | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything one audit document says that a follow-up asks for, by id."""

    audits: Mapping[str, Document]
    findings: Mapping[str, Document]
    places: Mapping[str, Place]

    @classmethod
    def of(cls, run: Document) -> Ledger:
        """Return the ledger of a parsed `audit.json`."""
        audits = {str(a["id"]): a for a in run["audits"]}
        places: dict[str, Place] = {}
        for audit in audits.values():
            for tested in audit.get("tested") or ():
                places.setdefault(str(tested["id"]), _place(tested, bool(tested["found"]), bool(tested["within"])))
        return cls(audits, {str(f["id"]): f for f in run["findings"]}, places)

    def problems(self) -> list[Document]:
        """Return the findings that call for something to be mended."""
        return [f for f in self.findings.values() if f["status"] in PROBLEMS]

    def place(self, id_: str) -> Place | None:
        """Return a place; where it was not tested, the whole of the company if that has not a single case."""
        exact = self.places.get(id_)
        if exact is not None:
            return exact
        whole = self.places.get(f"{id_.partition('/')[0]}/{ALL}")
        return whole if whole is not None and whole.within and whole.value.value == 0 and not is_change(id_) else None

    def level(self, id_: str) -> Place | None:
        """Return the place at which the newest level of a change is to be read.

        Where the audit found that the place became better, the level since then; else that since its worst month, which
        is a cautious reading; else that of the place over the whole period.
        """
        audit, _, where = id_.partition("/")
        better = self.findings.get(f"{audit}/{GOOD}{where}")
        if better is not None:
            return _place({**better["condition"], "id": id_}, False, True)
        return self.places.get(id_) or self.places.get(id_.removesuffix(CHANGE))


def is_change(id_: str) -> bool:
    """Tell whether an id is that of a change over time."""
    return id_.endswith(CHANGE)


def of_finding(finding: Document) -> Place:
    """Return the place of a finding, from what the finding itself says."""
    return _place({**finding["condition"], "id": finding["id"]}, True, False)


def _place(said: Document, found: bool, within: bool) -> Place:
    return Place(
        str(said["id"]),
        found,
        within,
        _estimate(said["value"], said["low"], said["high"]),
        _estimate(said["effect"], said["effect_low"], said["effect_high"]),
        float(said["baseline"]),
        said["onset"],
    )


def _estimate(value: float, low: float | None, high: float | None) -> Estimate:
    """Return an estimate; a limit that is not known is taken to be anywhere."""
    return Estimate(value, float("-inf") if low is None else low, float("inf") if high is None else high)
