"""Lumen & Loom adds up, and a plant changes what it causes and nothing else."""

from __future__ import annotations

import time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rapport.worlds import World, build, write
from rapport.worlds.clock import WorkTime, month_starts, to_utc
from rapport.worlds.company import END
from rapport.worlds.export import added_up
from rapport.worlds.streams import poisson


@pytest.fixture(scope="module")
def healthy() -> World:
    return build("shop", customers=600, seed=3)


def test_it_is_built_in_seconds() -> None:
    begun = time.process_time()
    build("shop")
    assert time.process_time() - begun < 6


def test_what_names_an_order_names_one_that_is_there(healthy: World) -> None:
    orders = healthy.tables["orders"]["order_id"].combine_chunks()
    for name in ("order_lines", "tickets", "feedback"):
        named = healthy.tables[name]["order_id"].drop_null()
        assert pc.all(pc.is_in(named, value_set=orders)).as_py(), name


def test_lines_add_up_to_orders(healthy: World) -> None:
    lines = healthy.tables["order_lines"]
    worth = pc.multiply(lines["quantity"], lines["unit_price"].cast(pa.float64()))
    gross = pa.table({"order_id": lines["order_id"], "worth": worth}).group_by("order_id").aggregate([("worth", "sum")])
    both = healthy.tables["orders"].join(gross, "order_id")
    paid = pc.add(both["amount"].cast(pa.float64()), both["discount"].cast(pa.float64()))
    assert np.allclose(np.asarray(paid), np.asarray(both["worth_sum"]), atol=0.006)


def test_a_slow_team_leaves_the_other_teams_alone(healthy: World) -> None:
    spoiled = build("shop", customers=600, seed=3, plants={"first-reply": 6.0})
    keys = ["ticket_id", "first_reply_at", "team"]
    before = healthy.tables["tickets"].select(keys).sort_by("ticket_id")
    after = spoiled.tables["tickets"].select(keys).sort_by("ticket_id")
    both = before.join(after, "ticket_id", right_suffix="_spoiled", join_type="inner")
    same = pc.equal(both["first_reply_at"], both["first_reply_at_spoiled"])
    others = both.append_column("same", same).filter(pc.not_equal(both["team"], "Billing"))
    assert pc.all(others["same"]).as_py()
    assert not pc.all(same).as_py()


def test_totals_are_counted_before_the_record_is_spoiled(healthy: World) -> None:
    spoiled = build("shop", customers=600, seed=3, plants={"control-totals": 0.04})
    assert spoiled.declarations_toml == healthy.declarations_toml
    assert spoiled.tables["orders"].num_rows > healthy.tables["orders"].num_rows


def test_what_really_happened_is_in_the_declared_totals(healthy: World) -> None:
    grown = build("shop", customers=600, seed=3, plants={"concentration": 0.3})
    assert f"orders_amount = {added_up(grown.tables['orders']['amount'])}" in grown.declarations_toml
    assert grown.declarations_toml != healthy.declarations_toml


@pytest.mark.parametrize("seed", [1, 2])
def test_the_planted_fall_of_the_nps_is_as_large_as_it_says(seed: int) -> None:
    def score(world: World) -> float:
        rows = world.tables["feedback"].to_pandas()
        kept = rows[(rows.kind == "nps") & rows.score.notna() & (rows.asked_at >= "2025-12-02")].score
        return float(100 * ((kept >= 9).mean() - (kept <= 6).mean()))

    fall = score(build("shop", 3000, seed=seed)) - score(build("shop", 3000, seed=seed, plants={"nps": 15.0}))
    assert 11.5 < fall < 18.5


def test_it_is_written_as_a_company_would_export_it(healthy: World, tmp_path: Path) -> None:
    write(healthy, tmp_path)
    names = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert {"customers.csv", "feedback.csv", "messages.parquet", "orders/webshop.parquet", "rapport.toml"} <= names


def test_clocks_follow_the_zone() -> None:
    zone = ZoneInfo("Europe/Berlin")
    local = np.array(["2026-03-28T12:00", "2026-03-30T12:00", "2025-10-27T00:30"], dtype="datetime64[s]")
    expected = [np.datetime64(t, "s").item().replace(tzinfo=zone).timestamp() for t in local]
    assert to_utc(local.astype(np.int64)).tolist() == expected


def test_working_time_skips_nights_sundays_and_holidays() -> None:
    desk = WorkTime.of(month_starts(END, 1)[0], END)
    friday_evening = np.array([np.datetime64("2026-04-10T17:30", "s").astype(np.int64)])
    after = desk.after(friday_evening, np.array([3600.0]))
    assert np.datetime64(int(after[0]), "s") == np.datetime64("2026-04-11T09:30", "s")


def test_more_mean_never_gives_fewer() -> None:
    u = np.linspace(0.001, 0.999, 999)
    assert (poisson(u, np.full(999, 0.8), 6) >= poisson(u, np.full(999, 0.5), 6)).all()
    # The standard error of a mean of 999 evenly spaced quantiles is far below 0.01.
    assert abs(poisson(u, np.full(999, 0.5), 9).mean() - 0.5) < 0.01
