"""The door for people at a terminal: one command for each thing Rapport does, and one line when it cannot."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import typer

from rapport import __version__
from rapport.cli.assert_ import assert_
from rapport.cli.audit import audit
from rapport.cli.audits import audits
from rapport.cli.benchmark import benchmark
from rapport.cli.customer import customer
from rapport.cli.demo import demo
from rapport.cli.diff import diff
from rapport.cli.explain import explain
from rapport.cli.init import init
from rapport.cli.template import template
from rapport.cli.verify import verify
from rapport.cli.world import world
from rapport.core.errors import RapportError, stopped_by_hand

CRASHED = 70
INTERRUPTED = 130
FULL = (errno.ENOSPC, errno.EDQUOT)

app = typer.Typer(
    name="rapport",
    help="Audits a company's customer relationships: findings with evidence, from the data it already has.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    demo,
    init,
    audit,
    audits,
    explain,
    customer,
    template,
    world,
    benchmark,
    diff,
    verify,
    assert_,
):
    app.command(command.__name__.rstrip("_"))(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rapport {__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", callback=_version, is_eager=True
    ),
) -> None:
    """Audits a company's customer relationships: findings with evidence, from the data it already has."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; whatever goes wrong is said in one line.

    With `RAPPORT_DEBUG=1` the whole trace of an error is shown.
    """
    debug = os.environ.get("RAPPORT_DEBUG") == "1"
    try:
        app(args=list(words) if words is not None else None, prog_name="rapport")
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            return _interrupted()
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    except RapportError as error:
        if debug:
            raise
        print(f"rapport: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_status
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
        return 0
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        if debug:
            raise
        return _unforeseen(error)
    return 0


def _unforeseen(error: Exception) -> int:
    """Say what went wrong where nobody foresaw it; the engine makes a RuntimeError of Ctrl-C."""
    if stopped_by_hand(error):
        return _interrupted()
    if isinstance(error, OSError) and error.errno in FULL:
        print(f"rapport: {error.strerror} — free some space, then try again", file=sys.stderr)  # noqa: T201
        return RapportError.exit_status
    said = " ".join(str(error).split())
    print(  # noqa: T201
        f"rapport: this is a mistake in Rapport, not in your data ({type(error).__name__}: {said[:300]}) — "
        "please report it with what RAPPORT_DEBUG=1 prints",
        file=sys.stderr,
    )
    return CRASHED


def _interrupted() -> int:
    print("rapport: stopped; nothing was left half done", file=sys.stderr)  # noqa: T201
    return INTERRUPTED


def script() -> None:
    """Leave the process with the status of the command."""
    sys.exit(main())
