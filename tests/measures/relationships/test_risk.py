"""The risk of leaving: nothing of the future, nothing a source overwrote, and better than what is simpler."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import mannwhitneyu

from rapport.core.declarations import Declarations, Economics
from rapport.core.table import Role, Type
from rapport.measures.estimate import Whole
from rapport.measures.leaving_lesson import capacity, colours
from rapport.measures.leaving_past import Happened, horizons, origins
from rapport.models.ridge_to_prior import ridge_fit
from rapport.record import TABLES
from rapport.worlds import build
from tests.importing import needs
from tests.stage import Stage, typed

NOW, START = datetime(2026, 5, 1), datetime(2024, 5, 1)
THEN = datetime(2026, 1, 20)
RISK = Whole("risk", ("*",), order="row_id")


@cache
def world(name: str, customers: int, seed: int) -> dict[str, pa.Table]:
    return {k: typed(k, _naive(v)) for k, v in build(name, customers, seed=seed).tables.items() if v.num_rows}


def _naive(table: pa.Table) -> pa.Table:
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(place, column.name, table.column(place).cast(pa.timestamp("us")))
    return table


def stage(tables: dict[str, pa.Table], **more: Any) -> Stage:
    return Stage(tables, as_of=NOW, start=START, **more)


def risk_then(tables: dict[str, pa.Table]) -> pa.Table:
    one = stage(tables)
    found = one.asker.at(THEN).columns(RISK)
    assert found is not None
    return found


def late(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.greater_equal(column.cast(pa.timestamp("us")), pa.scalar(THEN)), True)


def scrambled(tables: dict[str, pa.Table], seed: int) -> dict[str, pa.Table]:
    """Another record that is the same as far as it could be known then."""
    chance = np.random.default_rng(seed)
    return {name: _with_cases(_table(name, table, chance), name, chance) for name, table in tables.items()}


def _table(name: str, table: pa.Table, chance: np.random.Generator) -> pa.Table:
    known = TABLES[name]
    for place, column in enumerate(known.columns):
        values = table[column.name]
        if column.role is Role.STATE:
            new = {Type.TEXT: "churned", Type.BOOL: True}.get(column.type)
            values = pa.array([new] * table.num_rows, values.type)
        elif column.role is Role.OUTCOME:
            unknown = late(table[column.of or column.name])
            values = pc.if_else(unknown, pa.nulls(table.num_rows, values.type), values)
        if column.name in ("reopens", "handoffs"):
            values = pa.array(chance.integers(0, 5, table.num_rows), values.type)
        if column.name == "renews_at":
            days = chance.integers(-400, 400, table.num_rows)
            values = pa.array([NOW + timedelta(days=int(d)) for d in days], values.type)
        table = table.set_column(place, column.name, values)
    event = known.event
    if event is None or "customer_id" not in table.column_names or table[event].null_count == table.num_rows:
        return table
    later = np.flatnonzero(late(table[event]).to_numpy(zero_copy_only=False))
    now = np.arange(table.num_rows)
    now[later] = chance.permutation(later)
    return table.set_column(
        table.column_names.index("customer_id"),
        "customer_id",
        table["customer_id"].combine_chunks().take(pa.array(now)),
    )


def _with_cases(table: pa.Table, name: str, chance: np.random.Generator) -> pa.Table:
    """Let some who open a case later have asked to cancel before: it is no sign of life, and tells of nobody's risk."""
    if name != "tickets":
        return table
    who = chance.choice(pc.unique(table["customer_id"]).to_numpy(zero_copy_only=False), 150, replace=False)
    rows = [
        {"ticket_id": f"x{i}", "customer_id": c, "opened_at": THEN - timedelta(days=3), "topic": "Cancel my account"}
        for i, c in enumerate(who)
    ]
    return pa.concat_tables([table, typed("tickets", rows)])


@pytest.mark.parametrize("name", ["shop", "subscription"])
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_became_known_later_and_no_state_changes_a_risk(name: str, seed: int) -> None:
    tables = world(name, 700, 1)
    before, after = risk_then(tables), risk_then(scrambled(tables, seed))
    assert before.num_rows > 200
    assert after.equals(before)


