"""`rapport template`: an empty workbook of the record, for a shop that has no software for its customers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> None:
    """Write an empty workbook: one sheet for each table, with meanings, choices and what is required."""
    from rapport.app.template import write_template

    write_template(file, force=force)
    typer.echo(f"{file} is ready. Fill in the sheets you have data for, then: rapport audit {file}")
