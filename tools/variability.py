"""Measures how much scores move by chance: with other customers, and with the same customers drawn again."""

from __future__ import annotations

import argparse
import csv
import math
import re
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "variability.md"
NUMBERS = ROOT / "docs" / "explanation" / "variability.csv"
BEGIN, END = "<!-- numbers: written by tools/variability.py -->", "<!-- end of the numbers -->"
SIZES = (1000, 5000)
KINDS = {"seeds": "other customers", "bootstrap": "the same customers, drawn again"}
HEAD = ("kind", "customers", "draw", "what", "value", "low", "high")
COLUMNS = (
    "score",
    "mean",
    "SD, other customers",
    "5–95 % of them",
    "SD, drawn again",
    "SD, by its interval",
    "its interval holds the mean",
    "a change says something from",
)
WIDTH = 2 * 1.96
"""Standard deviations in a 95 % interval."""
PAIR = 1.96 * 2**0.5
"""Standard deviations by which two audits must differ before one in twenty pairs does by chance."""
KEPT = 0.001
"""Numbers are kept to three digits."""
NAMED = {"score": "**the company's score**"}


class Value(NamedTuple):
    """One score of one audit: how it was drawn, of how many customers, and the interval that was printed with it."""

    kind: str
    customers: int
    draw: int
    what: str
    value: float
    low: float
    high: float


def scores(source: Path, out: Path) -> Iterator[tuple[str, float, float, float]]:
    """Ask all audits of a folder, without metrics, evidence and report; yield what was scored, with its interval."""
    from rapport.app.config import read_config
    from rapport.app.ingest import ingest
    from rapport.app.opening import open_record
    from rapport.core.outcome import Looked, Score
    from rapport.engine.asking import Asker
    from rapport.engine.judge import judge
    from rapport.engine.registry import registry
    from rapport.engine.running import all_outcomes
    from rapport.engine.score import category_scores, overall
    from rapport.measures.catalogue import measures

    declared, mappings = read_config(source)
    record = open_record(ingest(source, out, declared=declared, mappings=mappings).manifest, declared, out)
    try:
        asker = Asker(record.database, measures(), record.filled, record.facts)
        outcomes = all_outcomes(registry(), asker, record.facts, lambda stage, share: None)
    finally:
        record.database.close()
    tested = {name for name, verdict in judge(outcomes).items() if verdict.tests}
    categories = category_scores(registry().audits, outcomes, tested)
    found: list[tuple[str, Score | None]] = [("score", overall(categories).score)]
    for c in categories:
        known = c.score is not None and c.low is not None and c.high is not None
        found.append((f"category {c.id}", Score(c.score, c.low, c.high) if known else None))  # type: ignore[arg-type]
    for name, outcome in outcomes.items():
        found.append((f"audit {name}", outcome.score if isinstance(outcome, Looked) and name in tested else None))
    yield from ((what, score.value, score.low, score.high) for what, score in found if score is not None)


def company(folder: Path, customers: int, seed: int) -> None:
    """Write a shop in which nothing is wrong."""
    from rapport.worlds import build, write

    write(build("shop", customers=customers, seed=seed), folder)


def drawn_again(folder: Path, out: Path, seed: int) -> None:
    """Write the company of `folder` with its customers drawn with replacement, each with all of its rows.

    Who is drawn twice is two customers: ids of the copy and of all its rows get a mark. Rows of no customer stay.
    """
    import duckdb
    import numpy as np

    out.mkdir()
    with duckdb.connect() as db:
        files = {f.stem: str(f) for f in sorted(folder.iterdir()) if f.suffix in (".csv", ".parquet")}
        files |= {f.name: f"{f}/*.parquet" for f in sorted(folder.iterdir()) if f.is_dir() and any(f.glob("*.parquet"))}
        for name, file in files.items():
            db.sql(f"CREATE TABLE {name} AS SELECT * FROM '{file}'")
        people = [row[0] for row in db.sql("SELECT customer_id FROM customers ORDER BY 1").fetchall()]
        chosen = np.random.default_rng(seed).integers(0, len(people), len(people))
        seen: dict[str, int] = {}
        rows = []
        for place in chosen:
            person = people[int(place)]
            seen[person] = seen.get(person, 0) + 1
            rows.append((person, "" if seen[person] == 1 else f"~{seen[person]}"))
        db.sql("CREATE TABLE drawn (person VARCHAR, mark VARCHAR)")
        db.executemany("INSERT INTO drawn VALUES (?, ?)", rows)
        for name in files:
            db.sql(f"COPY ({_copied(db, name)}) TO '{out / name}.parquet'")
        ((count, amount),) = db.sql(f"SELECT count(*), sum(amount) FROM '{out}/orders.parquet'").fetchall()
    told = (folder / "rapport.toml").read_text(encoding="utf-8")
    told = re.sub(r"(?m)^orders_count = .*$", f"orders_count = {count}", told)
    told = re.sub(r"(?m)^orders_amount = .*$", f"orders_amount = {amount}", told)
    (out / "rapport.toml").write_text(told, encoding="utf-8")