def test_what_was_known_does_change_it() -> None:
    """The test above can fail: the same cases under another topic are signs of life."""
    tables = dict(world("shop", 700, 1))
    extra = _with_cases(tables["tickets"], "tickets", np.random.default_rng(1))
    other = pc.replace_substring(extra["topic"], "Cancel my account", "A question")
    tables["tickets"] = extra.set_column(extra.column_names.index("topic"), "topic", other)
    assert not risk_then(tables).equals(risk_then(world("shop", 700, 1)))


def test_it_beats_recency_on_at_least_three_of_four_worlds() -> None:
    better = []
    for name in ("shop", "subscription"):
        for seed in (1, 2):
            one = stage(world(name, 3000, seed))
            one.asker._compute("risk")
            kind = "shop" if name == "shop" else "contract"
            said = next(k for k in one.asker.said["risk_backtest"]["backtest"]["kinds"] if k["kind"] == kind)
            assert said["seasons"] == "a year"
            assert len(said["origins"]) == 4
            assert said["auc"]["low"] > 0.55
            beyond = said["auc_above_recency"]["low"] > 0 and said["lift_above_recency"]["low"] > 0
            better.append(beyond)
            bands = set(one.asker.columns(RISK)["band"].to_pylist())
            assert bands <= {"red", "yellow", "green", None}
            assert ("red" in bands) == (said["lift"]["low"] > 1 and beyond)
    assert sum(better) >= 3


def test_foretold_and_observed_agree() -> None:
    one = stage(world("subscription", 3000, 1))
    one.asker._compute("risk_backtest")
    seen = one.asker.said["risk_backtest"]["backtest"]["kinds"][0]["calibration"]
    rows = sum(b["observed"]["n"] for b in seen["bins"])
    # four standard errors of a share
    assert seen["foretold"] == pytest.approx(seen["observed"], abs=4 * np.sqrt(seen["observed"] / rows))
    top = seen["bins"][-1]
    assert top["observed"]["low"] <= top["foretold"] <= top["observed"]["high"]
    # of ten intervals; some leave whatever they do, which a straight line in log odds foretells too low at its low end
    assert sum(b["observed"]["low"] <= b["foretold"] <= b["observed"]["high"] for b in seen["bins"]) >= 5


@pytest.fixture(scope="module")
def wholesaler() -> Stage:
    file = needs("online_retail") / "online_retail.parquet"
    database = duckdb.connect()
    database.execute(f"CREATE VIEW lines AS SELECT * FROM read_parquet('{file}') WHERE CustomerID IS NOT NULL")
    orders = database.sql(
        """SELECT InvoiceNo AS order_id, CAST(MIN(CustomerID) AS VARCHAR) AS customer_id,
        MIN(InvoiceDate) AS ordered_at,
        CAST(GREATEST(SUM(Quantity * UnitPrice), 0) AS DECIMAL(18, 4)) AS amount,
        CASE WHEN InvoiceNo LIKE 'C%' THEN 'returned' ELSE 'completed' END AS status,
        CASE WHEN InvoiceNo LIKE 'C%' THEN MIN(InvoiceDate) END AS returned_at FROM lines GROUP BY InvoiceNo"""
    ).to_arrow_table()
    lines = database.sql(
        """SELECT CAST(ROW_NUMBER() OVER () AS VARCHAR) AS order_line_id, InvoiceNo AS order_id,
        StockCode AS product_id, Quantity AS quantity, CAST(UnitPrice AS DECIMAL(18, 4)) AS unit_price FROM lines"""
    ).to_arrow_table()
    return Stage({"orders": orders, "order_lines": lines}, as_of=datetime(2011, 12, 9), start=datetime(2010, 12, 1))


def _area(left: np.ndarray, score: np.ndarray) -> float:
    return float(mannwhitneyu(score[left], score[~left]).statistic / (left.sum() * (~left).sum()))


def _analyst(signs: pa.Table, left: np.ndarray) -> float:
    """Five-fold logistic regression on recency, frequency, tenure, revenue, items and products."""
    names = ("silent_days", "purchases", "tenure_days", "paid", "items", "products")
    raw = np.column_stack([np.nan_to_num(signs[n].cast(pa.float64()).to_numpy(zero_copy_only=False)) for n in names])
    rows = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    fold, score = np.random.default_rng(0).permutation(left.size) % 5, np.zeros(left.size)
    for i in range(5):
        fit = ridge_fit(rows[fold != i], left[fold != i], np.zeros(6), 1.0, None)
        score[fold == i] = fit[0] + rows[fold == i] @ fit[1:]
    return _area(left, score)


