"""`rapport init`: look at the files of a folder and propose how they feed the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="The folder with your exports.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Replace a rapport.toml that is there already.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the proposal for programs and write nothing.")] = False,
) -> None:
    """Look at the files in FOLDER, propose the mapping, and write FOLDER/rapport.toml."""
    from rapport.app.propose import propose, write
    from rapport.cli.words import clean, count

    proposal = propose(folder)
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical(proposal))
        return
    path = write(proposal, folder, force=force)
    for mapping in proposal.mappings:
        columns = count(len(mapping.columns), "column")
        typer.echo(f"{clean(mapping.file)} → {mapping.table}, {columns}")
        for reason in mapping.reasons:
            typer.echo(f"    {clean(reason)}")
    for note in proposal.notes:
        typer.echo(clean(note))
    typer.echo(f"\n{path} says how your files feed the record. Read it, correct it, then: rapport audit {folder}")
