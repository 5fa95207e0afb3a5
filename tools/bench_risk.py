"""Times the health and the risk of all customers of a shop, by default a million, beside the query of an analyst."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import bench

from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.app.settings import as_written
from rapport.engine.asking import Asker
from rapport.engine.registry import registry
from rapport.engine.relationships import SHORT_LISTS
from rapport.engine.running import all_inputs
from rapport.measures.catalogue import measures
from rapport.measures.wanted import wanted

CUSTOMERS = 1_000_000


def main() -> None:
    """Import a shop, then compute what an audit would of each customer, and print how long each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help="how many a shop has, about")
    parser.add_argument("--worlds", type=Path, help="keep the shop in this folder, to measure again sooner")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        worlds = (words.worlds or Path(temporary)).absolute()
        worlds.mkdir(parents=True, exist_ok=True)
        source = bench.source(round(words.customers * bench.ROWS_PER_CUSTOMER), worlds)
        unit = bench.in_its_own_process("query", str(source), bench.UNIT)["all"]
        print(f"{bench.rows_of(source):,} orders and lines; {bench.machine()}")
        print(f"the query of an analyst  {unit[0]:6.1f} s on the clock, {unit[1]:6.1f} s of the processor")
        _customers(source, Path(temporary) / "out", unit)


def _customers(source: Path, out: Path, unit: list[float]) -> None:
    declared, mappings = read_config(source)
    declared = as_written(declared)
    manifest = ingest(source, out, declared=declared, mappings=mappings).manifest
    record = open_record(manifest, declared, out)
    asked = wanted(measures(), [*all_inputs(registry()), *SHORT_LISTS.values()])
    asker = Asker(record.database, measures(), record.filled, record.facts, wanted=asked)
    total = [0.0, 0.0]
    for name in ("health", "risk"):
        begun = time.perf_counter(), time.process_time()
        asker.has(name)
        spent = time.perf_counter() - begun[0], time.process_time() - begun[1]
        total = [a + b for a, b in zip(total, spent, strict=True)]
        of = f"{record.database.filled(name)['*']:,} customers"
        print(f"{name:<8}{of:>17}{spent[0]:6.1f} s on the clock, {spent[1]:6.1f} s of the processor")
    ratios = f"{total[0] / unit[0]:.0f} and {total[1] / unit[1]:.0f} of the query's"
    print(f"both{total[0]:27.1f} s on the clock, {total[1]:6.1f} s of the processor: {ratios}; {bench.peak():,.0f} MB")


if __name__ == "__main__":
    main()
