"""Audits invented companies side by side and keeps every result at once, so that hours of work survive a stop."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from rapport.app.benchmark.auditor import Auditor, NoResultError
from rapport.app.benchmark.cases import Case
from rapport.app.benchmark.outcome import Outcome, outcome_of, read
from rapport.core.errors import OutputError
from rapport.worlds import build, write

RESULTS = "results.jsonl"
Tell = Callable[[Outcome, int, int], None]


def run(
    wanted: Sequence[Case],
    auditor: Auditor,
    out: Path,
    *,
    jobs: int = 1,
    again: bool = False,
    tell: Tell = lambda outcome, done, of: None,
) -> tuple[Outcome, ...]:
    """Audit every case and return the outcomes in the order of the cases.

    Parameters
    ----------
    wanted : what to audit.
    auditor : who audits; results of another auditor, or version, are not used.
    out : the folder of `results.jsonl`; what stands there already is not done again.
    jobs : how many companies are audited at a time, each in a process of its own.
    again : do what was done already again.
    tell : told each outcome as it comes, how many there are now, and of how many.

    Raises
    ------
    OutputError
        If `out` cannot be written.
    """
    kept = {} if again else _kept(out, auditor.name)
    found = {case.key: kept[case.key] for case in wanted if case.key in kept}
    left = [case for case in wanted if case.key not in found]
    for outcome in _outcomes(left, auditor, jobs):
        _keep(out, outcome)
        found[outcome.case.key] = outcome
        tell(outcome, len(found), len(wanted))
    return tuple(found[case.key] for case in wanted)


def tried(case: Case, auditor: Auditor) -> Outcome:
    """Invent one company, have it audited, and return what is kept of it."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        world = build(case.world, case.customers, case.months, case.seed, case.plants, case.twin or None)
        source = Path(folder) / "company"
        write(world, source)
        planted = tuple(world.truth["planted"])
        begun = time.perf_counter()
        try:
            result = auditor.audit(source, Path(folder) / "out")
        except NoResultError as problem:
            return Outcome(case, auditor.name, planted, {}, (), round(time.perf_counter() - begun, 1), str(problem))
        return outcome_of(case, auditor.name, planted, result, round(time.perf_counter() - begun, 1))


def _outcomes(left: Sequence[Case], auditor: Auditor, jobs: int) -> Iterator[Outcome]:
    if jobs <= 1 or len(left) <= 1:
        yield from (tried(case, auditor) for case in left)
        return
    # a process that audited many companies has grown; each serves a few, then makes room
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=8) as pool:
        coming = iter(left)
        waiting: set[Future[Outcome]] = {pool.submit(tried, case, auditor) for case in islice(coming, 2 * jobs)}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                waiting |= {pool.submit(tried, case, auditor) for case in islice(coming, len(done))}
                for one in done:
                    yield one.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _kept(out: Path, auditor: str) -> dict[str, Outcome]:
    """Return what was found before, the newest of each case; a last line cut short by a stop is left out."""
    file = out / RESULTS
    found: dict[str, Outcome] = {}
    if not file.is_file():
        return found
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            kept = json.loads(line)
        except ValueError:
            continue
        if kept["auditor"] == auditor and not kept["failed"]:
            outcome = read(kept)
            found[outcome.case.key] = outcome
    return found


def _keep(out: Path, outcome: Outcome) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / RESULTS).open("a", encoding="utf-8") as file:
            file.write(outcome.line() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise OutputError(
            f"cannot be written: {problem.strerror}", where=str(out), todo="choose another --out"
        ) from None
