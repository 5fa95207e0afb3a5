"""The tutorials, run as a reader would: in an empty folder, command by command, with the output that the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.test_order import tool

ROOT = Path(__file__).resolve().parents[2]
PAGES = {page.stem: page for page in sorted((ROOT / "docs" / "tutorials").glob("*.md"))}


@pytest.fixture(scope="module")
def tutorial() -> ModuleType:
    return tool("tutorial")


@pytest.fixture(scope="module")
def printed(tutorial: ModuleType) -> dict[str, str]:
    """Return what every step of every tutorial prints, having compared each with its page."""
    said: dict[str, str] = {}
    for page in tutorial.PAGES:
        for step in tutorial.walk(page):
            expected = step.expected.read_text(encoding="utf-8") if step.expected.is_file() else ""
            assert step.printed == expected, f"{step.name} prints something else than the page says: make tutorial"
            said[step.name] = step.printed
    return said


def test_every_tutorial_is_walked(tutorial: ModuleType) -> None:
    assert set(tutorial.PAGES) == set(PAGES.values())


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_shows_the_output_of_every_step_that_prints(page: Path, tutorial: ModuleType) -> None:
    text = page.read_text(encoding="utf-8")
    for step in tutorial.steps(page):
        output = step.with_suffix(".txt")
        if output.is_file() and output.read_text(encoding="utf-8"):
            assert f'--8<-- "{output.relative_to(ROOT)}"' in text, f"{page.name} hides what {step.name} prints"


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_step_of_the_example_is_on_its_page(page: Path, tutorial: ModuleType) -> None:
    shown = tutorial.steps(page)
    folder = shown[0].parent
    assert {step.with_suffix(".sh") for step in shown} == set(folder.glob("*.sh"))
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_no_command_of_a_page_goes_unrun(page: Path) -> None:
    """A block of commands is a step, or it is the one that installs Rapport."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    plain = [b for b in blocks if not b.lstrip().startswith("--8<--")]
    assert all("make -C rapport demo" in block for block in plain), plain


def test_the_steps_print_what_their_pages_show(printed: dict[str, str]) -> None:
    assert len(printed) >= 15


def test_the_story_that_the_page_tells_is_true(printed: dict[str, str]) -> None:
    assert "not used in helpdesk-tickets.csv: Answered, Desk" in printed["init"]
    assert "Topic Payment" in printed["audit"]
    assert "Team Orders and invoices" not in printed["audit"]
    assert "team Orders and invoices, after 15:00" in printed["audit-again"]
    assert "in the time usual for their channel" in printed["audit-again"]
    assert "within 8 h of working time" in printed["audit-promise"]
    assert re.search(r"here +\d+ tickets", printed["follow"])
    assert "H00010" in printed["follow"]
    assert "H00010;" in printed["row"]
    assert "nonconforming" not in printed["audit-mended"]
    assert re.search(r"\b2 fixed", printed["diff"])
    assert "every number follows from the record" in printed["verify"]


def test_the_second_story_is_true(printed: dict[str, str]) -> None:
    assert "1 audit:  1 conforming" in printed["quiet"]
    assert "Region north" in printed["found"]
    assert "1 nonconforming" in printed["found"]


def test_an_output_that_drifted_is_noticed(tutorial: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "say.sh").write_text("echo five\n", encoding="utf-8")
    (tmp_path / "say.txt").write_text("four\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text("", encoding="utf-8")
    tutorial_steps = tutorial.steps
    try:
        tutorial.steps = lambda page: [tmp_path / "say"]
        (step,) = tutorial.walk(page)
    finally:
        tutorial.steps = tutorial_steps
    assert step.printed == "five\n"
    assert step.expected.read_text(encoding="utf-8") != step.printed


def test_a_step_that_fails_is_said(tutorial: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fall.sh").write_text("exit 3\n", encoding="utf-8")
    monkeypatch.setattr(tutorial, "steps", lambda page: [tmp_path / "fall"])
    with pytest.raises(RuntimeError, match="fall: exit 3 ended with 3"):
        list(tutorial.walk(tmp_path))


def test_the_tests_that_the_package_brings_pass_once_it_is_installed(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    package = ROOT / "examples" / "own_audit"
    subprocess.run([*pip, "--target", str(tmp_path), str(package)], check=True, capture_output=True)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            str(package / "pyproject.toml"),
            "tests",
        ],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
