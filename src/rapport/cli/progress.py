"""What one sees while waiting: bars on a terminal, plain lines when the output goes into a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rapport.cli.words import clean

Tell = Callable[[str, float], None]


def _lines() -> Tell:
    last = ""

    def tell(stage: str, share: float) -> None:
        nonlocal last
        if stage != last:
            last = stage
            print(clean(stage), file=sys.stderr, flush=True)  # noqa: T201

    return tell


@contextmanager
def progress() -> Iterator[Tell]:
    """Yield a function that is told the name of the stage and how much of it is done (0 to 1).

    Stages that begin with the same word share a bar. Everything goes to standard error, so that what a command prints
    for programs stays clean.
    """
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<34.34}", markup=False), BarColumn(bar_width=32), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bars_of: list[tuple[str, TaskID]] = []

        def tell(stage: str, share: float) -> None:
            name = clean(stage)
            kind = name.split(" ")[0]
            if not bars_of or bars_of[-1][0] != kind:
                for before, task in bars_of[-1:]:
                    bars.update(task, description=before, completed=1.0)
                bars_of.append((kind, bars.add_task(name, total=1.0)))
            bars.update(bars_of[-1][1], description=name, completed=min(1.0, max(0.0, share)))

        yield tell
