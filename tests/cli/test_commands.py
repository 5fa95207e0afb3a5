"""What a person at a terminal sees: what each command takes, prints and returns."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import rapport.app.audit
from rapport.cli.main import main
from rapport.cli.words import period
from rapport.core.errors import InputError
from tests.cli.run import run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replace the audit by one that remembers what it was asked."""
    seen: dict[str, Any] = {}

    def audit(source: Path, out: Path, **words: Any) -> SimpleNamespace:
        seen.update(source=source, out=out, **words)
        words["progress"]("reading", 0.5)
        words["progress"]("reading", 1.0)
        shared = out / "share" / "report.html" if words["share"] else None
        notes = ("a mapping was proposed",)
        return SimpleNamespace(run=run(), out=out, report=out / "report.html", notes=notes, shared=shared)

    monkeypatch.setattr(rapport.app.audit, "audit", audit)
    return seen


def test_audit_passes_on_what_it_was_told(asked: dict[str, Any], tmp_path: Path) -> None:
    words = ["audit", str(tmp_path), "--out", "there", "--as-of", "2026-01-01", "--since", "2025-01-01"]
    assert main([*words, "--only", "nps", "--only", "csat", "--seed", "7", "--force", "--config", "x.toml"]) == 0
    tell = asked.pop("progress")
    assert callable(tell)
    assert asked == {
        "source": tmp_path,
        "out": Path("there"),
        "config": Path("x.toml"),
        "as_of": "2026-01-01",
        "since": "2025-01-01",
        "only": ("nps", "csat"),
        "seed": 7,
        "force": True,
        "share": False,
    }


def test_what_may_be_shared_is_said_to_lie_apart(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "exports", "--share"]) == 0
    assert asked["share"] is True
    assert "to share  rapport-out/share" in capsys.readouterr().out
    assert main(["audit", "exports"]) == 0
    assert "to share" not in capsys.readouterr().out


def test_the_summary_says_what_matters_and_where_to_look(
    asked: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "exports"]) == 0
    said = capsys.readouterr()
    for words in (
        "Lumen & Loom",
        "C   72 of 100 (66 to 75)",
        "record: qualified",
        "Billing lets customers wait.",
        "2 nonconforming · 1 opportunity · 1 conforming · 1 not assessable",
        "1. Title of first-reply/team=Billing",
        "€ 96,000 (€ 61,000 to € 140,000) at stake",
        "2. Title of repeat-purchase/x",
        "1,234 read, 7 rejected; rejects.parquet says which",
        "a mapping was proposed",
        "rapport-out/report.html",
    ):
        assert words in said.out, words
    assert "csat/good" not in said.out
    assert "promises/answer" not in said.out
    assert said.err == "reading\n"


def test_the_period_is_told_in_the_days_of_the_company() -> None:
    assert period("2024-04-30T23:00:00", "2026-04-30T23:00:00") == "1 May 2024 to 30 Apr 2026"
    assert period("2024-05-01T00:00:00", "2026-05-01T00:00:00") == "1 May 2024 to 30 Apr 2026"
    assert period("2024-05-01T07:00:00", "2026-05-01T07:00:00") == "1 May 2024 to 30 Apr 2026"


def test_nothing_in_the_data_can_steer_the_terminal(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    main(["audit", "exports"])
    assert "\x1b" not in capsys.readouterr().out


def test_json_is_the_run_and_nothing_else(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "exports", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == run()


@pytest.mark.parametrize("words", [["audit"], ["audit", "x", "--sed", "1"], ["dance"], ["audit", "x", "--seed", "two"]])
def test_wrong_usage_is_status_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_expected_error_is_one_line_and_status_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def audit(*_: Any, **__: Any) -> None:
        raise InputError("the file is empty", where="orders.csv", todo="export it again")

    monkeypatch.setattr(rapport.app.audit, "audit", audit)
    assert main(["audit", "x"]) == 2
    assert capsys.readouterr().err == "rapport: orders.csv: the file is empty — export it again\n"


def test_an_unexpected_error_is_one_line_and_status_seventy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def audit(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(rapport.app.audit, "audit", audit)
    assert main(["audit", "x"]) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in said
    assert said.count("\n") == 1
    monkeypatch.setenv("RAPPORT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["audit", "x"])


def test_audits_lists_questions_by_category(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audits"]) == 0
    said = capsys.readouterr().out
    assert "communication" in said
    assert "first-reply" in said
    assert main(["audits", "--json"]) == 0
    assert "first-reply" in {entry["id"] for entry in json.loads(capsys.readouterr().out)}


def test_explain_prints_an_audit_and_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "first-reply"]) == 0
    assert "When it is wrong" in capsys.readouterr().out
    assert main(["explain", "mapping"]) == 0
    assert "What to do" in capsys.readouterr().out


def test_explain_suggests_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "first_repli"]) == 2
    assert "did you mean first-reply" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("rapport 0.")


def test_init_proposes_once_and_then_only_with_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "customer_id,ordered_at,order_id,amount\nC1,2025-01-01,O1,10\nC2,2025-01-02,O2,12.50\n"
    (tmp_path / "orders.csv").write_text(rows)
    assert main(["init", str(tmp_path)]) == 0
    assert "orders.csv → orders" in capsys.readouterr().out
    assert (tmp_path / "rapport.toml").is_file()
    assert main(["init", str(tmp_path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["init", str(tmp_path), "--force"]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["orders.csv", "rapport.toml"]


def test_init_names_the_columns_that_feed_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "ticket_number,customer_number,created_at,desk\nT1,C1,2025-01-01,Billing\nT2,C2,2025-01-02,Shop\n"
    (tmp_path / "helpdesk-tickets.csv").write_text(rows)
    (tmp_path / "notes.csv").write_text("weather\nfine\n")
    assert main(["init", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "helpdesk-tickets.csv → tickets, 3 columns" in said
    assert "not used in helpdesk-tickets.csv: desk\n" in said
    assert "not used in notes.csv" not in said


def test_a_drawing_engine_that_does_not_start_early_is_no_trace_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def prepare() -> None:
        raise AttributeError("partially initialized module")

    monkeypatch.setattr(rapport.app.audit, "prepare", prepare)
    rapport.app.audit._warm()


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_is_one_line_wherever_it_strikes(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def audit(*_: Any, **__: Any) -> None:
        raise raised from KeyboardInterrupt()

    monkeypatch.setattr(rapport.app.audit, "audit", audit)
    assert main(["audit", "x"]) == 130
    assert capsys.readouterr().err == "rapport: stopped; nothing was left half done\n"