@pytest.mark.data
def test_on_real_invoices_it_is_above_the_analyst_who_had_the_future(wholesaler: Stage) -> None:
    moment = datetime(2011, 9, 9)
    past = wholesaler.asker.at(moment)
    foretold, signs = past.columns(RISK), past.columns(Whole("leaving_signs", ("*",), order="customer_id"))
    after = wholesaler.asker.columns(Whole("purchase_days", ("customer_id", "day"), order="customer_id, day"))
    assert foretold is not None
    assert signs is not None
    assert after is not None
    assert signs["customer_id"].to_pylist() == foretold["customer_id"].to_pylist()
    later = after.filter(pc.greater_equal(after["day"], pa.scalar(moment.date())))
    left = ~pc.is_in(foretold["customer_id"], value_set=later["customer_id"].combine_chunks()).to_numpy()
    analyst, ours = _analyst(signs, left), _area(left, foretold["risk"].to_numpy())
    # 0.742 is what such a notebook reports; another split of the folds moves it by some thousandths
    assert analyst == pytest.approx(0.742, abs=0.004)
    assert ours > 0.742
    assert ours > analyst


@pytest.mark.data
def test_on_real_invoices_it_is_above_recency(wholesaler: Stage) -> None:
    wholesaler.asker._compute("risk")
    said = wholesaler.asker.said["risk_backtest"]["backtest"]["kinds"][0]
    assert said["auc_above_recency"]["low"] > 0
    assert said["lift_above_recency"]["low"] > 0
    assert said["lift"]["low"] > 1
    assert said["seasons"] == "one season only"


def orders(*gaps: tuple[str, list[int]]) -> list[dict[str, Any]]:
    return [
        {"order_id": f"{c}{d}", "customer_id": c, "ordered_at": NOW - timedelta(days=d, hours=-12), "amount": 10.0}
        for c, days in gaps
        for d in days
    ]


def test_a_young_record_gives_the_experts_risk_and_no_colours() -> None:
    rows = orders(*((f"c{i}", [3 + i % 20, 25]) for i in range(40)))
    one = Stage({"orders": rows}, as_of=NOW, start=NOW - timedelta(days=26))
    found = one.asker.columns(RISK)
    assert found is not None
    assert found.num_rows == 40
    assert set(found["band"].to_pylist()) == {None}
    said = one.asker.said["risk"]["models"][0]
    assert said["strength"] is None
    assert said["leavers_needed"] == 30
    assert said["no_colours"].startswith("There is no backtest")
    assert "risk_backtest" not in one.asker.said


def test_who_has_been_silent_for_three_horizons_has_left() -> None:
    steady = [(f"c{i}", list(range(5 + i % 7, 360, 30))) for i in range(20)]
    one = Stage({"orders": orders(*steady, ("gone", [300, 330]))}, as_of=NOW, start=NOW - timedelta(days=365))
    found = one.asker.columns(RISK)
    assert found is not None
    assert "gone" not in found["customer_id"].to_pylist()
    assert set(found["horizon_days"].to_pylist()) == {30.0}
    assert set(found["stage"].to_pylist()) == {"repeat"}


def test_stages_and_their_words() -> None:
    many = [(f"c{i}", list(range(5 + i % 7, 360, 30))) for i in range(20)]
    one = Stage({"orders": orders(*many, ("young", [4]), ("once", [50]))}, as_of=NOW, start=NOW - timedelta(days=365))
    found = {row["customer_id"]: row for row in one.asker.columns(RISK).to_pylist()}
    assert found["young"]["stage"] == "new"
    assert found["once"]["stage"] == "one-time"
    assert "no purchase for 50 days" in [found["once"][f"reason_{i}"] for i in (1, 2, 3)]
    assert found["once"]["risk"] > found["c0"]["risk"]


