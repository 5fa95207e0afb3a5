"""Columns that nobody asks for are not kept; every answer is the same as if they were."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from rapport.core.audit import Audit
from rapport.core.canonical import rounded
from rapport.core.inputs import Breakdown, Rows, Sums
from rapport.engine.asking import Asker
from rapport.engine.registry import registry
from rapport.engine.running import all_inputs
from rapport.measures.catalogue import measures
from rapport.measures.cells import TimeCells, Totals
from rapport.measures.estimate import Estimate
from rapport.measures.query import in_order, parse
from rapport.measures.wanted import wanted
from rapport.worlds.building import build
from tests.stage import Stage

NOON = datetime(2025, 5, 1, 12)


def narrow(stage: Stage, inputs) -> Asker:
    """Return what answers from the same record and keeps only what the inputs want."""
    whole = stage.asker
    asked = wanted(whole.measures, inputs)
    return Asker(whole.database.at(whole.facts.as_of), whole.measures, whole.filled, whole.facts, wanted=asked)


@pytest.mark.parametrize("world", ["shop", "subscription"])
def test_every_answer_is_the_same(world):
    stage = Stage(build(world, customers=120, seed=4).tables, as_of=datetime(2026, 5, 1), present=False)
    asker = narrow(stage, all_inputs(registry()))
    for one in registry().audits.values():
        if any(isinstance(measures()[name], Estimate) for name in read_by(one)):
            continue  # models take their time, and learn from the same queries
        kept, whole = (a.gather(one.inputs, one.needs, one.optional) for a in (asker, stage.asker))
        assert plain(kept) == plain(whole), one.id


@pytest.mark.parametrize("world", ["shop", "subscription"])
def test_what_nobody_needs_any_more_gives_its_room_back_and_is_made_again_where_somebody_asks(world, monkeypatch):
    monkeypatch.setattr("rapport.store.database.MANY", -1)
    stage = Stage(build(world, customers=120, seed=4).tables, as_of=datetime(2026, 5, 1), present=False)
    audits = [
        one
        for one in registry().audits.values()
        if not any(isinstance(measures()[name], Estimate) for name in read_by(one))
    ]
    inputs = [asked for one in audits for asked in one.inputs.values()]
    asker = replace(narrow(stage, inputs), awaited=Counter(inputs))
    for one in audits:
        kept, whole = (a.gather(one.inputs, one.needs, one.optional) for a in (asker, stage.asker))
        assert plain(kept) == plain(whole), one.id
        asker.answered(one.inputs.values())
    left = {row["name"] for row in asker.database.runner.rows("SELECT name FROM (SHOW TABLES)", "tables")}
    assert not left & measures().keys()
    for asked in {asked for asked in inputs if stage.asker.has(asked.measure) and asker.has(asked.measure)}:
        assert plain(asker.database.answer(asked)) == plain(stage.database.answer(asked)), asked


def below(measure: str) -> tuple[str, ...]:
    return in_order(frozenset({measure}), measures())


def read_by(one: Audit) -> tuple[str, ...]:
    return in_order(frozenset(asked.measure for asked in one.inputs.values()), measures())


def plain(found: Any) -> Any:
    """Return answers with lists for arrays, and numbers rounded as they are printed: sums have no order."""
    if isinstance(found, dict):
        return {name: plain(value) for name, value in found.items()}
    if isinstance(found, TimeCells):
        return {key: [array.tolist() for array in arrays] for key, arrays in found.bins.items()}
    if isinstance(found, Totals):
        return plain(found.total), plain(dict(found.cells))
    return rounded(found) if isinstance(found, float) else found


def test_what_nobody_asks_for_is_not_kept_and_made_again_where_somebody_does():
    asked = Breakdown("promised_deliveries", "on_time", by=(("month",),))
    placed = [{"order_id": f"o{i}", "customer_id": "c", "ordered_at": NOON, "promised_at": NOON} for i in range(4)]
    stage = Stage({"orders": placed}, present=False)
    asker = narrow(stage, [asked])
    assert asker.answer(asked) == stage.answer(asked)
    assert set(asker.database.filled("promised_deliveries")) == {"*", "on_time", "month", "_whose"}
    assert "customer_id" in asker.database.printed(asker.database.query(asked))
    rows, _ = asker.database.run(parse("SELECT MIN(row_id) AS first, COUNT(customer_id) AS n FROM promised_deliveries"))
    assert rows == [{"first": "o0", "n": 4}]
    assert {"row_id", "customer_id", "channel"} <= set(asker.database.filled("promised_deliveries"))
    assert asker.answer(asked) == stage.answer(asked)
    unforeseen = Rows("promised_deliveries", "region, row_id", ("row_id", "on_time"), limit=2)
    again = narrow(stage, [Sums("promised_deliveries", (("n", "COUNT(on_time)"),))])
    assert again.has("promised_deliveries")
    assert "row_id" not in again.database.filled("promised_deliveries")
    assert again.answer(asked) == stage.answer(asked)
    assert again.answer(unforeseen) == stage.answer(unforeseen)


@pytest.mark.parametrize("world", ["shop", "subscription"])
def test_models_see_the_same_past_where_only_what_they_ask_for_is_kept(world):
    stage = Stage(build(world, customers=120, seed=4).tables, as_of=datetime(2026, 5, 1), present=False)
    asker = narrow(stage, all_inputs(registry()))
    moment = datetime(2025, 11, 1)
    asks = {w for m in measures().values() if isinstance(m, Estimate) for w in m.asks.values()}
    asks = {whole for whole in asks if not any(isinstance(measures()[n], Estimate) for n in below(whole.measure))}
    seen = {whole: [one.at(moment).columns(whole) for one in (asker, stage.asker)] for whole in asks}
    assert sum(whole is not None and whole.num_rows > 0 for _, whole in seen.values()) > 9
    for whole, (kept, all_kept) in seen.items():
        assert kept == all_kept, whole.measure
    assert "won_customers" not in asker.at(moment).measures


def test_what_a_query_reads_is_wanted_and_whole_where_it_takes_all():
    found = wanted(measures(), [Sums("visits", (("n", "COUNT(*)"),))])
    assert {"created_at", "record_from", "gap_days", "next_at"} <= (found["visits"].columns or set())
    assert found["visits"].asked
    assert not found["visits"].grouped
    assert not found["rhythm"].asked
    assert "region" not in (wanted(measures(), [])["sales"].columns or {"region"})
    assert wanted(measures(), [Rows("sales", "row_id")])["sales"].columns is None
    assert wanted(measures(), [Breakdown("sales", "revenue", by=(("channel",),))])["sales"].grouped


@pytest.mark.parametrize("orphans", [0, 3])
def test_lines_without_a_seen_order_never_count(orphans):
    """Whether there are any is found out once, by counting: what is counted afterwards must not hang on it."""
    lines = [{"order_line_id": f"l{i}", "order_id": f"o{i % 4}", "product_id": "p"} for i in range(8)]
    lines += [{"order_line_id": f"x{i}", "order_id": f"gone{i}", "product_id": "p"} for i in range(orphans)]
    placed = [{"order_id": f"o{i}", "customer_id": "c", "ordered_at": NOON} for i in range(4)]
    stage = Stage({"orders": placed, "order_lines": lines}, as_of=datetime(2025, 6, 1))
    totals = {row["total"]: row["value"] for row in stage.rows("record_totals", "total")}
    assert totals["order_lines_count"] == 8
    assert stage.database.at(datetime(2025, 5, 1)).view.whole == frozenset()
    past = stage.asker.at(datetime(2025, 5, 1, 12))
    past.has("record_totals")
    rows, _ = past.database.run(parse("SELECT value FROM record_totals WHERE total = 'order_lines_count'"))
    assert rows == [{"value": 0}]
