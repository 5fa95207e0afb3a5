"""Counts how many who left simulated companies without a word had been flagged, beside two plain rules."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.core.interval import Interval
from rapport.engine.asking import Asker
from rapport.measures.catalogue import measures
from rapport.measures.estimate import Whole
from rapport.models.clustered import mean
from rapport.models.moments import of_rows
from rapport.worlds import build, write

CUSTOMERS = 5000
FLAGGED, RULES = "flagged", {"three_gaps": "three gaps", "recency": "recency"}
ASKED = ("customer_id", "origin", "judged", "gone", FLAGGED, *RULES)


def company(world: str, seed: int, customers: int = CUSTOMERS) -> pa.Table:
    """Return who was watched at the judged moments of a company, one row each; `left`: had left by then, in truth."""
    made = build(world, customers=customers, seed=seed)
    with TemporaryDirectory() as temporary:
        source, out = Path(temporary) / "company", Path(temporary) / "out"
        write(made, source)
        declared, mappings = read_config(source)
        record = open_record(ingest(source, out, declared=declared, mappings=mappings).manifest, declared, out)
        try:
            asker = Asker(record.database, measures(), record.filled, record.facts)
            rows = asker.columns(Whole("silence_backtest", ASKED, "row_id"))
        finally:
            record.database.close()
    if rows is None:
        raise SystemExit(f"{world} {seed}: nothing could be looked back at")
    rows = rows.filter(rows["judged"])
    place = pc.index_in(rows["customer_id"], value_set=made.customers["customer_id"].combine_chunks())
    left_at = made.customers["left_at"].take(place)
    left = pc.fill_null(pc.less_equal(left_at, rows["origin"].cast(left_at.type)), False)
    who = pc.binary_join_element_wise(str(seed), rows["customer_id"], "/")
    return rows.append_column("left", left).append_column("who", who)


def shares(rows: pa.Table, of: str) -> Iterator[tuple[str, Interval]]:
    """Yield the share of some that was flagged, and how much more than by each rule; customers kept together."""
    some = rows.filter(rows[of])
    flagged = {name: some[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in (FLAGGED, *RULES)}
    _, who = np.unique(some["who"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    yield FLAGGED, mean(of_rows(flagged[FLAGGED], who), binary=True)
    for rule, said in RULES.items():
        yield f"more than by {said}", mean(of_rows(flagged[FLAGGED] - flagged[rule], who), binary=False)


def main() -> None:
    """Look at companies nobody has tuned anything to, each by itself and all of them together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", choices=("shop", "subscription"))
    parser.add_argument("seeds", type=int, nargs="+", help="one company each")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    words = parser.parse_args()
    with ProcessPoolExecutor(words.jobs) as pool:
        found = list(pool.map(partial(company, words.world), words.seeds))
    together = pa.concat_tables(found)
    # who ends a contract has said so: of subscribers no truth is told of those who go without a word
    for of, said in {"gone": "gone, as the record shows", "left": "left, as only the simulation knows"}.items():
        if of == "left" and words.world != "shop":
            continue
        each: list[dict[str, Interval]] = [dict(shares(one, of)) for one in found]
        for what, share in shares(together, of):
            alone = sum((one[what].low or 0.0) > 0 for one in each)
            print(f"{said}: {what:<24} {_said(share)}; alone above 0 in {alone} of {len(each)}")
    print(f"{pc.sum(together[FLAGGED]).as_py():,} flagged of {together.num_rows:,} watched")


def _said(share: Interval) -> str:
    low, high = ("?" if x is None else f"{100 * x:+.2f}" for x in (share.low, share.high))
    return f"{100 * share.value:+6.2f} % ({low} to {high}) of {share.n:,}"


if __name__ == "__main__":
    main()