def _copied(db: Any, name: str) -> str:
    """Return the query for the rows of one table that belong to the drawn customers; what is nobody's stays whole."""
    columns = [row[0] for row in db.sql(f"DESCRIBE {name}").fetchall()]
    if not {"customer_id", "order_id"} & set(columns):
        return f"SELECT * FROM {name}"
    marked = ", ".join(
        f"t.{c} || coalesce(d.mark, '') AS {c}" if c.endswith("_id") and c != "product_id" else f"t.{c}"
        for c in columns
    )
    whose, others = ("t", "") if "customer_id" in columns else ("o", " JOIN orders o USING (order_id)")
    return (
        f"SELECT {marked} FROM {name} t{others} LEFT JOIN drawn d ON d.person = {whose}.customer_id "
        f"WHERE {whose}.customer_id IS NULL OR d.person IS NOT NULL"
    )


@cache
def the_one(customers: int) -> TemporaryDirectory[str]:
    """Return the folder of the company whose customers are drawn again; it goes when the program does."""
    folder = TemporaryDirectory()
    company(Path(folder.name) / "company", customers, 1)
    return folder


def measure(kind: str, customers: int, draw: int) -> list[Value]:
    """Audit one draw and return its scores."""
    with TemporaryDirectory() as temporary:
        folder, out = Path(temporary) / "company", Path(temporary) / "out"
        if kind == "bootstrap":
            drawn_again(Path(the_one(customers).name) / "company", folder, draw)
        else:
            company(folder, customers, draw)
        out.mkdir()
        return [Value(kind, customers, draw, *found) for found in scores(folder, out)]


def read() -> list[Value]:
    """Return what has been measured."""
    if not NUMBERS.is_file():
        return []
    with NUMBERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Value(
            r["kind"],
            int(r["customers"]),
            int(r["draw"]),
            r["what"],
            float(r["value"]),
            float(r["low"]),
            float(r["high"]),
        )
        for r in rows
    ]


def keep(values: Iterable[Value]) -> None:
    """Write what has been measured."""
    with NUMBERS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for v in sorted(values, key=lambda v: (v.kind, v.customers, v.draw)):
            writer.writerow((*v[:4], *(f"{number:.3f}" for number in v[4:])))


def table(values: Sequence[Value]) -> str:
    """Return the numbers as Markdown tables, one for each size of a company."""
    return "\n\n".join(_of_size(values, size) for size in sorted({v.customers for v in values}))


def _of_size(values: Sequence[Value], size: int) -> str:
    of_size = [v for v in values if v.customers == size]
    draws = {kind: len({v.draw for v in of_size if v.kind == kind}) for kind in KINDS}
    told = " and ".join(f"{draws[kind]} times {words}" for kind, words in KINDS.items())
    rows = []
    for what in dict.fromkeys(v.what for v in of_size):
        rows.append(_row(what, {kind: [v for v in of_size if v.kind == kind and v.what == what] for kind in KINDS}))
    known = 100 / math.sqrt(2 * max(min(draws.values()) - 1, 1))
    told += f"; with so many draws a standard deviation is itself known to about {known:.0f} %"
    head = f"### {size:,} customers {{ #customers-{size} }}\n\nAudited {told}.\n\n"
    return head + "\n".join(["| " + " | ".join(COLUMNS) + " |", "|---" + "|--:" * (len(COLUMNS) - 1) + "|", *rows])


def _row(what: str, kinds: Mapping[str, Sequence[Value]]) -> str:
    others, again = ([v.value for v in kinds[kind]] for kind in KINDS)
    said = [(v.high - v.low) / WIDTH for v in kinds["seeds"]]
    kind, _, name = what.partition(" ")
    shown = NAMED.get(what) or (f"*{name}*" if kind == "category" else f"[`{name}`](../reference/audits.md#{name})")
    cells = (
        shown,
        _number(others, statistics.fmean),
        _number(others, statistics.stdev),
        _span(others),
        _number(again, statistics.stdev),
        _number(said, statistics.fmean),
        _holding(kinds["seeds"]),
        _number(others, lambda values: PAIR * max(statistics.stdev(values), statistics.stdev(again))),
    )
    return "| " + " | ".join(cells) + " |"


def _holding(values: Sequence[Value]) -> str:
    """Say in how many draws the interval holds the mean of all draws; a dash for what is counted and has none."""
    if not any(v.high > v.low for v in values):
        return "–"
    mean = statistics.fmean(v.value for v in values)
    return f"{sum(v.low - KEPT <= mean <= v.high + KEPT for v in values)} of {len(values)}"


def _number(values: Sequence[float], how: Any) -> str:
    return f"{how(values):.1f}" if len(values) > 2 else "–"


def _span(values: Sequence[float]) -> str:
    if len(values) < 3:
        return "–"
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return f"{cuts[0]:.1f} to {cuts[-1]:.1f}"


def written(page: str, values: Sequence[Value]) -> str:
    """Return the page with the tables put in."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{table(values)}\n\n{END}{rest.partition(END)[2]}"


def main(words: Sequence[str] | None = None) -> int:
    """Measure what has not been measured yet, keep it, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=30, help="so many companies, and as many draws of one company")
    parser.add_argument("--customers", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--fresh", action="store_true", help="measure everything again")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(words)
    values = [] if asked.fresh else read()
    done = {(v.kind, v.customers, v.draw) for v in values}
    wanted = [(k, size, draw) for draw in range(1, asked.draws + 1) for size in asked.customers for k in KINDS]
    with ProcessPoolExecutor(asked.workers) as pool:
        for found in as_completed([pool.submit(measure, *one) for one in wanted if one not in done]):
            values += found.result()
            keep(values)
            print("{} {:,} {}".format(*values[-1]), flush=True)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), read()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
