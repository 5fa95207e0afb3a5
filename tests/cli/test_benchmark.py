"""What `rapport benchmark` prints and returns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import rapport.app.benchmark
from rapport.app.benchmark import Case
from rapport.app.benchmark.outcome import Outcome
from rapport.cli.main import main
from tests.benchmark.made import found, outcome


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replace the audits by some that find what was planted in the first company of each kind."""
    seen: dict[str, Any] = {}

    def run(wanted: Sequence[Case], auditor: Any, out: Path, **words: Any) -> tuple[Outcome, ...]:
        seen.update(wanted=wanted, auditor=auditor.name, out=out, **words)
        done = tuple(outcome(*([found()] if c.plants and c.seed == 1 else []), case=c) for c in wanted)
        words["tell"](done[0], 1, len(done))
        return done

    monkeypatch.setattr(rapport.app.benchmark, "run", run)
    return seen


WORDS = ("benchmark", "--only", "first-reply", "--only", "clean")


def test_the_table_has_a_line_for_each_defect_and_twin(
    tried: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, "--seeds", "1", "--out", str(tmp_path), "--jobs", "3"]) == 0
    said = capsys.readouterr().out
    assert "first-reply                   1          100% (21% to 100%)" in said
    assert "clean                         2  0.00 (0.00 to 1.84)" in said
    assert said.rstrip().endswith("all standards are met")
    assert (tried["out"], tried["jobs"], tried["again"]) == (tmp_path, 3, False)
    assert tried["auditor"].startswith("rapport ")


def test_a_standard_that_is_missed_is_status_1(
    tried: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, "--seeds", "2", "--out", str(tmp_path), "--again"]) == 1
    said = capsys.readouterr()
    assert "missed: first-reply was found in 50%, 80% are asked for" in said.out
    assert "audited 1 of 6" in said.err
    assert tried["again"] is True


def test_programs_get_the_counts(tried: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--seeds", "1", "--out", str(tmp_path), "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert (counted["recall"]["value"], counted["missed"]) == (1.0, [])
    assert [d["id"] for d in counted["defects"]] == ["first-reply"]


def test_what_cannot_be_tried_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "--only", "dragons", "--out", str(tmp_path)]) == 2
    assert main(["benchmark", "--auditor", "auditor-of-dreams", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "dragons" in said[0]
    assert "auditor-of-dreams" in said[1]
