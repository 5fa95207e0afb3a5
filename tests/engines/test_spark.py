"""Every measure gives the same rows on Spark as on DuckDB, and so does every question that is asked of one."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

import pytest

from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.core.declarations import Declarations
from rapport.core.inputs import Rows
from rapport.engine.registry import registry
from rapport.measures.ask import query_for
from rapport.measures.catalogue import measures
from rapport.measures.parameters import parameters
from rapport.measures.query import in_order
from rapport.worlds import build, write

# py4j leaves its sockets to the garbage collector.
pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: `make test-engines` does that")

# Sums of doubles are added up in another order: equal to twelve digits, and nothing is printed with more than nine.
DIGITS = 12


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    from pyspark.sql import SparkSession

    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.memory", "3g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.fixture(scope="module")
def both(session, tmp_path_factory):
    from rapport.store.spark import SparkDatabase

    folder, out = tmp_path_factory.mktemp("company"), tmp_path_factory.mktemp("out")
    write(build("shop", customers=300, months=14, seed=5, plants={"first-reply": 6.0}), folder)
    declared = Declarations()
    manifest = ingest(folder, out, declared=declared).manifest
    record = open_record(manifest, declared, out)
    files = {**manifest.files(), "calendar": next((out / "record").glob("calendar-*.parquet"))}
    spark = SparkDatabase(session, files, record.database.view, measures(), parameters(record.facts))
    for name in in_order(frozenset(measures()), measures()):
        record.database.compute(name)
        spark.compute(name)
    return record.database, spark


def comparable(value):
    if isinstance(value, (float, Decimal)):
        value = float(value)
        return None if math.isnan(value) else float(f"{value:.{DIGITS}g}")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value


def as_set(rows):
    plain = [tuple((k.lower(), comparable(v)) for k, v in sorted(r.items())) for r in rows]
    return sorted(plain, key=repr)


@pytest.mark.parametrize("name", sorted(measures()))
def test_a_measure_has_the_same_rows(name, both):
    database, spark = both
    here = database._rows(f'SELECT * FROM "{name}"', name)
    there = spark.rows(name)
    assert len(here) == len(there)
    for ours, theirs in zip(as_set(here), as_set(there), strict=True):
        assert ours == theirs


@pytest.mark.parametrize("name", sorted(registry().audits))
def test_an_audit_would_be_told_the_same(name, both):
    database, spark = both
    for asked in registry().audits[name].inputs.values():
        if isinstance(asked, Rows):
            continue  # a limited list may be cut anywhere among equals
        query = query_for(asked, database.allowed(asked), clustered="customer_id" in database.filled(asked.measure))
        assert as_set(database.run(query)[0]) == as_set(spark.answer(query))
