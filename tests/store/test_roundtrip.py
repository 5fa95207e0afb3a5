"""Whatever a canonical table holds comes out of the record as it went in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.core.table import Column, Table, Type
from rapport.record import TABLES
from tests.importing import bring_folder

ARROW = {
    Type.TEXT: pa.string(),
    Type.TIME: pa.timestamp("us"),
    Type.DAY: pa.date32(),
    Type.MONEY: pa.decimal128(18, 4),
    Type.NUMBER: pa.float64(),
    Type.COUNT: pa.int64(),
    Type.BOOL: pa.bool_(),
}
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=3, max_size=12).filter(
    lambda t: t.strip() == t and t.upper() not in {"N/A", "NULL", "NONE"} and not t.endswith(".0")
)
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.TEXT: WORDS,
    Type.TIME: st.datetimes(datetime(1970, 1, 1), datetime(2100, 12, 31)),
    Type.DAY: st.dates(date(1970, 1, 1), date(2100, 12, 31)),
    Type.MONEY: st.decimals("-1e13", "1e13", places=4, allow_nan=False),
    Type.NUMBER: st.floats(allow_nan=False, allow_infinity=False),
    Type.COUNT: st.integers(-(2**63), 2**63 - 1),
    Type.BOOL: st.booleans(),
}


def value(column: Column) -> st.SearchStrategy[Any]:
    filled = st.sampled_from(column.choices) if column.choices else VALUES[column.type]
    if column.name == "currency":
        filled = st.just("EUR")
    return filled if column.required else st.none() | filled


def rows(table: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries({c.name: VALUES[c.type] if c.name in table.key else value(c) for c in table.columns})
    return st.lists(row, min_size=1, max_size=8, unique_by=lambda r: tuple(r[k] for k in table.key))


def keyed(table: Table) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    return lambda row: tuple(row[k] for k in table.key)


@pytest.mark.parametrize("name", sorted(TABLES))
@settings(max_examples=3, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_canonical_table_comes_out_as_it_went_in(name: str, data: st.DataObject) -> None:
    table = TABLES[name]
    given_rows = data.draw(rows(table))
    schema = pa.schema([(c.name, ARROW[c.type]) for c in table.columns])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(given_rows, schema=schema), source)
        done = bring_folder(source, Path(folder) / "out")
        names = ", ".join(f'"{c.name}"' for c in table.columns)
        assert sorted(done.rows(name, names), key=keyed(table)) == sorted(given_rows, key=keyed(table))
