"""Says how far the record can be trusted, and caps the confidence of everything that rests on a doubtful table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapport.core.outcome import Doubt, Looked, Outcome
from rapport.core.run import InputFile, Reliability
from rapport.core.words import grouped

REJECTED_DOUBT = 0.01


@dataclass(frozen=True, slots=True)
class Trust:
    """The reliability opinion and, for each table with a doubt, the highest confidence a finding may have."""

    reliability: Reliability
    caps: Mapping[str, float]

    def cap(self, tables: Iterable[str]) -> float:
        """Return the highest confidence that a finding resting on these tables may have."""
        return min((self.caps.get(t, 1.0) for t in tables), default=1.0)


def trust(
    outcomes: Mapping[str, Outcome],
    inputs: Sequence[InputFile],
    tables: Mapping[str, int],
    about_record: Collection[str] = (),
) -> Trust:
    """Weigh the doubts of the foundation audits and the rejects of the import.

    Parameters
    ----------
    outcomes : how the audits ended, by id; their doubts are taken.
    inputs : what became of the source files.
    tables : rows of each table of the record.
    about_record : the ids of the audits that ask about the record itself.

    The opinion is `unqualified` without a doubt, `qualified` with one (or where fewer than half of the questions about
    the record could be asked), `adverse` where the doubts touch most of the
    record's rows with a cap under one half, `disclaimer` where there is no row. The score is 100 times the mean cap,
    weighted by rows.
    """
    doubts = [d for o in outcomes.values() if isinstance(o, Looked) for d in o.doubts]
    doubts += _rejects(inputs)
    caps: dict[str, float] = {}
    for doubt in doubts:
        caps[doubt.table] = min(caps.get(doubt.table, 1.0), doubt.cap)
    rows = sum(tables.values())
    if not rows:
        nothing = Reliability("disclaimer", 0.0, ("There is no row to judge.",), {})
        return Trust(nothing, {})
    score = 100 * sum(n * caps.get(t, 1.0) for t, n in tables.items()) / rows
    weak = sum(n for t, n in tables.items() if caps.get(t, 1.0) < 0.5) / rows
    opinion = "unqualified" if not doubts else "adverse" if weak > 0.5 else "qualified"
    reasons = tuple(dict.fromkeys(d.reason for d in sorted(doubts, key=lambda d: (d.cap, d.table, d.reason))))
    asked = [o for name in about_record if isinstance(o := outcomes.get(name), Looked) and o.tests]
    if len(asked) < len(about_record) / 2:
        few = f"{grouped(len(asked))} of {grouped(len(about_record))} questions about the record itself"
        reasons = (*reasons, f"Only {few} could be asked: what was not looked for cannot have been found.")
        opinion = "qualified" if opinion == "unqualified" else opinion
    return Trust(Reliability(opinion, score, reasons, dict(sorted(caps.items()))), caps)


def _rejects(inputs: Sequence[InputFile]) -> list[Doubt]:
    """Return a doubt for each file of which more than one row in a hundred could not be used."""
    found = []
    for file in inputs:
        if file.rows and file.rejected / file.rows > REJECTED_DOUBT:
            share = file.rejected / file.rows
            found += [
                Doubt(table, max(0.3, 1 - 2 * share), f"{share:.1%} of the rows of {file.source} could not be used.")
                for table in file.table.split(", ")
            ]
    return found
