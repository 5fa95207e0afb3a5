"""`rapport diff`: two audits of one company, and what became of each finding."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FAILED = 1


def diff(
    before: Annotated[
        Path,
        typer.Argument(
            metavar="BEFORE",
            help="The older audit: its folder or audit.json.",
            show_default=False,
            readable=False,
        ),
    ],
    after: Annotated[
        Path,
        typer.Argument(
            metavar="AFTER",
            help="The newer audit: its folder or audit.json.",
            show_default=False,
            readable=False,
        ),
    ],
    json_: Annotated[bool, typer.Option("--json", help="Print the comparison for programs.")] = False,
) -> None:
    """Compare two audits: what was fixed, regressed, is new, is gone. Exit 1 where something regressed or is new."""
    from rapport.app.diff import diff as compare

    found = compare(before, after)
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical(found))
    else:
        from rapport.cli.follow_up import show

        show(found)
    if found.failed:
        raise typer.Exit(FAILED)
