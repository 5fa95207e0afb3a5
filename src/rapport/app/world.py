"""Writes a company that does not exist into a folder, with what is wrong with it beside it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.core.errors import OutputError, UsageError
from rapport.worlds import BLOCK, TRUTH, WORLDS, build, clear, in_blocks, write, write_in_blocks

CUSTOMERS = 5000


@dataclass(frozen=True, slots=True)
class WorldWritten:
    """A written company: where it is, its truth, and how many rows each of its tables has."""

    out: Path
    truth: Mapping[str, Any]
    rows: Mapping[str, int]


def world(
    name: str,
    out: Path,
    *,
    customers: int = CUSTOMERS,
    months: int = 24,
    seed: int = 1,
    plants: Sequence[str] = (),
    twin: str | None = None,
    force: bool = False,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> WorldWritten:
    """Simulate a company and write it into `out`.

    Parameters
    ----------
    name : one of the simulated companies.
    out : a new or an empty folder, or an earlier simulated company, which is replaced.
    customers, months, seed : its size, and which of the many companies of that size.
    plants : what goes wrong, each `ID` or `ID=DOSE`.
    twin : the name of a twin on which an auditor must stay quiet.
    force : write into a folder that holds other things.
    progress : told the name of each stage and the share of it done.

    Raises
    ------
    UsageError
        If a name, a number or a dose makes no sense.
    OutputError
        If the folder is somebody else's or cannot be written.
    """
    doses = dict(map(_dose, plants))
    _sensible(name, doses)
    _claim(out, force)
    if customers > BLOCK and twin != "small":
        large = in_blocks(name, customers, months, seed, doses, twin)
        with _writing(out):
            return WorldWritten(out, *write_in_blocks(large, out, progress))
    made = build(name, customers, months, seed, doses, twin, progress)
    progress("writing", 0.0)
    with _writing(out):
        write(made, out)
    progress("writing", 1.0)
    return WorldWritten(out, made.truth, {of: table.num_rows for of, table in made.tables.items()})


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Replace the company that was written into `out` before; what the disk refuses is said in one line."""
    try:
        if (out / TRUTH).is_file():
            clear(out)
        yield
    except OSError as problem:
        todo = "check the free space and the permissions"
        raise OutputError(f"cannot be written: {problem.strerror}", where=str(out), todo=todo) from problem


def _dose(said: str) -> tuple[str, float | None]:
    """Return the id and the dose of `ID` or `ID=DOSE`."""
    id_, given, number = said.partition("=")
    if not given:
        return id_, None
    try:
        dose = float(number)
    except ValueError:
        dose = math.nan
    if not math.isfinite(dose):
        raise UsageError(f"the dose “{number}” is no number", where=f"--plant {id_}", todo=f"write {id_}=2.5")
    return id_, dose


def _sensible(name: str, doses: Mapping[str, float | None]) -> None:
    known = WORLDS[name].plants if name in WORLDS else {}
    for id_, dose in doses.items():
        if id_ in known and dose is not None and not 0 <= dose <= known[id_].most:
            todo = "choose 0 to 1" if known[id_].most == 1 else "choose 0 or more"
            raise UsageError(f"a dose of {dose:g} {known[id_].unit} makes no sense", where=f"--plant {id_}", todo=todo)


def _claim(out: Path, force: bool) -> None:
    if os.access(out, os.F_OK) and not out.is_dir():
        raise OutputError("is a file, not a folder", where=str(out), todo="choose another --out")
    if out.is_dir() and not force and not (out / TRUTH).is_file() and any(out.iterdir()):
        todo = "choose another --out, or add --force"
        raise OutputError("holds files that are no simulated company", where=str(out), todo=todo)
