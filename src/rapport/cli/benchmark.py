"""`rapport benchmark`: plant known defects into invented companies and count what an auditor finds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rapport.app.benchmark import Tally
    from rapport.core.interval import Interval


def benchmark(
    auditor: Annotated[
        str | None,
        typer.Option(
            "--auditor", metavar="COMMAND", help="Another auditor: COMMAND SOURCE --out DIR writes DIR/audit.json."
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", min=1, help="So many companies of each kind; 50 for the record.")
    ] = 3,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="This defect (an audit's id) or twin alone; may be repeated."),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="One defect a company; else up to five that do not touch.")
    ] = False,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Where results are kept; a stopped run goes on.", readable=False),
    ] = Path("rapport-benchmark"),
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Companies audited at a time; else one a core.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Audit anew what DIR has results of.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the counts for programs.")] = False,
) -> None:
    """Plant each known defect into an invented company, let an auditor look, and count what was found.

    Beside the defects it audits companies in which nothing is wrong, and counts what was found there all the same.
    Exit status 1: the standards of the project were missed.
    """
    from rapport.app.benchmark import Command, Rapport, cases, run, tally
    from rapport.cli.progress import progress
    from rapport.core.canonical import canonical

    wanted = cases(range(1, seeds + 1), tuple(only or ()), alone=alone)
    who = Command(auditor) if auditor else Rapport()
    with progress() as tell:
        outcomes = run(
            wanted,
            who,
            out,
            jobs=jobs or os.cpu_count() or 1,
            again=again,
            tell=lambda outcome, done, of: tell(
                f"audited {done} of {of}: {outcome.case.key} ({outcome.seconds:.0f} s)", done / of
            ),
        )
    counted = tally(outcomes)
    if json_:
        typer.echo(canonical(counted))
    else:
        _show(counted)
    if counted.missed:
        raise typer.Exit(1)


def _show(counted: Tally) -> None:
    typer.echo(f"{counted.auditor}\n")
    if counted.defects:
        typer.echo(f"{'defect':<26} {'n':>4}  {'oracle':>6}  {'found':<18} {'in the right place':<18}")
    for one in counted.defects:
        oracle = "" if one.oracle is None else f"{one.oracle:.2f}"
        typer.echo(f"{one.id:<26} {one.runs:>4}  {oracle:>6}  {_share(one.recall)} {_share(one.localised)}")
    if counted.defects:
        runs = sum(one.runs for one in counted.defects)
        typer.echo(f"{'all':<26} {runs:>4}  {'':>6}  {_share(counted.recall)} {_share(counted.localised)}")
        typer.echo(f"{counted.companies} companies; {counted.beside:.1f} other incidents in each\n")
    if counted.twins:
        head = f"{'nothing wrong':<26} {'n':>4}  {'false findings':<20} {'incidents':<20} {'beyond clean':>12}"
        typer.echo(f"{head}  {'cannot tell':<18} where")
    for quiet in counted.twins:
        beyond = "" if quiet.beyond is None else f"{quiet.beyond:.2f}"
        where = ", ".join(f"{audit} {n}" for audit, n in quiet.where.items())
        line = f"{quiet.twin:<26} {quiet.runs:>4}  {_rate(quiet.false)} {_rate(quiet.incidents)} {beyond:>12}"
        typer.echo(f"{line}  {_share(quiet.unassessed)} {where}")
    for missed in counted.missed:
        typer.echo(f"\nmissed: {missed}", nl=False)
    typer.echo("" if counted.missed else "\nall standards are met")


def _share(value: Interval) -> str:
    if value.low is None or value.high is None:
        return f"{'–':<18}"
    return f"{f'{value.value:.0%} ({value.low:.0%} to {value.high:.0%})':<18}"


def _rate(value: Interval) -> str:
    return f"{f'{value.value:.2f} ({value.low or 0:.2f} to {value.high or 0:.2f})':<20}"
