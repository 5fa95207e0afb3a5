"""What a newcomer reads first must be there and must work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_opens_with_commands_that_the_makefile_has() -> None:
    first = README.split("```")[1]
    assert re.findall(r"^make (\S+)", first, re.MULTILINE) == ["demo", "test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_verb_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    for verb in re.findall(r"\bmake ([a-z][a-z-]+)", code):
        assert re.search(rf"^{verb}:", MAKEFILE, re.MULTILINE), f"{page.name} names make {verb}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_lists_every_command() -> None:
    from rapport.cli.main import app

    named = {command.name for command in app.registered_commands}
    assert set(re.findall(r"^\| `rapport ([a-z-]+)", README, re.MULTILINE)) == named
