"""Every measure gives the same rows on Spark as on DuckDB, and so does every question that is asked of one."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest

import pyarrow.parquet as pq
import pytest

from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.core.declarations import Declarations
from rapport.core.inputs import Rows
from rapport.engine.asking import Asker
from rapport.engine.registry import registry
from rapport.measures.ask import query_for
from rapport.measures.catalogue import measures
from rapport.measures.estimate import Estimate, kept_in
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

# Sums of doubles are added up in another order, which may change the eleventh digit; nothing is printed with more than
# nine.
SAME = 1e-11
CUSTOMERS, MONTHS = 300, 14


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    from pyspark.sql import SparkSession

    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.driver.memory", "3g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.fixture(scope="module", params=["shop", "subscription"])
def both(request, session, tmp_path_factory):
    """Both engines with everything computed; the models compute on one machine, and Spark is given their tables."""
    from rapport.store.spark import SparkDatabase

    folder, out = tmp_path_factory.mktemp("company"), tmp_path_factory.mktemp("out")
    write(build(request.param, customers=CUSTOMERS, months=MONTHS, seed=5, plants={"first-reply": 6.0}), folder)
    declared = Declarations()
    manifest = ingest(folder, out, declared=declared).manifest
    record = open_record(manifest, declared, out)
    files = {**manifest.files(), "calendar": next((out / "record").glob("calendar-*.parquet"))}
    spark = SparkDatabase(session, files, record.database.view, measures(), parameters(record.facts))
    asker = Asker(record.database, measures(), record.filled, record.facts)
    for name in in_order(frozenset(measures()), measures()):
        asker._compute(name)
        if isinstance(measures()[name], Estimate):
            spark.keep(name, pq.read_table(out / kept_in(name)))
        else:
            spark.compute(name)
    return record.database, spark


def comparable(value):
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return None if math.isnan(value) else float(value)
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def in_rows(rows):
    """Return rows in an order that does not hang on the last digits of their numbers."""
    plain = [{k.lower(): comparable(v) for k, v in row.items()} for row in rows]
    return sorted(
        plain, key=lambda r: [(k, f"{v:.8g}" if isinstance(v, float) else repr(v)) for k, v in sorted(r.items())]
    )


def differences(here, there):
    """Return the rows that are not the same, those of both sides in order."""
    pairs = zip_longest(in_rows(here), in_rows(there))
    return [
        (a, b)
        for a, b in pairs
        if a is None or b is None or a.keys() != b.keys() or not all(map(same, a.values(), (b[k] for k in a)))
    ]


def same(a, b):
    return math.isclose(a, b, rel_tol=SAME) if isinstance(a, float) and isinstance(b, float) else a == b


@pytest.mark.parametrize("name", sorted(measures()))
def test_a_measure_has_the_same_rows(name, both):
    database, spark = both
    here, there = database.runner.rows(f'SELECT * FROM "{name}"', name), spark.rows(name)
    assert differences(here, there) == []
    if not here:
        pytest.skip("it has no rows in this company")


@pytest.mark.parametrize("name", sorted(registry().audits))
def test_an_audit_would_be_told_the_same(name, both):
    database, spark = both
    for asked in registry().audits[name].inputs.values():
        if isinstance(asked, Rows):
            continue  # a limited list may be cut anywhere among equals
        where = f" WHERE {asked.where}" if asked.where else ""
        if not database.runner.rows(f'SELECT COUNT(*) AS n FROM "{asked.measure}"{where}', name)[0]["n"]:
            continue  # of no rows DuckDB gives a total, Spark gives none
        query = query_for(asked, database.allowed(asked), clustered="customer_id" in database.filled(asked.measure))
        assert differences(database.run(query)[0], spark.answer(query)) == []
