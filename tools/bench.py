"""Times whole audits against one query of an analyst on the same rows, in the same run: ratios, not seconds."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.parquet"
PAGE = ROOT / "docs" / "bench.md"

RETAIL = """
    SELECT "{customer}", count(*), sum({amount}), min("{at}"), max("{at}") FROM '{file}' GROUP BY 1 ORDER BY 3 DESC
"""


def analyst(sql: str, repeats: int = 5) -> float:
    """Return the median seconds of one query: per customer, how many, how much, first and last."""
    import duckdb

    taken = []
    for _ in range(repeats):
        with duckdb.connect() as connection:
            begun = time.perf_counter()
            connection.sql(sql).fetchall()
            taken.append(time.perf_counter() - begun)
    return sorted(taken)[repeats // 2]


def peak() -> float:
    """Return the most memory this process has held, in megabytes; the kernel counts it anew for each program."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def one_audit(source: Path, out: Path) -> dict[str, float]:
    """Return seconds by stage, in all, and the peak of memory in megabytes, of one audit in this process."""
    begun = time.perf_counter()
    from rapport.app.audit import audit

    stages: dict[str, float] = {"importing Rapport": time.perf_counter() - begun}
    stage, since = "reading", time.perf_counter()

    def tell(name: str, _share: float) -> None:
        nonlocal stage, since
        name = name.split(" ")[0]
        if name != stage:
            now = time.perf_counter()
            stages[stage] = stages.get(stage, 0.0) + now - since
            stage, since = name, now

    audit(source, out, config=None, as_of=None, since=None, only=(), seed=1, force=True, progress=tell)
    stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - since
    stages["all"] = time.perf_counter() - begun
    stages["peak memory, MB"] = peak()
    return stages


def in_its_own_process(source: Path, out: Path) -> dict[str, float]:
    """Run `one_audit` in a fresh process, so that memory and imports are its own."""
    words = [sys.executable, __file__, "--one", str(source), str(out)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _retail(folder: Path) -> tuple[Path, str, int]:
    import duckdb

    source = folder / "retail"
    source.mkdir()
    (source / DATA.name).write_bytes(DATA.read_bytes())
    columns = [row[0] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{DATA}'").fetchall()]
    named = {name.lower().replace(" ", "").replace("_", ""): name for name in columns}
    price = named.get("unitprice") or named["price"]
    sql = RETAIL.format(
        customer=named["customerid"], amount=f'"{named["quantity"]}" * "{price}"', at=named["invoicedate"], file=DATA
    )
    rows = duckdb.sql(f"SELECT count(*) FROM '{DATA}'").fetchall()[0][0]
    return source, sql, rows


def _world(folder: Path, customers: int) -> tuple[Path, str, int]:
    from rapport.worlds import build, write

    world = build("shop", customers=customers)
    write(world, folder / "world")
    sql = RETAIL.format(
        customer="customer_id", amount="amount", at="ordered_at", file=folder / "world" / "orders" / "*.parquet"
    )
    return folder / "world", sql, sum(table.num_rows for table in world.tables.values())


def measure(customers: int, say: Callable[[str], None]) -> str:
    """Return the table of all measurements, as Markdown."""
    lines = ["| what | rows | analyst's query | whole audit | ratio | peak memory |", "|---|---|---|---|---|---|"]
    parts: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = {f"Lumen & Loom, {customers:,} customers": _world(folder, customers)}
        if DATA.is_file():
            sources["an online retailer's invoices"] = _retail(folder)
        else:
            say(f"skipped: {DATA.relative_to(ROOT.parent)} is not here")
        for number, (what, (source, sql, rows)) in enumerate(sources.items()):
            query = analyst(sql)
            taken = in_its_own_process(source, folder / f"out{number}")
            lines.append(
                f"| {what} | {rows:,} | {query * 1000:.0f} ms | {taken['all']:.1f} s | {taken['all'] / query:,.0f} | "
                f"{taken['peak memory, MB']:,.0f} MB |"
            )
            stages = {k: v for k, v in taken.items() if k not in ("all", "peak memory, MB")}
            own = [f"| {k} | {v:.2f} s | {v / taken['all']:.0%} |" for k, v in stages.items()]
            parts += ["", f"Stages of {what}:", "", "| stage | time | share |", "|---|---|---|", *own]
    return "\n".join([*lines, *parts])


def main() -> int:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the table in docs/bench.md")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--one", nargs=2, type=Path, metavar=("SOURCE", "OUT"), help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.one:
        print(json.dumps(one_audit(*words.one)))
        return 0
    table = measure(words.customers, print)
    print(table)
    if words.write:
        about = f"Python {platform.python_version()}, {platform.machine()}, both in one run on one machine."
        PAGE.write_text(f"# How fast it is\n\n{about}\n\n{table}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
