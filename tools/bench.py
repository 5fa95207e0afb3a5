"""Times whole audits against one query of an analyst on the same Parquet, at three sizes, in one run: as ratios.

Every measurement is a process of its own, so that memory and imports are its own. Beside the time on the clock stands
the time of the processor: on a machine that does other things as well, only the ratios of the latter hold.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "bench.md"
BUYERS = "## Models of buying"
SIZES = (100_000, 1_000_000, 10_000_000)
ROWS_PER_CUSTOMER = 16.7
TABLES = ("orders", "order_lines")
AFTER_IMPORT, ALL, MEMORY, GROWTH = 20, 30, 4000, 12
"""What is aimed at at the largest size, in units, units, megabytes, and times the time for ten times the rows."""

UNIT = "orders and lines"
QUERIES = {
    UNIT: """
        SELECT customer_id, count(*), sum(quantity * unit_price), min(ordered_at), max(ordered_at)
        FROM '{folder}/orders/*.parquet' JOIN '{folder}/order_lines.parquet' USING (order_id) GROUP BY customer_id
    """,
    "orders alone": """
        SELECT customer_id, count(*), sum(amount), min(ordered_at), max(ordered_at)
        FROM '{folder}/orders/*.parquet' GROUP BY customer_id
    """,
}
"""What an analyst would run first: per customer, how many, how much, first and last. The unit reads every row."""

IMPORTING = ("looking", "reading", "writing")

Measured = dict[str, Any]


class Clock:
    """Adds up the seconds on the clock and of the processor, by stage."""

    def __init__(self) -> None:
        self.stages: dict[str, list[float]] = {}
        self._last = (time.perf_counter(), time.process_time())

    def until_now(self, stage: str) -> None:
        """Count the time since the last call for a stage."""
        now = (time.perf_counter(), time.process_time())
        spent = self.stages.setdefault(stage, [0.0, 0.0])
        for i in range(2):
            spent[i] += now[i] - self._last[i]
        self._last = now


def ask(folder: Path, name: str) -> Measured:
    """Run an analyst's query in this process, three times, and return the median; its answer stays in the engine."""
    import duckdb

    taken = []
    with duckdb.connect() as connection:
        for _ in range(3):
            clock = Clock()
            connection.execute(f"CREATE OR REPLACE TABLE answer AS {QUERIES[name].format(folder=folder)}")
            clock.until_now("all")
            taken.append(clock.stages["all"])
    return {"all": [statistics.median(t[i] for t in taken) for i in range(2)], "memory": peak()}


def audit(folder: Path, out: Path, models: bool) -> Measured:
    """Audit a folder in this process; return the seconds of the import, of each stage after it, and of everything.

    models : whether models learn from the record too; else only the audits and metrics that queries alone answer.
    """
    begun = time.perf_counter(), time.process_time()
    clock = Clock()
    from rapport.app import audit as command

    clock.until_now("starting Python")
    stage, imported = "import", False
    asked = [] if models else without_models()

    def tell(name: str, _share: float) -> None:
        nonlocal stage, imported
        imported = imported or name.split(" ")[0] not in IMPORTING
        clock.until_now(stage)
        stage = name if imported else "import"

    with ExitStack() as instead:
        for patched in asked:
            instead.enter_context(patched)
        command.audit(folder, out, config=None, as_of=None, since=None, only=(), seed=1, force=True, progress=tell)
    clock.until_now(stage)
    spent = [time.perf_counter() - begun[0], time.process_time() - begun[1]]
    refuse_crashes(out)
    return {"all": spent, "stages": clock.stages, "memory": peak()}


def refuse_crashes(out: Path) -> None:
    """Stop where an audit crashed: what does nothing is quick."""
    document = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    crashed = [one["id"] for one in document["audits"] if one["status"] == "error"]
    if crashed:
        raise SystemExit(f"crashed, so that nothing was measured: {', '.join(crashed)}")


def without_models() -> list[Any]:
    """Return what makes an audit ask only what queries answer: no estimate is made, nor what rests on one asked."""
    from rapport.engine.registry import Registry, registry
    from rapport.engine.relationships import Relationships
    from rapport.measures.catalogue import measures
    from rapport.measures.estimate import Estimate
    from rapport.measures.query import in_order

    known = measures()

    def plain(one: Any) -> bool:
        read = in_order(frozenset(asked.measure for asked in one.inputs.values()), known)
        return not any(isinstance(known[name], Estimate) for name in read)

    every = registry()
    some = Registry(
        {name: one for name, one in every.audits.items() if plain(one)},
        {name: one for name, one in every.metrics.items() if plain(one)},
    )
    return [
        patch("rapport.app.audit.registry", lambda: some),
        patch("rapport.engine.conduct.looked_at", lambda _measures: ()),
        patch("rapport.engine.conduct.relationships", lambda _asker: Relationships({}, (), (), {})),
    ]


