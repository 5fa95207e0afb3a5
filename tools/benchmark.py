"""Writes the counts of a benchmark into its page of the documentation."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rapport.app.benchmark import Tally, cases, tally
from rapport.app.benchmark.outcome import Outcome, read
from rapport.app.benchmark.running import RESULTS
from rapport.core.interval import Interval

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmark.md"
QUIET = ("nothing wrong", "companies", "false findings", "incidents", "beyond clean", "cannot tell", "where")
BEGIN, END = "<!-- results -->\n", "<!-- end -->\n"


def outcomes(folder: Path) -> list[Outcome]:
    """Return the newest outcome of each case, by seed; those at doses that are no longer the default are left out."""
    found: dict[str, Outcome] = {}
    for line in (folder / RESULTS).read_text(encoding="utf-8").splitlines():
        outcome = read(json.loads(line))
        found[outcome.case.key] = outcome
    seeds = sorted({o.case.seed for o in found.values()})
    now = {case.key for alone in (True, False) for case in cases(seeds, alone=alone)}
    return sorted(
        (o for o in found.values() if o.case.key in now),
        key=lambda o: (o.case.twin, o.case.world, o.case.seed, o.case.key),
    )


def table(counted: Tally) -> str:
    """Return the counts as Markdown."""
    runs = sorted({one.runs for one in counted.defects} | {one.runs for one in counted.twins}) or [0]
    many = f"{runs[0]} to {runs[-1]}" if len(runs) > 1 else f"{runs[0]}"
    lines = [
        f"{counted.auditor}, {many} companies a row; 95 % intervals.",
        "",
        "| defect | companies | oracle | found | in the right place |",
        "|---|---|---|---|---|",
    ]
    for one in counted.defects:
        oracle = "" if one.oracle is None else f"{one.oracle:.2f}"
        lines.append(_row(f"`{one.id}`", one.runs, oracle, _share(one.recall), _share(one.localised)))
    every = sum(one.runs for one in counted.defects)
    lines += [_row("**all**", every, "", _share(counted.recall), _share(counted.localised)), ""]
    lines += [f"{counted.companies} companies; {counted.beside:.1f} other incidents in each.", ""]
    lines += [_row(*QUIET), "|---" * len(QUIET) + "|"]
    for quiet in counted.twins:
        beyond = "" if quiet.beyond is None else f"{quiet.beyond:.2f}"
        where = ", ".join(f"`{audit}` {n}" for audit, n in quiet.where.items())
        rates = (_rate(quiet.false), _rate(quiet.incidents), beyond, _share(quiet.unassessed), where)
        lines.append(_row(quiet.twin, quiet.runs, *rates))
    missed = [f"- {words}" for words in counted.missed]
    said = ["Standards missed:", "", *missed] if missed else ["All standards are met."]
    return "\n".join([*lines, "", *said]) + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _share(value: Interval) -> str:
    if value.low is None or value.high is None:
        return "–"
    shown = f"{value.value:.0%}" if value.value in (0, 1) else f"{value.value:.1%}"
    return f"{shown} ({value.low:.0%} to {value.high:.0%})"


def _rate(value: Interval) -> str:
    return f"{value.value:.2f} ({value.low or 0:.2f} to {value.high or 0:.2f})"


def main() -> int:
    """Print the table of a folder of results, keep it where asked, and return 1 where a standard was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where rapport benchmark kept its results")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {PAGE.relative_to(ROOT)}")
    words = parser.parse_args()
    found = outcomes(words.folder)
    counted = tally(found)
    written = table(counted)
    print(written)
    if words.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{written}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return 1 if counted.missed else 0


if __name__ == "__main__":
    sys.exit(main())
