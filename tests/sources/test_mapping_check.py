"""A mapping computes with the columns of its file and reaches nothing else."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.errors import MappingError
from rapport.core.source import TableMapping
from rapport.sources.mapping_check import check_expressions, columns_of

COLUMNS = ("InvoiceNo", "Quantity", "UnitPrice", "InvoiceDate", "Country", "Lineitem quantity")


def check(sql: str, *, where: str = "", group: tuple[str, ...] = ()) -> None:
    mapping = TableMapping("orders.xlsx", "orders", {"amount": sql}, where, group)
    check_expressions(mapping, COLUMNS, "rapport.toml")


@pytest.mark.parametrize(
    "sql",
    [
        "InvoiceNo",
        '"Lineitem quantity" * UnitPrice',
        "invoiceno || '-x'",
        "case when Country in ('UK', 'EIRE') then 1 else 0 end",
        "coalesce(nullif(trim(lower(Country)), ''), 'none')",
        "try_cast(InvoiceNo as bigint)",
        "InvoiceDate + interval 1 day",
        "regexp_matches(InvoiceNo, '^C[0-9]') and not Quantity between 1 and 2",
        "'nps'",
        "10",
    ],
)
def test_expressions_over_one_row(sql: str) -> None:
    check(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "sum(Quantity * UnitPrice) filter (where InvoiceNo not like 'C%')",
        "case when InvoiceNo like 'C%' then 0 else sum(Quantity * UnitPrice) end",
        "arg_max(Country, (InvoiceDate, Country))",
        "count(*)",
        "count(distinct Country)",
        "max(Quantity) < 0",
    ],
)
def test_aggregates_over_a_group(sql: str) -> None:
    check(sql, group=("InvoiceNo",))


@pytest.mark.parametrize(
    "sql",
    [
        "(select 1)",
        "Country in (select Country from file)",
        "exists (select 1)",
        "read_csv('/etc/passwd')",
        "read_text('/etc/passwd')",
        "glob('*')",
        "getenv('HOME')",
        "query('select 1')",
        "columns(*)",
        "*",
        "random()",
        "now()",
        "Country; drop table orders",
        "1 from orders",
        "1 limit 1",
        "Country -- hidden",
        "Country /* hidden */",
        "Country as x",
        "main.orders.Country",
        "[1, 2]",
        "$1",
        "lambda x: x",
        "sum(Quantity) over ()",
        "",
        "((",
    ],
)
def test_everything_else_is_refused_in_one_line(sql: str) -> None:
    for group in ((), ("InvoiceNo",)):
        with pytest.raises(MappingError) as caught:
            check(sql, group=group)
        assert "orders.xlsx → orders" in str(caught.value)
        assert caught.value.todo
        assert "\n" not in str(caught.value)


def test_an_unknown_column_is_named_with_those_that_sound_like_it() -> None:
    with pytest.raises(MappingError, match=r"no column 'InvoicNo'.*InvoiceNo"):
        check("InvoicNo")
    with pytest.raises(MappingError, match=r"where.*no column 'Contry'.*Country"):
        check("1", where="Contry = 'UK'")


def test_an_aggregate_needs_a_group_and_a_column_beside_it_belongs_to_the_group() -> None:
    with pytest.raises(MappingError, match="need `group`"):
        check("sum(Quantity)")
    with pytest.raises(MappingError, match="sums up rows"):
        check("1", where="sum(Quantity) > 1", group=("InvoiceNo",))
    with pytest.raises(MappingError, match=r"'Country' has many values.*min\(Country\)"):
        check("Country", group=("InvoiceNo",))


def test_the_columns_that_a_mapping_uses() -> None:
    mapping = TableMapping("f", "orders", {"amount": 'sum("Lineitem quantity")'}, "Country = 'UK'", ("InvoiceNo",))
    assert columns_of(mapping) == ("Lineitem quantity", "Country", "InvoiceNo")


@given(st.text(max_size=40) | st.from_regex(r"[a-zA-Z(),*'\"0-9;=.\[\]{}$-]{1,30}", fullmatch=True))
def test_any_text_is_either_allowed_or_refused(sql: str) -> None:
    with contextlib.suppress(MappingError):
        check(sql)
