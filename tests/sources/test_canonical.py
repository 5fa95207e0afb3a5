"""A folder that already looks like the record needs no configuration."""

from __future__ import annotations

import pytest

from rapport.core.source import Dialect, Kind, TableMapping
from rapport.core.table import Type
from rapport.sources.canonical import identity_mapping
from tests.sources.bench import Bench


def identity(name: str, text: str) -> TableMapping | None:
    bench = Bench()
    profile = bench.text(name, text, Dialect(Kind.CSV))
    return identity_mapping(profile, bench.readings[name])


@pytest.mark.parametrize(
    "name", ["orders.csv", "Orders.XLSX", "orders/2024-01.parquet", "export/orders.csv", "orders.csv.gz"]
)
def test_a_file_named_like_a_table_maps_column_by_column(name: str) -> None:
    mapping = identity(name, "ORDER_ID,Ordered_At,amount,colour\n1,2024-01-01,5.00,red")
    assert mapping is not None
    assert mapping.table == "orders"
    assert mapping.columns == {"order_id": "ORDER_ID", "ordered_at": "Ordered_At", "amount": "amount"}


def test_values_are_read_as_the_table_wants_them() -> None:
    mapping = identity(
        "orders.csv", "order_id,ordered_at,amount,customer_id\n1,2024-01-01,5,7\n2,2024-01-02,x,8\n3,2024-01-03,y,9"
    )
    assert mapping is not None
    kinds = {name: reading.type for name, reading in mapping.readings.items()}
    assert kinds == {"order_id": Type.TEXT, "ordered_at": Type.DAY, "amount": Type.MONEY, "customer_id": Type.TEXT}


def test_a_missing_required_column_or_another_name_is_no_record_file() -> None:
    assert identity("orders.csv", "order_id,amount\n1,5.00") is None
    assert identity("shop.csv", "order_id,ordered_at\n1,2024-01-01") is None
