"""`rapport assert`: hold an audit against declared limits, as a step of a pipeline."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from rapport.app.asserting import Checked

WIDE = 400
"""The width of a table that goes into a file: nothing in it is broken or cut."""

INK = {"kept": "green", "broken": "bold red", "unknown": "yellow"}


def assert_(
    audit: Annotated[
        Path,
        typer.Argument(
            metavar="AUDIT", help="The folder of an audit, or its audit.json.", show_default=False, readable=False
        ),
    ],
    budgets: Annotated[
        Path,
        typer.Argument(metavar="BUDGETS", help="A TOML file of limits.", show_default=False, readable=False),
    ],
    github: Annotated[
        bool, typer.Option("--github", help="Print annotations that GitHub shows beside the lines of BUDGETS.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the result for programs.")] = False,
) -> None:
    """Hold AUDIT against the limits in BUDGETS; exit status 1 if one is broken or cannot be told."""
    from rapport.app.asserting import broken, check

    checked = check(audit, budgets)
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical({"holds": not broken(checked), "budgets": checked}))
    else:
        _show(checked)
    if github:
        for one in checked:
            if one.fails or one.warns:
                typer.echo(annotation(one, str(budgets)), err=json_)
    if broken(checked):
        raise typer.Exit(1)


def _show(checked: Sequence[Checked]) -> None:
    from rich.console import Console

    from rapport.cli.words import clean, count

    piped = not sys.stdout.isatty()
    console = Console(
        file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=piped, width=WIDE if piped else None
    )
    console.print(_table(checked))
    for one in checked:
        if one.said and one.verdict != "kept":
            console.print(f"{verdict(one)}: {clean(one.budget)}: {clean(one.said)}")
    fails, warns = sum(c.fails for c in checked), sum(c.warns for c in checked)
    console.print(f"{count(len(checked), 'limit')}, {fails} failed, {count(warns, 'warning')}")


def _table(checked: Sequence[Checked]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from rapport.cli.words import clean

    table = Table(box=box.SIMPLE if sys.stdout.isatty() else None, pad_edge=False)
    for title in ("budget", "limit", "measured", "interval", "verdict"):
        table.add_column(title, overflow="fold")
    for one in checked:
        unit = "" if one.unit in ("", "count") else f" {one.unit}"
        value = number(one.measured) + (unit if isinstance(one.measured, (int, float)) else "")
        bounds = f"{number(one.low)} to {number(one.high)}" if one.low is not None or one.high is not None else ""
        ink = INK[one.verdict] if not one.warns else "yellow"
        cells = (clean(one.budget), clean(one.limit), clean(value), bounds)
        table.add_row(*map(Text, cells), Text(verdict(one), ink))
    return table


def verdict(one: Checked) -> str:
    """Return a verdict in words: what cannot be told fails unless it may be missing."""
    word = "cannot tell" if one.verdict == "unknown" else one.verdict.value
    return f"{word} (warning)" if one.warns else f"{word} (not required)" if _spared(one) else word


def _spared(one: Checked) -> bool:
    return one.verdict == "unknown" and not one.fails


def number(value: float | str | None) -> str:
    """Return a number with all its digits, as in `audit.json`, so that it can be held against the limit; else words."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,.9g}"


def annotation(one: Checked, file: str) -> str:
    """Return a line that GitHub Actions shows at the budget's place in its file."""
    kind = "error" if one.fails else "warning"
    place = f"file={_property(file)}" + (f",line={one.line}" if one.line else "")
    measured = f"{one.budget}: {number(one.measured)}, limit {one.limit}, {verdict(one)}"
    return f"::{kind} {place},title=rapport assert::{_data(f'{measured} {one.said}'.strip())}"


def _data(text: str) -> str:
    from rapport.cli.words import clean

    return clean(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
