"""Writes the two files of a new audit, ready to be filled in: tools/new_audit.py first-reply communication"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rapport.core.audit import CATEGORIES

ROOT = Path(__file__).resolve().parent.parent

AUDIT = '''"""FILL IN: the question, as a sentence that a shop owner could follow."""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Outcome
from rapport.measures.cells import Cells

LEAST = 0.10


@audit(
    question="FILL IN: what is asked?",
    criteria="FILL IN: what should be.",
    source="FILL IN: where that comes from; a promise, a policy, the company's own past or its other segments",
    least_effect=LEAST,
    unit="share",
    inputs={{"cells": Breakdown("replies", "in_time", by=(("team",), ("channel",)))}},
    defect="FILL IN: what the benchmark does to a healthy company",
    owner="FILL IN: who can change it",
)
def {name}(cells: Cells, facts: Facts) -> Outcome:
    """FILL IN: ask what is asked, in one line.

    What it asks
        FILL IN.

    Why it matters
        FILL IN.

    How it is measured
        FILL IN: of whom, over which time, what is left out, how cells are compared.

    How it is scored
        FILL IN.

    What to do
        FILL IN: what mends the condition, and what mends its cause.

    When it is wrong
        FILL IN: the data that would mislead it.

    References
        FILL IN.
    """
    raise NotImplementedError("compare the cells with rapport.measures.compare and return Looked")
'''

TEST = '''"""The stories of {id}: where it must speak, and where it must stay quiet."""

from __future__ import annotations

from rapport.audits.{category}.{name} import {name}
from rapport.core.outcome import Looked, NotAssessable
from tests.stage import Stage


def test_without_rows_it_cannot_tell() -> None:
    assert isinstance(Stage({{"tickets": []}}).ask({name}), NotAssessable)


def test_it_finds_the_place_that_is_worse() -> None:
    tickets: list[dict[str, object]] = []  # FILL IN: a small record in which one place is worse
    outcome = Stage({{"tickets": tickets}}).ask({name})
    assert isinstance(outcome, Looked)
    assert [dict(test.scope) for test in outcome.tests if test.status == "nonconforming"] == [{{"team": "Billing"}}]
'''


def scaffold(id_: str, category: str, root: Path = ROOT) -> list[Path]:
    """Write the audit and its test below `root` and return their paths; raises ValueError with one line otherwise."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id_):
        raise ValueError("ID is small letters and hyphens: make new-audit ID=first-reply CATEGORY=communication")
    if category not in CATEGORIES:
        raise ValueError(f"CATEGORY is one of {', '.join(CATEGORIES)}")
    name = id_.replace("-", "_")
    files = {
        root / "src/rapport/audits" / category / f"{name}.py": AUDIT,
        root / "tests/audits" / category / f"test_{name}.py": TEST,
    }
    there = [path for path in files if path.exists()]
    if there:
        raise ValueError(f"{there[0].relative_to(root)} is there already")
    package = root / "src/rapport/audits" / category / "__init__.py"
    if not package.exists():
        package.parent.mkdir(parents=True, exist_ok=True)
        package.write_text(f'"""Questions about {category}."""\n', encoding="utf-8")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(id=id_, name=name, category=category), encoding="utf-8")
    return list(files)


def main(words: list[str]) -> int:
    """Write the files and say which."""
    try:
        id_, category = [*words, "", ""][:2]
        written = scaffold(id_, category)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    for path in written:
        print(path.relative_to(ROOT))
    print("fill both in, then: make test check docs (docs/how-to/write-an-audit.md says how)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
