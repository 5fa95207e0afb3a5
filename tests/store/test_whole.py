"""Where all that ever happened lies before the cut-off, tables are read without looking at a time: the same is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.core.declarations import Declarations
from rapport.measures.asof import View, view_of
from rapport.record import TABLES
from rapport.store.manifest import Manifest
from rapport.store.seen import parquet
from rapport.worlds import build, write
from tests.importing import bring

ANSWERS = """feedback_id,customer_id,kind,asked_at,answered_at,score
F1,a,nps,2024-01-05,2024-01-06,9
F2,a,nps,2024-02-05,,
"""
PAYMENTS = """payment_id,customer_id,due_at,paid_at,amount
P1,a,2024-01-05,2024-01-06,10
P2,a,2024-12-05,,10
"""


def _seen(manifest: Manifest, view: View, name: str) -> tuple[str, list[tuple[object, ...]]]:
    files = manifest.files()
    query = view_of(TABLES[name], view, lambda t: parquet(str(files[t])) if t in files else None).sql(dialect="duckdb")
    return query, sorted(duckdb.sql(query).fetchall(), key=repr)


@pytest.mark.parametrize("world", ["shop", "subscription"])
def test_the_same_is_seen_of_a_company_as_by_looking_at_each_time(world: str, tmp_path: Path) -> None:
    write(build(world, customers=150, seed=5), tmp_path / "company")
    declared, mappings = read_config(tmp_path / "company")
    manifest = ingest(tmp_path / "company", tmp_path / "out", declared=declared, mappings=mappings).manifest
    view = open_record(manifest, declared, tmp_path / "out").database.view
    assert len(view.whole) > 6
    for name in sorted(view.whole):
        query, rows = _seen(manifest, view, name)
        slow, looked_at = _seen(manifest, replace(view, whole=frozenset()), name)
        assert rows == looked_at
        assert len(rows) > 0
        assert "TIMESTAMP)" not in query.replace("CAST(NULL AS TIMESTAMP)", "")
        assert len(query) <= len(slow)


def test_a_table_with_a_row_that_has_no_date_of_its_own_is_looked_at(tmp_path: Path) -> None:
    done = bring(tmp_path, {"feedback.csv": ANSWERS, "payments.csv": PAYMENTS})
    manifest = done.imported.manifest
    view = open_record(manifest, Declarations(), done.out).database.view
    assert view.whole == {"feedback"}
    assert [row[0] for row in _seen(manifest, view, "payments")[1]] == ["P1"]


def test_nothing_is_taken_as_it_is_where_something_happened_later(tmp_path: Path) -> None:
    done = bring(tmp_path, {"feedback.csv": ANSWERS, "payments.csv": PAYMENTS})
    past = open_record(done.imported.manifest, Declarations(), done.out, as_of="2024-02-05").database
    assert past.view.whole == set()
