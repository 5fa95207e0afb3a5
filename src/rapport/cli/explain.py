"""`rapport explain`: one audit, metric or error in full, without a network."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An audit, a metric or an error code.", show_default=False)],
    json_: Annotated[bool, typer.Option("--json", help="Print the page for programs.")] = False,
) -> None:
    """Print what an audit asks and how, how a metric is defined, or what an error means."""
    from rapport.app.catalogue import explain as look_up

    pages = look_up(id_)
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical(pages))
        return
    typer.echo("\n\n".join(f"{page.kind} {page.id}\n\n{page.text}" for page in pages))
