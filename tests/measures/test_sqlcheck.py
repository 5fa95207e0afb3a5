"""The check of the SQL files refuses what would mean something else on another engine."""

from __future__ import annotations

import pytest

from rapport.core.errors import QueryError
from rapport.measures.catalogue import measures
from rapport.measures.query import in_order, parse, read, tables_needed
from rapport.store.dialects import in_dialect
from rapport.store.sqlcheck import check_input, check_measures, empty_database, outside


def refused(sql):
    return list(outside(parse(sql)))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT date_diff('day', a, b) FROM t",
        "SELECT a, COUNT(*) FROM t GROUP BY ALL",
        "SELECT * FROM t ASOF JOIN u ON t.a >= u.a",
        "SELECT x[1] FROM t",
        "SELECT list(x) FROM t",
        "SELECT isodow(a) FROM t",
        "SELECT a // 2 FROM t",
        "SELECT * REPLACE (CAST(a AS VARCHAR) AS a) FROM t",
        "SELECT * EXCLUDE (a) FROM t",
        "SELECT CAST(a / 2 AS INTEGER) FROM t",
        "SELECT [x + 1 FOR x IN y] FROM t",
    ],
)
def test_what_differs_between_engines_is_refused(sql):
    assert refused(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(FLOOR(a / 2) AS INTEGER) FROM t",
        "SELECT COUNT(*) FILTER (WHERE a > 1), MEDIAN(a) FROM t GROUP BY GROUPING SETS ((), (b))",
        "SELECT a FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) = 1",
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) FROM t",
    ],
)
def test_what_is_equal_everywhere_is_allowed(sql):
    assert refused(sql) == []


def test_every_measure_of_the_package_passes():
    assert set(check_measures(measures())) == set(measures())


def test_a_quantile_stays_exact_on_spark():
    query = parse("SELECT PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY w) AS q FROM t")
    assert "PERCENTILE(w, 0.75)" in in_dialect(query, "spark")
    assert "APPROX" not in in_dialect(query, "spark").upper()


def test_seconds_keep_their_fractions_on_spark():
    assert "UNIX_MICROS" in in_dialect(parse("SELECT EPOCH(a) AS s FROM t"), "spark")


@pytest.mark.parametrize(
    ("sql", "said"), [("AVG(CASE WHEN a THEN 1.0 ELSE 0.0 END)", "AVG(CAST(CASE"), ("b / c", "CAST(b AS DOUBLE) / c")]
)
def test_means_and_quotients_of_decimals_keep_their_digits_on_spark(sql, said):
    assert said in in_dialect(parse(f"SELECT {sql} AS s FROM t"), "spark")


def test_a_column_that_does_not_exist_is_one_line():
    known = {"bad": read("bad", "-- One row is an order.\nSELECT o.nothing FROM orders AS o")}
    with pytest.raises(QueryError, match="nothing"):
        check_measures(known)


def test_a_circle_is_refused():
    a = read("a", "-- One row is b.\nSELECT * FROM b")
    b = read("b", "-- One row is a.\nSELECT * FROM a")
    with pytest.raises(QueryError, match="circle"):
        in_order(frozenset({"a"}), {"a": a, "b": b})


def test_a_measure_must_say_what_a_row_is():
    with pytest.raises(QueryError, match="no comment"):
        read("silent", "SELECT 1 AS x")


def test_what_is_only_joined_from_the_left_may_be_missing():
    query = parse(
        "WITH r AS (SELECT a FROM messages) "
        "SELECT * FROM tickets AS t LEFT JOIN r ON r.a = t.a JOIN orders AS o ON TRUE"
    )
    assert tables_needed(query) == {"tickets", "orders"}


def test_every_declared_input_can_be_asked():
    from rapport.engine.registry import registry

    database = empty_database(measures())
    for name in in_order(frozenset(measures()), measures()):
        database.compute(name)
    found = registry()
    for one in [*found.audits.values(), *found.metrics.values()]:
        for key, asked in one.inputs.items():
            check_input(asked, database, f"{one.id}, input {key}")
