"""`rapport demo`: a company that does not exist, audited from end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the company and its audit go.", readable=False)
    ] = Path("rapport-demo"),
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed is another company.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Write into DIR even if it is somebody else's.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the report when it is done.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print audit.json for programs instead of a summary.")] = False,
) -> None:
    """Invent Lumen & Loom, a home-textiles shop with a service desk, and audit it.

    What is wrong with the company was put there on purpose; DIR/company/truth.json lists it, so that you can compare.
    """
    from rapport.app.demo import demo as run_demo
    from rapport.cli.progress import progress
    from rapport.cli.summary import show

    with progress() as tell:
        done = run_demo(out, seed=seed, force=force, progress=tell)
    show(done.run, done.report, done.notes, as_json=json_)
    if open_:
        typer.launch(done.report.resolve().as_uri())