def peak() -> float:
    """Return the most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_its_own_process(*words: str) -> Measured:
    """Run one measurement in a fresh process."""
    command = [sys.executable, __file__, "--one", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def middle(runs: list[Measured]) -> Measured:
    """Return the run with the median time of the processor."""
    return sorted(runs, key=lambda run: float(run["all"][1]))[len(runs) // 2]


def source(rows: int, folder: Path) -> Path:
    """Return a folder with the orders and lines of a world, together about so many rows; written where not there."""
    target = folder / f"rows-{rows}"
    if (target / "rapport.toml").is_file():
        return target
    from rapport.worlds import in_blocks, write_in_blocks

    with tempfile.TemporaryDirectory(dir=folder) as name:
        world = Path(name)
        print(f"writing a world of {rows:,} orders and lines", file=sys.stderr, flush=True)
        write_in_blocks(in_blocks("shop", round(rows / ROWS_PER_CUSTOMER)), world)
        target.mkdir()
        shutil.move(world / "orders", target / "orders")
        shutil.move(world / "order_lines.parquet", target / "order_lines.parquet")
        shutil.move(world / "rapport.toml", target / "rapport.toml")
    return target


def rows_of(folder: Path) -> int:
    """Return the rows of a source."""
    import duckdb

    files = f"['{folder}/orders/*.parquet', '{folder}/order_lines.parquet']"
    ((rows,),) = duckdb.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({files})").fetchall()
    return int(rows)


def measure(folder: Path, repeats: int, what: str) -> Measured:
    """Return what one size takes: both queries, and the audit (`what`), each repeated, each with its median."""
    queries: dict[str, list[Measured]] = {name: [] for name in QUERIES}
    audits: list[Measured] = []
    with tempfile.TemporaryDirectory(dir=folder.parent) as out:
        for number in range(repeats):
            for name in QUERIES:
                queries[name].append(in_its_own_process("query", str(folder), name))
            print(f"{folder.name}: audit {number + 1} of {repeats}", file=sys.stderr, flush=True)
            audits.append(in_its_own_process(what, str(folder), f"{out}/{number}"))
    found = {name: middle(runs) for name, runs in queries.items()}
    return {"rows": rows_of(folder), "queries": found, "audit": middle(audits), "repeats": repeats}


def table(found: list[Measured]) -> list[str]:
    """Return the page's tables: the ratios, the stages, how it grows, and what falls short."""
    lines = [
        "| rows | the unit | audit after import | import | whole audit | in units: after import | whole | memory |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        unit, after, whole = one["queries"][UNIT]["all"], _after(one), one["audit"]["all"]
        lines.append(
            f"| {one['rows']:,} | {_time(unit)} | {_time(after)} | {_time(_import(one))} | {_time(whole)} | "
            f"{_ratio(after, unit)} | {_ratio(whole, unit)} | {one['audit']['memory']:,.0f} MB |"
        )
    lines += ["", "The same in the other query, over the orders alone, which reads two rows in five:", ""]
    lines += ["| rows | the query | its memory | after import | whole audit |", "|---:|---:|---:|---:|---:|"]
    for one in found:
        other = one["queries"]["orders alone"]
        unit = other["all"]
        lines.append(
            f"| {one['rows']:,} | {_time(unit)} | {other['memory']:,.0f} MB | {_ratio(_after(one), unit)} | "
            f"{_ratio(one['audit']['all'], unit)} |"
        )
    lines += ["", "## Stages", "", f"| stage | {' | '.join(format(one['rows'], ',') for one in found)} |"]
    lines += ["|---|" + "---:|" * len(found)]
    for stage in found[-1]["audit"]["stages"]:
        cells = (_time(one["audit"]["stages"].get(stage, [0.0, 0.0])) for one in found)
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    return [*lines, "", "## Ten times the rows", "", *_growth(found), "", "## What falls short", "", *_short(found)]


def _growth(found: list[Measured]) -> list[str]:
    lines = [
        "| from | to | times the rows | times the time | exponent | times the memory |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for small, large in pairwise(found):
        rows = large["rows"] / small["rows"]
        grown = large["audit"]["all"][1] / small["audit"]["all"][1]
        memory = large["audit"]["memory"] / small["audit"]["memory"]
        exponent = math.log(grown) / math.log(rows)
        lines.append(
            f"| {small['rows']:,} | {large['rows']:,} | {rows:.1f} | {grown:.1f} | {exponent:.2f} | {memory:.1f} |"
        )
    return lines


def _short(found: list[Measured]) -> list[str]:
    """Return one line for each aim, met or not, at the largest size; by the time of the processor."""
    last = found[-1]
    unit = last["queries"][UNIT]["all"][1]
    grown = [b["audit"]["all"][1] / a["audit"]["all"][1] for a, b in pairwise(found)]
    aims = [
        ("audit after import, in units", _after(last)[1] / unit, AFTER_IMPORT),
        ("whole audit, in units", last["audit"]["all"][1] / unit, ALL),
        ("memory, in MB", last["audit"]["memory"], MEMORY),
        *(("times the time for ten times the rows", times, GROWTH) for times in grown[-1:]),
    ]
    return [
        f"- {what}: {is_:,.1f}, the aim is under {aim}" + ("" if is_ < aim else ": **not reached**")
        for what, is_, aim in aims
    ]


def _import(one: Measured) -> list[float]:
    spent: list[float] = one["audit"]["stages"]["import"]
    return spent


def _after(one: Measured) -> list[float]:
    return [one["audit"]["all"][i] - _import(one)[i] for i in range(2)]


def _time(spent: list[float]) -> str:
    return f"{spent[1]:.2f} s ({spent[0]:.2f})"


def _ratio(spent: list[float], unit: list[float]) -> str:
    return f"{spent[1] / unit[1]:,.1f} ({spent[0] / unit[0]:,.1f})"


def machine() -> str:
    """Return the machine and the versions in one sentence."""
    import duckdb

    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, all with as many threads as there are cores."
    )


ABOUT = """# How fast it is

An audit is measured in units of what an analyst would run first on the same Parquet, in the same run on the same
machine: one DuckDB query, per customer how many, how much, first and last, over every row of the orders and order lines
of an [invented company](explanation/how-it-works.md). Each cell is the time of the processor and, in brackets, the time
on the clock: when a machine does other things as well, only the first is to be trusted. Each measurement is a process
of its own{repeats}. {what} `make bench` measures anew; `make bench WRITE=1` keeps the result here.
`tools/bench_buying.py` times the models of buying of a million customers and the histories that they are told, from ten
million purchases, `tools/bench_risk.py` health and risk of a million.

{machine}
{load}
"""


QUERIES_ALONE = """The audits and metrics are those that queries answer; what models learn of customers, and
what rests on it, is left out (`--models` takes it in)."""
ALL_OF_IT = "Everything is audited, and what models learn of customers is learned."


def keep(lines: list[str], *, buyers: bool = False) -> None:
    """Keep one half of the page, the audit's or the one on buyers below it, and the other as it is."""
    above, _, below = (text.strip("\n") for text in PAGE.read_text(encoding="utf-8").partition(BUYERS))
    text = "\n".join(lines).strip("\n")
    above, below = (above, text) if buyers else (text, below)
    PAGE.write_text(f"{above}\n" + (f"\n{BUYERS}\n\n{below}\n" if below else ""), encoding="utf-8")


def main() -> int:
    """Measure, print, and keep the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the result in docs/bench.md")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="how many orders and lines, about")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--worlds", type=Path, help="keep the worlds in this folder, to measure again sooner")
    parser.add_argument("--models", action="store_true", help="let models learn from the record too")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.one:
        what, folder, more = words.one
        done = ask(Path(folder), more) if what == "query" else audit(Path(folder), Path(more), what == "models")
        print(json.dumps(done))
        return 0
    what = "models" if words.models else "audit"
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        worlds = (words.worlds or Path(temporary)).absolute()
        worlds.mkdir(parents=True, exist_ok=True)
        found = [measure(source(rows, worlds), words.repeats, what) for rows in sorted(words.rows)]
    load = f"The load of the machine was {busy:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end."
    repeats = f"; the median of {words.repeats} is shown" if words.repeats > 1 else ", done once"
    about = ABOUT.format(
        repeats=repeats, what=ALL_OF_IT if words.models else QUERIES_ALONE, machine=machine(), load=load
    )
    page = "\n".join([about, *table(found), ""])
    print(page)
    if words.write:
        keep([page])
    return 0


if __name__ == "__main__":
    sys.exit(main())
