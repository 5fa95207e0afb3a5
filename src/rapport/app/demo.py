"""The demonstration: a shop that does not exist, with known faults, audited from end to end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from rapport.app.audit import AuditDone, audit, claim
from rapport.worlds import TRUTH, build, write

PLANTED: Mapping[str, float] = {
    "first-reply": 6.0,
    "unanswered": 0.03,
    "reopens": 0.20,
    "ces": 1.6,
    "nps": 20.0,
    "repeat-purchase": 1.0,
    "churn": 4.0,
    "consent": 40.0,
    "record-completeness": 1.0,
}
COMPANY = "company"


def demo(
    out: Path,
    *,
    seed: int = 1,
    force: bool = False,
    customers: int = 3000,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> AuditDone:
    """Write the shop into `out/company`, audit it into `out`, and return what was done.

    `out/company/truth.json` lists what is wrong with the shop, for comparison: the audit never reads it.

    Raises
    ------
    OutputError
        If `out` holds files that are not Rapport's, unless `force` is given.
    """
    claim(out, force=force)
    if (out / COMPANY / TRUTH).is_file():
        shutil.rmtree(out / COMPANY)
    write(build("shop", customers=customers, seed=seed, plants=PLANTED, progress=progress), out / COMPANY)
    done = audit(
        out / COMPANY,
        out,
        config=None,
        as_of=None,
        since=None,
        only=(),
        seed=seed,
        force=True,
        progress=progress,
    )
    said = f"{len(PLANTED)} things are wrong with this company on purpose; {out / COMPANY / TRUTH} lists them"
    return AuditDone(run=done.run, out=done.out, report=done.report, notes=(*done.notes, said))
