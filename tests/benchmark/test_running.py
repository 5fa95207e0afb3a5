"""Results are kept as they come, a stopped run goes on, and any auditor that writes an audit.json can be tried."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from rapport.app.benchmark import Case, Command, cases, run
from rapport.app.benchmark.auditor import NoResultError
from rapport.core.errors import UsageError
from rapport.worlds import PLANTS, TWINS, WORLDS

NOBODY: dict[str, Any] = {"audits": [{"id": "nps", "status": "not_assessable"}], "findings": []}
CASES = tuple(Case("shop", seed, twin="clean", customers=20, months=3) for seed in (1, 2, 3))


@dataclass(frozen=True)
class Somebody:
    """An auditor that finds nothing, and writes down which company it was shown."""

    seen: Path
    name: str = "somebody 1.0"

    def audit(self, source: Path, out: Path) -> dict[str, Any]:
        declared = (source / "rapport.toml").read_text()
        with self.seen.open("a") as file:
            file.write(f"{len(declared)}\n")
        return NOBODY


@pytest.mark.parametrize("alone", [True, False])
def test_each_defect_is_tried_once_a_seed_at_home_at_its_dose(alone: bool) -> None:
    found = [c for c in cases((1, 2), alone=alone) if c.plants]
    assert sorted(id_ for c in found for id_ in c.plants) == sorted(2 * [*PLANTS])
    for case in found:
        assert {id_: (PLANTS[id_].world, PLANTS[id_].dose) for id_ in case.plants} == {
            id_: (case.world, dose) for id_, dose in case.plants.items()
        }
    assert max(len(c.plants) for c in found) == (1 if alone else 5)


def test_each_world_is_tried_in_every_twin_and_a_trap_where_its_audit_has_something_to_find() -> None:
    found = cases((1, 2))
    assert len({c.key for c in found}) == len(found)
    for id_, twin in TWINS.items():
        worlds = {c.world for c in found if c.twin == id_}
        assert worlds == {
            w for w, c in WORLDS.items() if not twin.audit or twin.audit in {p.finder for p in c.plants.values()}
        }


def test_a_case_that_was_read_back_is_the_same_case(tmp_path: Path) -> None:
    wanted = [replace(c, customers=20, months=3) for c in cases((1,), ("reopens", "ces"))]
    who = Somebody(tmp_path / "seen")
    assert [list(o.case.plants) for o in run(wanted, who, tmp_path / "out")] == [["reopens", "ces"]]
    run(wanted, who, tmp_path / "out")
    assert len(who.seen.read_text().splitlines()) == 1


def test_some_may_be_chosen() -> None:
    assert {(*c.plants, c.twin) for c in cases((1,), ("churn", "small"))} == {("churn", ""), ("small",)}
    with pytest.raises(UsageError, match=r"chrun.*did you mean churn"):
        cases((1,), ("chrun",))


def test_what_was_audited_is_not_audited_again(tmp_path: Path) -> None:
    who = Somebody(tmp_path / "seen")
    told: list[tuple[int, int]] = []
    first = run(CASES[:2], who, tmp_path / "out")
    whole = run(CASES, who, tmp_path / "out", tell=lambda outcome, done, of: told.append((done, of)))
    assert len(who.seen.read_text().splitlines()) == 3
    assert [o.case for o in whole] == list(CASES)
    assert [o.line() for o in whole[:2]] == [o.line() for o in first]
    assert told == [(3, 3)]


def test_a_line_cut_short_another_auditor_and_a_crash_are_done_again(tmp_path: Path) -> None:
    who = Somebody(tmp_path / "seen")
    kept = tmp_path / "results.jsonl"
    run(CASES, who, tmp_path)
    lines = kept.read_text().splitlines()
    crashed = json.loads(lines[1]) | {"failed": "it stopped"}
    kept.write_text("\n".join([lines[0], json.dumps(crashed), lines[2][:40]]))
    assert len(run(CASES, who, tmp_path)) == 3
    assert len(who.seen.read_text().splitlines()) == 5
    run(CASES[:1], Somebody(who.seen, "somebody 2.0"), tmp_path)
    run(CASES[:1], who, tmp_path, again=True)
    assert len(who.seen.read_text().splitlines()) == 7


def auditor(folder: Path, does: str) -> Command:
    """Return a program that audits: called with SOURCE --out DIR."""
    script = folder / "auditor.py"
    written = f"import json, pathlib, sys\nout = pathlib.Path(sys.argv[3])\nrun = {NOBODY!r}\n{does}\n"
    script.write_text(written, encoding="utf-8")
    return Command(f"{sys.executable} {script}")


WRITES = "out.mkdir()\n(out / 'audit.json').write_text(json.dumps(run))\n"


@pytest.mark.parametrize("status", [0, 1])
def test_any_program_that_writes_an_audit_can_be_tried(tmp_path: Path, status: int) -> None:
    (done,) = run(CASES[:1], auditor(tmp_path, f"{WRITES}sys.exit({status})"), tmp_path / "kept")
    assert (done.statuses, done.findings, done.failed) == ({"nps": "not_assessable"}, (), "")


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("print('no such table', file=sys.stderr)\nsys.exit(2)", "exit status 2: no such table"),
        ("pass", "exit status 0: it said nothing"),
        ("run = {'audits': []}\n" + WRITES, "audit.json cannot be read"),
    ],
)
def test_an_auditor_that_gives_no_result_is_a_result(tmp_path: Path, does: str, said: str) -> None:
    (done,) = run(CASES[:1], auditor(tmp_path, does), tmp_path / "kept")
    assert done.failed.startswith(said)
    with pytest.raises(NoResultError):
        auditor(tmp_path, does).audit(tmp_path, tmp_path / "out2")


def test_a_program_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(UsageError, match="auditor-of-dreams"):
        Command("auditor-of-dreams --all")


def test_companies_are_audited_side_by_side_with_the_same_result(tmp_path: Path) -> None:
    command = auditor(tmp_path, WRITES)
    one, two = (run(CASES, command, tmp_path / str(jobs), jobs=jobs) for jobs in (1, 2))
    assert [(o.case, o.statuses) for o in one] == [(o.case, o.statuses) for o in two]
