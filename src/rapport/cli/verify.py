"""`rapport verify`: derive every printed number again, and say which one differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rapport.app.verify import Verified


def verify(
    audit: Annotated[
        Path,
        typer.Argument(
            metavar="AUDIT", help="The folder of an audit, or its audit.json.", show_default=False, readable=False
        ),
    ],
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="PATH", help="Where its record is, if not beside it.", readable=False),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="List every difference, not the first.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the result for programs.")] = False,
) -> None:
    """Derive every number of AUDIT again from its record; exit status 1 if one differs."""
    from rapport.app.verify import verify as run_verify
    from rapport.cli.progress import progress

    with progress() as tell:
        done = run_verify(audit, record, every=all_, progress=tell)
    if json_:
        _as_json(done)
    else:
        _show(done, every=all_)
    if not done.holds:
        raise typer.Exit(1)


def _as_json(done: Verified) -> None:
    from rapport.core.canonical import canonical

    typer.echo(
        canonical(
            {
                "audit": str(done.audit),
                "holds": done.holds,
                "checked": done.checked,
                "differences": done.differences,
                "notes": done.notes,
            }
        )
    )


def _show(done: Verified, *, every: bool) -> None:
    from rapport.cli.words import clean, count

    files = [d for d in done.differences if d.file]
    numbers = [d for d in done.differences if not d.file]
    for one in (*files, *(numbers if every else numbers[:1])):
        typer.echo(clean(str(one)))
    if numbers[1:] and not every:
        typer.echo(f"{count(len(numbers) - 1, 'more difference')} found so far; --all lists every one")
    for note in done.notes:
        typer.echo(f"note: {clean(note)}")
    if not done.holds:
        return
    checked = done.checked
    typer.echo(
        f"{done.audit}: every number follows from the record\n"
        f"  {count(checked['files'], 'file')} of the record and {count(checked['sources'], 'source file')} unchanged\n"
        f"  {count(checked['leaves'], 'value')} of audit.json derived again, the same to the last digit\n"
        f"  {count(checked['queries'], 'printed query', 'printed queries')} run as text, with the printed results\n"
        f"  {count(checked['numbers'], 'number')} of the report as in audit.json; "
        f"{count(checked['outputs'], 'file')} beside it as they would be written"
    )
