"""The demonstration: a shop that does not exist, with known faults, audited from end to end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from rapport.app.audit import AuditDone, audit
from rapport.core.errors import OutputError
from rapport.worlds.shop import World, build, write

PLANTED: Mapping[str, float] = {
    "first-reply": 6.0,
    "unanswered": 0.03,
    "reopens": 0.20,
    "ces": 1.6,
    "nps": 18.0,
    "repeat-purchase": 1.0,
    "churn": 2.5,
    "consent": 40.0,
    "record-completeness": 1.0,
}
ANSWERS = "planted.json"
COMPANY = "company"
RESULT = "audit"


def demo(
    out: Path,
    *,
    seed: int = 1,
    force: bool = False,
    customers: int = 3000,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> AuditDone:
    """Write the shop into `out/company`, audit it into `out/audit`, and return what was done.

    `out/planted.json` lists what is wrong with the shop, for comparison: the audit never reads it.

    Raises
    ------
    OutputError
        If `out` holds something that is not a demonstration, unless `force` is given.
    """
    _clear(out, force=force)
    progress("inventing a company", 0.0)
    world = build(customers=customers, seed=seed, plants=PLANTED)
    write(world, out / COMPANY)
    _confess(world, out / ANSWERS)
    progress("inventing a company", 1.0)
    done = audit(
        out / COMPANY,
        out / RESULT,
        config=None,
        as_of=None,
        since=None,
        only=(),
        seed=seed,
        force=force,
        progress=progress,
    )
    said = f"{len(PLANTED)} things are wrong with this company on purpose; {out / ANSWERS} lists them"
    return AuditDone(run=done.run, out=done.out, report=done.report, notes=(*done.notes, said))


def _clear(out: Path, *, force: bool) -> None:
    ours = (out / ANSWERS).is_file()
    if out.exists() and not out.is_dir():
        raise OutputError("it is a file, not a folder", where=str(out), todo="choose another folder with --out")
    if out.is_dir() and any(out.iterdir()) and not ours and not force:
        raise OutputError("this folder is not a demonstration", where=str(out), todo="choose another, or use --force")
    if ours and (out / COMPANY).is_dir():
        shutil.rmtree(out / COMPANY)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"it cannot be made ({error.strerror})", where=str(out), todo="choose another") from error


def _confess(world: World, file: Path) -> None:
    said = {key: value for key, value in world.truth.items() if key != "satisfaction"}
    file.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
