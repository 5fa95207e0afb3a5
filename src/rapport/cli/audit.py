"""`rapport audit`: audit a folder of exports and say what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def audit(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="A folder of record files, one file, or a zip.", show_default=False, readable=False
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the result goes.", readable=False)] = Path(
        "rapport-out"
    ),
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Audit as if it were this day; later rows are not seen."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="The period begins here, not with the record.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="A rapport.toml other than the folder's own.", readable=False),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Run this audit alone; may be repeated. q-values stay the same."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The seed of whatever is drawn at random.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Write into DIR even if it is somebody else's.")] = False,
    share: Annotated[
        bool, typer.Option("--share", help="Write a report without personal data as well, into DIR/share.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the report when it is done.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print audit.json for programs instead of a summary.")] = False,
) -> None:
    """Audit SOURCE and write the report, the findings and the record into DIR."""
    from rapport.app.audit import audit as run_audit
    from rapport.cli.progress import progress
    from rapport.cli.summary import show

    with progress() as tell:
        done = run_audit(
            source,
            out,
            config=config,
            as_of=as_of,
            since=since,
            only=tuple(only or ()),
            seed=seed,
            force=force,
            share=share,
            progress=tell,
        )
    show(done.run, done.report, done.notes, as_json=json_, shared=done.shared)
    if open_:
        typer.launch(done.report.resolve().as_uri())