def test_the_horizon_is_when_nine_in_ten_return_and_at_most_a_third_of_the_record() -> None:
    assert horizons(94.0, 28.0, 282.0, {"shop"}).shop == 94
    assert horizons(123.0, 28.0, 282.0, {"shop"}).shop == 94
    assert horizons(123.0, 28.0, 282.0, {"shop"}).cut
    assert horizons(3.0, 1.0, 700.0, {"shop", "contract"}).shop == 14
    assert horizons(3.0, 1.0, 700.0, {"shop", "contract"}).contract == 91
    assert horizons(None, None, 100.0, {"contract"}).contract == 33


def test_earlier_moments_lie_a_quarter_apart_where_the_record_is_old_enough() -> None:
    found = origins(NOW, START, 91)
    assert found[0] == NOW - timedelta(days=91)
    assert [(a - b).days for a, b in pairwise(found)] == [91] * 4
    assert origins(NOW, NOW - timedelta(days=100), 91) == []
    tight = origins(NOW, NOW - timedelta(days=282), 94)
    assert tight[-1] >= NOW - timedelta(days=282 - 47)
    assert len(tight) == 6


def test_the_next_moment_of_each_customer() -> None:
    table = pa.table({"customer_id": ["a", "a", "b"], "day": pa.array([10, 20, 15], pa.int32()).cast(pa.date32())})
    seen = Happened.of(table, "day")
    away = seen.next_after(pa.array(["b", "a", "nobody"]), 12.0)
    assert away.tolist() == [3.0, 8.0, np.inf]
    assert seen.next_after(pa.array(["b", "a"]), 16.0).tolist() == [np.inf, 4.0]
    assert seen.next_after(pa.array(["a"]), 20.0).tolist() == [0.0]
    assert Happened.of(None, "day").next_after(pa.array(["a"]), 1.0).tolist() == [np.inf]


def test_red_is_on_the_list_and_three_times_as_likely() -> None:
    odds, on = np.array([5.0, 5.0, 2.0, 1.0]), np.array([1.0, 0.0, 1.0, 1.0])
    assert colours(odds, on).tolist() == [2, 1, 1, 0]


def test_the_list_is_what_the_team_can_work_within_the_horizon() -> None:
    assert capacity(100, 30.4375, 1000) == pytest.approx(0.1)
    assert capacity(100, 91.3125, 1000) == pytest.approx(0.3)
    assert capacity(None, 30.4375, 1000) == pytest.approx(0.1)
    assert capacity(900, 91.3125, 1000) == 0.5
    declared = Declarations(economics=Economics(accounts_per_month=20))
    one = stage(world("subscription", 700, 1), declared=declared)
    one.asker._compute("risk_backtest")
    kinds = one.asker.said.get("risk_backtest", {}).get("backtest", {}).get("kinds", [])
    assert all(k["capacity_share"] < 0.2 for k in kinds)


def test_who_was_held_back_is_what_calibration_is_counted_on() -> None:
    tables = dict(world("subscription", 3000, 1))
    who = pc.unique(tables["customers"]["customer_id"]).to_pylist()
    tables["tasks"] = typed(
        "tasks",
        [
            {"task_id": f"t{i}", "customer_id": c, "assigned_at": NOW - timedelta(days=60), "arm": arm}
            for i, (c, arm) in enumerate(zip(who, ["act", "holdout"] * len(who), strict=False))
        ],
    )
    one = stage(tables)
    one.asker._compute("risk_backtest")
    seen = one.asker.said["risk_backtest"]["backtest"]["kinds"][0]["calibration"]
    assert seen["on"] == "those held back"
    assert seen["held_back"] > 500
    assert seen["treated"] > 500


def test_a_colour_changes_when_two_audits_agree() -> None:
    from rapport.measures.estimates.risk import _steady

    class Seen:
        def __init__(self, who: list[str], colour: list[int]) -> None:
            self.signs, self.colour = pa.table({"customer_id": who}), np.array(colour)

    now, before = Seen(["a", "b", "new"], [2, 0, 2]), Seen(["b", "a"], [2, 2])
    assert _steady(now, before).tolist() == [2, 2, -1]  # type: ignore[arg-type]
    assert _steady(now, None).tolist() == [-1, -1, -1]  # type: ignore[arg-type]
