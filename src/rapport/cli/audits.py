"""`rapport audits`: the catalogue of the questions that can be asked."""

from __future__ import annotations

from typing import Annotated

import typer


def audits(
    json_: Annotated[bool, typer.Option("--json", help="Print the catalogue for programs.")] = False,
) -> None:
    """List every audit by category, with the question it asks."""
    from rapport.app.catalogue import catalogue

    entries = catalogue()
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical(entries))
        return
    width = max((len(entry.id) for entry in entries), default=0)
    category = ""
    for entry in entries:
        if entry.category != category:
            typer.echo(("\n" if category else "") + entry.category)
            category = entry.category
        typer.echo(f"  {entry.id:<{width}}  {entry.question}")
    typer.echo("\nrapport explain ID says how one of them is measured, scored and when it is wrong.")
