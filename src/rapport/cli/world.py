"""`rapport world`: a company that does not exist, written as one would export itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

SURE = 0.99


def world(
    name: Annotated[str, typer.Argument(metavar="NAME", help="shop or subscription.", show_default=False)],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where its files go.", show_default=False, readable=False)
    ],
    customers: Annotated[int, typer.Option("--customers", metavar="N", help="How many customers it has.")] = 5000,
    months: Annotated[int, typer.Option("--months", metavar="N", help="How many months its record covers.")] = 24,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed is another company.")] = 1,
    plant: Annotated[
        list[str] | None,
        typer.Option("--plant", metavar="ID[=DOSE]", help="What goes wrong there, by the audit that should find it."),
    ] = None,
    twin: Annotated[
        str | None,
        typer.Option("--twin", metavar="NAME", help="A twin on which every audit must stay quiet: clean, small, …"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into DIR even if it holds other things.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print what was written and planted, for programs.")] = False,
) -> None:
    """Write a simulated company into DIR, with or without things gone wrong.

    DIR/truth.json says what was planted, how much, where and since when; rapport audit DIR does not read it.
    """
    from rapport.app.world import world as write_world
    from rapport.cli.progress import progress

    with progress() as tell:
        done = write_world(
            name,
            out,
            customers=customers,
            months=months,
            seed=seed,
            plants=tuple(plant or ()),
            twin=twin,
            force=force,
            progress=tell,
        )
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical({"out": str(done.out), "rows": dict(done.rows), "truth": dict(done.truth)}))
        return
    _say(done.out, done.rows, done.truth)


def _say(out: Path, rows: Any, truth: Any) -> None:
    from rapport.cli.words import clean, count

    span = f"{truth['period']['start']} to {truth['period']['end']}"
    typer.echo(f"{truth['company']}, {count(truth['customers'], 'customer')}, {span}, seed {truth['seed']}")
    typer.echo("    " + clean(", ".join(f"{of} {number:,}" for of, number in rows.items())))
    if truth["twin"] is not None:
        typer.echo(f"the {truth['twin']} twin: nothing is to be found")
    for plant in truth["planted"]:
        where = "".join(f", {key} {value}" for key, value in plant["scope"].items())
        since = f", since {plant['since']}" if plant["since"] else ""
        typer.echo(clean(f"{plant['id']}: {plant['says']} ({plant['dose']:g} {plant['unit']}{where}{since})"))
        if plant["oracle"] is not None and plant["oracle"]["power"] < SURE:
            seen = f"{plant['oracle']['power']:.0%}"
            typer.echo(f"    too little to be sure of: who knows where to look sees it in {seen} of such companies")
    if truth["twin"] is None and not truth["planted"]:
        typer.echo("nothing is wrong with it")
    typer.echo(f"\n{out} holds it; truth.json says what is planted. Now: rapport audit {out}")
