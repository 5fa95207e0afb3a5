"""`rapport world` writes what it says, says what is wrong with it, and refuses in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapport.cli.main import main
from rapport.store.folder import gather
from rapport.worlds import WORLDS

SMALL = ["--customers", "40", "--months", "6"]


def test_it_writes_a_company_and_says_what_is_planted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "there"
    assert main(["world", "shop", "--out", str(out), *SMALL, "--plant", "nps=20", "--plant", "first-reply"]) == 0
    said = capsys.readouterr()
    assert "Lumen & Loom, 40 customers, 2025-11-01 to 2026-05-01" in said.out
    assert "nps: the NPS falls in the last six months (20 points" in said.out
    assert "first-reply: Billing answers" in said.out
    assert "team Billing" in said.out
    assert said.err == "inventing Lumen & Loom\nwriting\n"
    planted = json.loads((out / "truth.json").read_text())["planted"]
    assert [(p["id"], p["dose"], p["since"]) for p in planted] == [
        ("nps", 20.0, "2025-10-31"),
        ("first-reply", WORLDS["shop"].plants["first-reply"].dose, None),
    ]


def test_json_is_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["world", "subscription", "--out", str(tmp_path / "w"), *SMALL, "--twin", "clean", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["truth"]["twin"] == "clean"
    assert told["rows"]["customers"] == 40
    assert told["out"] == str(tmp_path / "w")


def test_an_audit_does_not_read_the_truth(tmp_path: Path) -> None:
    assert main(["world", "shop", "--out", str(tmp_path / "w"), *SMALL]) == 0
    found = gather(tmp_path / "w", tmp_path)
    assert not any("truth" in file.name for file in found.files)
    assert "truth.json: says what is wrong with a simulated company, not read" in found.notes


def test_only_a_file_that_bears_the_mark_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text('{"customer_id": "C1"}\n')
    assert [file.name for file in gather(tmp_path, tmp_path).files] == ["truth.json"]


def test_a_company_is_replaced_by_the_next_and_nothing_of_it_remains(tmp_path: Path) -> None:
    out = tmp_path / "w"
    assert main(["world", "shop", "--out", str(out), *SMALL]) == 0
    (out / "notes.txt").write_text("mine")
    assert main(["world", "subscription", "--out", str(out), *SMALL]) == 0
    names = {path.name for path in out.iterdir()}
    assert {"usage.parquet", "notes.txt", "truth.json"} <= names
    assert not {"orders", "order_lines.parquet"} & names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shp"], "no world is called 'shp' — did you mean shop?"),
        (["shop", "--plant", "npz"], "nothing that can be planted into shop is called 'npz' — did you mean nps?"),
        (["shop", "--plant", "nps=much"], "--plant nps: the dose “much” is no number — write nps=2.5"),
        (["shop", "--plant", "nps=nan"], "--plant nps: the dose “nan” is no number"),
        (["shop", "--plant", "unanswered=3"], "--plant unanswered: a dose of 3 share dropped makes no sense"),
        (["shop", "--plant", "nps=-3"], "--plant nps: a dose of -3 points makes no sense — choose 0 or more"),
        (["shop", "--twin", "smal"], "no twin is called 'smal' — did you mean small?"),
        (["shop", "--customers", "0"], "customers: 0 customers are no company"),
        (["shop", "--months", "1000"], "months: 1000 months cannot be simulated"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["world", *words, "--out", str(tmp_path / "w")]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "w").exists()


def test_somebody_elses_folder_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    assert main(["world", "shop", "--out", str(tmp_path), *SMALL]) == 2
    assert "holds files that are no simulated company" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
    assert main(["world", "shop", "--out", str(tmp_path), *SMALL, "--force"]) == 0
    assert main(["world", "shop", "--out", str(tmp_path / "letters.txt"), *SMALL]) == 2
