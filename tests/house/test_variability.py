"""The page on chance says what was measured, and what is measured is drawn as it says."""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.house.test_order import tool

STATISTICS = [("seeds", draw, 10.0 * draw) for draw in (1, 2, 3)] + [
    ("bootstrap", draw, 5.0 * draw) for draw in (1, 2, 3)
]


def test_the_tables_follow_from_the_numbers() -> None:
    made = tool("variability")
    page = made.PAGE.read_text(encoding="utf-8")
    assert made.written(page, made.read()) == page


def test_every_size_was_drawn_often_enough_to_be_told() -> None:
    made = tool("variability")
    draws = {(v.kind, v.customers, v.draw) for v in made.read()}
    assert {(kind, size) for kind, size, _ in draws} == {(kind, size) for kind in made.KINDS for size in made.SIZES}
    assert min(Counter((kind, size) for kind, size, _ in draws).values()) >= 20


def test_what_the_page_says_of_the_numbers_is_so() -> None:
    made = tool("variability")
    moved: dict[tuple[str, int], float] = {}
    said: dict[tuple[str, int], float] = {}
    values = made.read()
    for what, size in {(v.what, v.customers) for v in values}:
        kinds = [[v for v in values if (v.what, v.customers, v.kind) == (what, size, kind)] for kind in made.KINDS]
        moved[what, size] = max(statistics.stdev([v.value for v in one]) for one in kinds if len(one) > 1)
        said[what, size] = statistics.fmean((v.high - v.low) / made.WIDTH for v in kinds[0])
    assert 2 < made.PAIR * moved["score", 1000] < 3
    assert 0.8 < made.PAIR * moved["score", 5000] < 1.2
    assert made.PAIR * moved["audit retention", 1000] > 38
    assert made.PAIR * moved["audit base-drift", 1000] > 38
    for size in made.SIZES:
        assert max((sd, what) for (what, of), sd in moved.items() if of == size)[1] == "audit retention"
        assert moved["audit resolution-time", size] < said["audit resolution-time", size] / 3
    assert moved["score", 5000] < moved["score", 1000] / 1.5
    assert said["audit retention", 1000] < moved["audit retention", 1000] / 1.2
    holding = {
        (what, size): made._holding([v for v in values if (v.what, v.customers, v.kind) == (what, size, "seeds")])
        for what, size in moved
    }
    assert (holding["score", 1000], holding["score", 5000]) == ("19 of 20", "20 of 20")
    few = {one for one, told in holding.items() if told != "–" and int(told.split()[0]) < 15}
    assert few == {("audit leaving-reasons", 1000)}


def test_a_table_is_worked_out_by_hand() -> None:
    made = tool("variability")
    values = [
        made.Value(kind, 100, draw, "score", value, value - 1.96, value + 1.96) for kind, draw, value in STATISTICS
    ]
    (row,) = [line for line in made.table(values).splitlines() if "company's score" in line]
    # 10, 20, 30: mean 20, SD 10, percentiles 11 and 29; 5, 10, 15: SD 5; intervals of SD 1, of which one holds 20;
    # 2.77 times 10.
    assert row == "| **the company's score** | 20.0 | 10.0 | 11.0 to 29.0 | 5.0 | 1.0 | 1 of 3 | 27.7 |"


def test_customers_are_drawn_again_with_all_their_rows(tmp_path: Path) -> None:
    made = tool("variability")
    made.company(tmp_path / "shop", 60, 1)
    made.drawn_again(tmp_path / "shop", tmp_path / "again", 7)
    with duckdb.connect() as db:
        before = dict(db.sql(f"SELECT customer_id, count(*) FROM '{tmp_path}/shop/tickets.csv' GROUP BY 1").fetchall())
        after = dict(
            db.sql(f"SELECT customer_id, count(*) FROM '{tmp_path}/again/tickets.parquet' GROUP BY 1").fetchall()
        )
        people = [row[0] for row in db.sql(f"SELECT customer_id FROM '{tmp_path}/again/customers.parquet'").fetchall()]
        alone = db.sql(
            f"SELECT count(*) FROM '{tmp_path}/again/order_lines.parquet' WHERE order_id NOT IN "
            f"(SELECT order_id FROM '{tmp_path}/again/orders.parquet')"
        ).fetchall()[0]
    assert len(people) == len(set(people)) == 60
    assert {p.partition("~")[0] for p in people} < set(_column(tmp_path / "shop" / "customers.csv", "customer_id"))
    assert any("~2" in p for p in people)
    for person in people:
        assert after.get(person) == before.get(person.partition("~")[0])
    assert alone == (0,)


def _column(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


@pytest.mark.parametrize("kind", ["seeds", "bootstrap"])
def test_a_draw_can_be_measured(kind: str) -> None:
    values = tool("variability").measure(kind, 150, 1)
    assert {v.what for v in values} >= {"category communication", "audit first-reply"}
    assert all(0 <= v.low <= v.value <= v.high <= 100 for v in values)
