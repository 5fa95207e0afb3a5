"""Whatever can be typed, declared, read or written down has its place in the reference: nothing is added in silence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import typer

import rapport
from rapport.app import config_meanings
from rapport.app.budgets import Budgets
from rapport.app.config import load_config
from rapport.app.config_model import Document
from rapport.cli.main import app
from rapport.core.audit import CATEGORIES, SECTIONS
from rapport.core.errors import ERRORS, RapportError
from rapport.core.outcome import Status
from rapport.core.run import Run
from rapport.engine.registry import registry
from rapport.measures.catalogue import measures
from rapport.record import TABLES
from rapport.remedies import remedies
from tests.house.test_order import tool

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def sections(text: str) -> dict[str, str]:
    """Return the parts of a page by the words of their headings, without code marks and anchors."""
    parts = re.split(r"(?m)^#{2,3} (.+)$", text)
    names = [re.sub(r"\s*\{ #.*\}$", "", name).strip("`") for name in parts[1::2]]
    return dict(zip(names, parts[2::2], strict=True))


def lacking(text: str, wanted: Mapping[str, list[str]]) -> list[str]:
    """Return what a page does not say: headings that are not there, and words that are not said below them."""
    there = sections(text)
    missing = [name for name in wanted if name not in there]
    for name, words in wanted.items():
        missing += [f"{name}: {word}" for word in words if name in there and word not in there[name]]
    return missing


def _commands(group: Any, before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def _typed() -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for name, command in _commands(typer.main.get_command(app), "rapport"):
        options = [word for p in command.params for word in p.opts if word.startswith("--") and word != "--help"]
        told = [p.help for p in command.params if getattr(p, "help", None) and "--help" not in p.opts]
        wanted[name] = [f"`{option}" for option in options] + [" ".join(h.split()).replace("|", "\\|") for h in told]
    return wanted


def _declared() -> dict[str, list[str]]:
    wanted = {}
    for path, many, keys in tool("reference")._models(Document):
        name = f"[[{path}]]" if many else f"[{path}]"
        wanted[name] = [f"`{key.rpartition('.')[2]}`" if "." in key else "`NAME`" for key, _ in keys]
    return wanted


def _errors(of: type[RapportError]) -> Iterator[type[RapportError]]:
    for one in of.__subclasses__():
        yield one
        yield from _errors(one)


def live() -> dict[str, dict[str, list[str]]]:
    """Return, by page, every heading it must have and what must stand below it, from the objects themselves."""
    known, drawn = registry(), tool("reference_python")
    own = [e for e in _errors(RapportError) if e.__module__.startswith("rapport.")]
    return {
        "commands.md": _typed(),
        "configuration.md": _declared(),
        "budgets.md": {
            f"[[{name}]]": [f"`{key}`" for key in field.annotation.__args__[0].model_fields]
            for name, field in Budgets.model_fields.items()
        },
        "tables.md": {name: [f"`{column.name}`" for column in t.columns] for name, t in TABLES.items()},
        "metrics.md": {m.id: [m.label, m.formula, m.inclusion, m.missing, m.source] for m in known.metrics.values()},
        "audits.md": {
            a.id: [a.question, a.criteria, a.source, a.defect, *(f"**{s}.**" for s in SECTIONS), _advice(a.id)]
            for a in known.audits.values()
        },
        "measures.md": {name: [m.page.splitlines()[0]] for name, m in measures().items()},
        "errors.md": {e.code: [f"The exit status is {e.exit_status}."] for e in own},
        "python.md": {name: [] for name in rapport.__all__ if not name.startswith("_")},
        "audit-json.md": {
            "The document" if one is Run else one.__name__: [f"`{name}`" for name, _ in drawn.fields_of(one)]
            for one in drawn.reachable(Run)
        },
    }


def _advice(audit: str) -> str:
    remedy = remedies().get(audit)
    return remedy.fix_cause.replace("{place}", "…") if remedy else ""


@pytest.mark.parametrize("page", sorted(live()))
def test_everything_has_its_place(page: str) -> None:
    wanted = live()[page]
    assert len(wanted) > 3
    assert lacking((REFERENCE / page).read_text(encoding="utf-8"), wanted) == []


@pytest.mark.parametrize("page", sorted(live()))
def test_what_is_added_without_its_place_is_noticed(page: str) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    wanted = live()[page]
    assert lacking(text, {**wanted, "brand-new": []}) == ["brand-new"]
    first, words = next((name, words) for name, words in wanted.items() if words or page == "python.md")
    assert lacking(text, {**wanted, first: [*words, "`--brand-new`"]}) == [f"{first}: `--brand-new`"]
    without = re.sub(rf"(?m)^#+ `?{re.escape(first)}.*$", "", text)
    assert first in lacking(without, wanted)
    if words:
        assert any(line.startswith(f"{first}: ") for line in lacking(text.replace(words[0], ""), wanted))


def test_a_key_without_a_meaning_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(config_meanings.KEYS) == tool("reference").config_keys()
    monkeypatch.setattr(
        config_meanings, "KEYS", {k: v for k, v in config_meanings.KEYS.items() if k != "promise.target"}
    )
    with pytest.raises(KeyError, match=r"promise\.target"):
        tool("reference").configuration()


def test_the_whole_example_of_a_configuration_names_every_key_and_is_valid() -> None:
    file = ROOT / "examples" / "rapport.toml"
    assert load_config(None, file).declared.promises
    text = file.read_text(encoding="utf-8")
    silent = {
        key for key in config_meanings.KEYS if "." in key and not re.search(rf"\b{key.rpartition('.')[2]}\b", text)
    }
    assert silent == set()


def test_every_status_and_exit_is_explained() -> None:
    statuses = (REFERENCE / "statuses.md").read_text(encoding="utf-8")
    assert all(f"| {status.value} |" in statuses for status in Status)
    exits = sections((REFERENCE / "commands.md").read_text(encoding="utf-8"))["Exit status"]
    assert all(f"| `{code}` |" in exits for code in (0, 1, 2, 70, 130))


def test_every_error_that_can_be_raised_is_listed() -> None:
    assert {e for e in _errors(RapportError) if e.__module__.startswith("rapport.")} == set(ERRORS)


def test_every_category_with_an_audit_is_a_heading() -> None:
    there = sections((REFERENCE / "audits.md").read_text(encoding="utf-8"))
    used = {a.category for a in registry().audits.values()}
    assert {c.capitalize() for c in CATEGORIES if c in used} <= there.keys()


def test_the_quantities_that_promises_may_name_are_those_that_are_measured() -> None:
    page = (ROOT / "docs" / "how-to" / "declare-promises.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z_]+_hours)` \|", page, re.MULTILINE))
    assert told == set(re.findall(r"'([a-z_]+_hours)'", measures()["promise_quantities"].sql))


def test_the_floors_that_are_drawn_are_the_ones_that_are_held() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    held = [sorted(room.strip().removeprefix("rapport.") for room in floor.split("|")) for floor in contract["layers"]]
    page = (ROOT / "docs" / "explanation" / "how-it-works.md").read_text(encoding="utf-8")
    drawn = [sorted(re.findall(r"<b>(\w+)</b>", line)) for line in page.splitlines() if line.startswith("<li>")]
    assert drawn == held
