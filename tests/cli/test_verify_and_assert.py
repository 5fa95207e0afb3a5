"""What `rapport verify` and `rapport assert` print and return; and the example pipeline, which is really run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

import rapport.app.verify
from rapport.app.asserting import Checked, Verdict
from rapport.app.demo import demo
from rapport.app.verify import Verified
from rapport.app.verifying.differences import Difference
from rapport.cli.assert_ import annotation, number
from rapport.cli.main import main
from tests.app.test_assert import run

EXAMPLE = Path("examples/ci")
CHECKED = {"files": 5, "sources": 1, "leaves": 1234, "queries": 30, "numbers": 900, "outputs": 3}
FILE = Difference("record/abc…/orders.parquet", "sha256 1…", "sha256 2…", file=True)
NUMBERS = (Difference("metrics[nps].value", "10.859", "10.86"), Difference("opinion.score", "1", "2\x1b[31m"))


def verified(monkeypatch: pytest.MonkeyPatch, *differences: Difference, notes: tuple[str, ...] = ()) -> None:
    done = Verified(Path("out/audit.json"), CHECKED, differences, notes)
    monkeypatch.setattr(rapport.app.verify, "verify", lambda *_, **__: done)


def test_what_was_checked_is_counted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    verified(monkeypatch, notes=("findings.csv is not there",))
    assert main(["verify", "out"]) == 0
    assert capsys.readouterr().out == (
        "note: findings.csv is not there\n"
        "out/audit.json: every number follows from the record\n"
        "  5 files of the record and 1 source file unchanged\n"
        "  1,234 values of audit.json derived again, the same to the last digit\n"
        "  30 printed queries run as text, with the printed results\n"
        "  900 numbers of the report as in audit.json; 3 files beside it as they would be written\n"
    )


def test_the_first_difference_is_said_and_the_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verified(monkeypatch, FILE, *NUMBERS)
    assert main(["verify", "out"]) == 1
    assert capsys.readouterr().out == (
        "record/abc…/orders.parquet: was sha256 1…, is sha256 2…\n"
        "metrics[nps].value: printed 10.859, derived 10.86\n"
        "1 more difference found so far; --all lists every one\n"
    )
    assert main(["verify", "out", "--all"]) == 1
    said = capsys.readouterr().out
    assert "opinion.score: printed 1, derived 2" in said
    assert "\x1b" not in said
    assert "--all" not in said


def test_the_result_for_programs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    verified(monkeypatch, *NUMBERS)
    assert main(["verify", "out", "--json"]) == 1
    read = json.loads(capsys.readouterr().out)
    assert (read["holds"], read["checked"], len(read["differences"])) == (False, CHECKED, 2)
    assert read["differences"][0] == {
        "place": "metrics[nps].value",
        "printed": "10.859",
        "derived": "10.86",
        "file": False,
    }


def test_what_cannot_be_verified_is_status_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    (tmp_path / "audit.json").write_text('{"engine": {"version": "0.0.1"}, "snapshot": {}}')
    assert main(["verify", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "no such file" in said
    assert "was made by Rapport 0.0.1, this is" in said
    assert said.count("\n") == 2


@pytest.fixture
def audited(tmp_path: Path) -> Path:
    (tmp_path / "audit.json").write_text(json.dumps(run()), encoding="utf-8")
    return tmp_path


def test_budgets_are_a_table(audited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budgets = audited / "budgets.toml"
    budgets.write_text(
        '[[metric]]\nid = "nps"\nmin = 20\non = "high"\n[[metric]]\nid = "nps"\nmin = 20\nwhy = "a: 5 %, b"\n'
        '[[metric]]\nid = "csat"\nmin = 1\nlevel = "warn"\n[[score]]\nid = "sentiment"\nmin = 1\nrequired = false\n'
    )
    assert main(["assert", str(audited), str(budgets), "--github"]) == 1
    said = capsys.readouterr().out
    table = [re.split(r"  +", line.strip()) for line in said.splitlines()]
    assert table[:5] == [
        ["budget", "limit", "measured", "interval", "verdict"],
        ["metric nps", "≥ 20 (high bound)", "18 points", "12 to 24", "kept"],
        ["metric nps", "≥ 20", "18 points", "12 to 24", "broken"],
        ["metric csat", "≥ 1", "–", "cannot tell (warning)"],
        ["score sentiment", "≥ 1", "–", "cannot tell (not required)"],
    ]
    assert "broken: metric nps: below 20 — a: 5 %, b" in said
    assert "4 limits, 1 failed, 1 warning" in said
    place = str(budgets).replace(":", "%3A")
    assert (
        f"::error file={place},line=5,title=rapport assert::metric nps: 18, limit ≥ 20, broken below 20 — a: 5 %25, b"
        in said
    )
    assert f"::warning file={place},line=9,title=rapport assert::metric csat: –" in said


def test_budgets_that_are_kept_are_status_zero(audited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (audited / "budgets.toml").write_text('[[metric]]\nid = "nps"\nmin = 10\n')
    words = ["assert", str(audited), str(audited / "budgets.toml")]
    assert main(words) == 0
    assert "1 limit, 0 failed, 0 warnings" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["holds"] is True
    assert read["budgets"][0]["verdict"] == "kept"
    (audited / "budgets.toml").write_text('[[metric]]\nid = "npss"\nmin = 10\n')
    assert main(words) == 2
    assert "did you mean nps" in capsys.readouterr().err


def test_an_annotation_cannot_be_two() -> None:
    one = Checked("b", "≥ 1", None, None, None, None, "", Verdict.BROKEN, True, False, "x\n::error::y", None)
    assert annotation(one, "a,b:c%.toml").count("\n") == 0
    assert annotation(one, "a,b:c%.toml").startswith("::error file=a%2Cb%3Ac%25.toml,title=")


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), ("qualified", "qualified"), (0.0500000004, "0.0500000004"), (3, "3"), (12345.5, "12,345.5")],
)
def test_numbers_have_all_their_digits(value: float | str | None, said: str) -> None:
    assert number(value) == said


def test_the_example_pipeline_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = yaml.safe_load((EXAMPLE / "workflow.yml").read_text(encoding="utf-8"))["jobs"]["audit"]["steps"]
    commands = [shlex.split(step["run"]) for step in steps if step.get("run", "").startswith("rapport ")]
    assert [words[1] for words in commands] == ["audit", "verify", "assert"]
    demo(tmp_path / "demo", customers=400)
    shutil.move(tmp_path / "demo" / "company", tmp_path / "exports")
    shutil.copy(EXAMPLE / "budgets.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert [main(words[1:]) for words in commands] == [0, 0, 0]
    kept = steps[-1]["with"]["path"]
    assert (tmp_path / kept).is_file()
