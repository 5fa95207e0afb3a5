"""What a person at a terminal sees of two audits compared, and what a pipeline gets from the exit status."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import rapport.app.diff
from rapport.cli.main import main
from rapport.core.errors import ComparisonError
from rapport.core.follow_up import SCHEMA, Fate, Followed, FollowUp, Moved, Side

SIDE = Side("2025-11-01T00:00:00", "2025-05-01T00:00:00", "2025-11-01T00:00:00", "f" * 64, "0.1.0")
SLOW = Followed(
    "first-reply/team=Billing",
    "first-reply",
    Fate.FIXED,
    "Team Billing is slow\x1b[31m",
    "high",
    "It was tested again and lies within the least effect.",
    "share",
    -0.394,
    -0.01,
    0.384,
    0.3,
    0.45,
    0.001,
)
SEEN = Followed("nps/all/change", "nps", Fate.GONE, "The score fell", "medium", "The record has no feedback.", "points")
RATE = Moved("return_rate", "Return rate", "share", 0.066, 0.071, 0.005, -0.008, 0.017, 0.4, False)
SPENT = Moved("revenue", "Revenue", "money", 334280.0, 454915.0, 120635.0, reason="Counted, not estimated.")
FOUND = FollowUp(SCHEMA, "Lumen & Loom", "EUR", SIDE, SIDE, ("A note.",), (SLOW, SEEN), (RATE, SPENT), ())


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapport.app.diff, "diff", lambda before, after: FOUND)


def test_each_finding_is_told_under_what_became_of_it(found: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "a", "b"]) == 0
    said = capsys.readouterr().out
    for words in (
        "2 findings:  1 fixed · 1 gone",
        "Team Billing is slow",
        "gap −39.4 points → −1.0 points (+38.4 points; +30.0 points to +45.0 points)",
        "The record has no feedback.",
        "within noise",
        "+€ 120,635",
        "note  A note.",
    ):
        assert words in said, words
    assert "\x1b" not in said


def test_something_worse_or_new_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for fate, status in ((Fate.NEW, 1), (Fate.REGRESSED, 1), (Fate.IMPROVED, 0), (Fate.NOT_COMPARABLE, 0)):
        told = replace(FOUND, findings=(replace(SLOW, fate=fate),))
        monkeypatch.setattr(rapport.app.diff, "diff", lambda before, after, told=told: told)
        assert main(["diff", "a", "b"]) == status
        assert main(["diff", "a", "b", "--json"]) == status


def test_json_is_the_comparison_and_nothing_else(found: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "a", "b", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == SCHEMA
    assert [f["fate"] for f in told["findings"]] == ["fixed", "gone"]


def test_what_would_mislead_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(before: Path, after: Path) -> FollowUp:
        raise ComparisonError("the two audits cannot be compared: other companies", todo="choose others")

    monkeypatch.setattr(rapport.app.diff, "diff", refuse)
    assert main(["diff", "a", "b"]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "other companies — choose others" in said.err
    assert not said.out
