"""`rapport init`: look at the files of a folder and propose how they feed the record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="The folder with your exports.", show_default=False, readable=False),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace a rapport.toml that is there already.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the proposal for programs and write nothing.")] = False,
) -> None:
    """Look at the files in FOLDER, propose the mapping, and write FOLDER/rapport.toml."""
    from rapport.app.ingest import look
    from rapport.cli.progress import progress
    from rapport.cli.words import clean, count
    from rapport.core.errors import InputError, OutputError
    from rapport.sources.toml_text import to_toml

    if not folder.is_dir():
        raise InputError("this is not a folder", where=str(folder), todo="name the folder that holds your exports")
    path = folder / "rapport.toml"
    if os.access(path, os.F_OK) and not force and not json_:
        raise OutputError("it is there already", where=str(path), todo="--force replaces it")
    with progress() as tell:
        _, proposal, notes = look(folder, progress=tell)
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical(proposal))
        return
    try:
        path.write_text(to_toml(proposal.mappings, proposal.doubts), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"it cannot be written ({error.strerror})", where=str(path), todo="check the folder"
        ) from error
    for mapping in proposal.mappings:
        typer.echo(f"{clean(mapping.file)} → {mapping.table}, {count(len(mapping.columns), 'column')}")
        for reason in mapping.reasons:
            typer.echo(f"    {clean(reason)}")
    for file, columns in _left_over(proposal.unused).items():
        typer.echo(f"not used in {clean(file)}: {clean(', '.join(columns))}")
    for doubt in proposal.doubts:
        typer.echo(f"to check: {clean(doubt)}")
    for note in notes:
        typer.echo(clean(note))
    typer.echo(f"\n{path} says how your files feed the record. Read it, correct it, then: rapport audit {folder}")


def _left_over(unused: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Return, by file, the columns that feed nothing; files that feed nothing at all are said elsewhere."""
    found: dict[str, list[str]] = {}
    for file, column, _ in unused:
        if column:
            found.setdefault(file, []).append(column)
    return found
