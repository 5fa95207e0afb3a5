"""The proposals made for real companies' exports give the totals that others have published."""

from __future__ import annotations

import pytest

from rapport.core.source import TableMapping
from rapport.sources.propose import Proposal
from tests.sources.bench import Bench, real

pytestmark = pytest.mark.data


def proposed(path: str) -> tuple[Bench, Proposal]:
    bench = Bench()
    bench.add(path.rsplit("/", 1)[-1], f"'{real(path)}'")
    return bench, bench.propose()


def table(bench: Bench, proposal: Proposal, name: str) -> TableMapping:
    (mapping,) = [mapping for mapping in proposal.mappings if mapping.table == name]
    bench.run(mapping, name)
    return mapping


def test_online_retail_adds_up_to_the_published_totals() -> None:
    bench, proposal = proposed("online_retail/online_retail.parquet")
    table(bench, proposal, "orders")
    assert dict(bench.connection.sql("select status, count(*) from orders group by 1").fetchall()) == {
        "completed": 22_064,
        "returned": 3_836,
    }
    money = (
        "sum(amount)::decimal(18,2), sum(refund_amount)::decimal(18,2), sum(amount) filter (where status = 'returned')"
    )
    gross, refunds, returned = bench.one(f"select {money} from orders")
    assert (float(gross), float(refunds), returned) == (10_644_560.42, 896_812.49, 0)
    assert bench.one("select count(returned_at), count(*) filter (where customer_id is null) from orders") == (
        3_836,
        3_710,
    )
    assert bench.one("select count(distinct customer_id) from orders where status = 'completed'") == (4_339,)
    table(bench, proposal, "customers")
    assert bench.one("select count(*), count(distinct customer_id), count(country) from customers") == (4_372,) * 3
    table(bench, proposal, "order_lines")
    assert bench.one("select count(*), count(*) filter (where quantity < 0) from order_lines") == (541_909, 10_624)
    marked = bench.connection.sql(
        "select distinct product_id from order_lines where category = 'not a product'"
    ).fetchall()
    codes = {row[0] for row in marked}
    assert {"POST", "D", "M", "BANK CHARGES", "AMAZONFEE", "DOT", "C2", "CRUK", "PADS", "gift_0001_20"} <= codes
    assert not {"85123A", "DCGS0003", "22423"} & codes


def test_incidents_fold_into_tickets_with_the_published_service_level() -> None:
    bench, proposal = proposed("incidents/incident_event_log.parquet")
    mapping = table(bench, proposal, "tickets")
    assert bench.one("select count(*), count(distinct ticket_id) from tickets") == (24_918, 24_918)
    assert round(bench.one("select avg(sla_met::int) from tickets")[0], 4) == 0.6342
    hours = "median(epoch(resolved_at) - epoch(opened_at)) / 3600"
    resolved, median = bench.one(f"select count(*), {hours} from tickets where resolved_at is not null")
    assert (resolved, round(median, 4)) == (23_362, 22.1)
    assert bench.one("select count(*) from tickets where status <> 'Closed'") == (0,)
    assert bench.one("select sum(reopens), count(*) filter (where reopens > 0) from tickets") == bench.one(
        "select sum(r), count(*) filter (where r > 0) from (select max(reopen_count) r from typed0 group by number)"
    )
    assert set(mapping.columns) >= {"team", "assignee", "priority", "channel", "topic", "customer_id", "handoffs"}
    assert bench.one("select count(*) from tickets where customer_id::varchar = '?' or team::varchar = '?'") == (0,)


def test_nps_answers_keep_their_zeros_and_bring_customers() -> None:
    bench, proposal = proposed("nps_saas/nps_saas.parquet")
    table(bench, proposal, "feedback")
    rows, zeros = bench.one(
        "select count(answered_at), count(*) filter (where score = 0) from feedback where kind = 'nps'"
    )
    assert (rows, zeros > 0) == (20_268, True)
    nps = "avg(case when score >= 9 then 100 when score <= 6 then -100 else 0 end)"
    assert round(bench.one(f"select {nps} from feedback")[0], 2) == 10.86
    table(bench, proposal, "customers")
    assert bench.one("select count(distinct customer_id), count(created_at) from customers") == (20_268, 20_268)


@pytest.mark.parametrize(("file", "orders", "customers"), [("master", 69_659, 23_570), ("sample", 6_919, 2_357)])
def test_cdnow_is_a_list_of_purchases(file: str, orders: int, customers: int) -> None:
    bench, proposal = proposed(f"cdnow/cdnow_{file}.parquet")
    table(bench, proposal, "orders")
    table(bench, proposal, "customers")
    assert bench.one("select count(*), count(distinct customer_id) from orders") == (orders, customers)
    assert bench.one("select count(*) from customers") == (customers,)
    if file == "master":
        assert bench.one("select sum(amount)::decimal(18,2)::varchar from orders") == ("2500315.63",)


def test_reviews_and_tweets() -> None:
    bench, proposal = proposed("clothing_reviews/womens_clothing_reviews.parquet")
    table(bench, proposal, "feedback")
    assert bench.one("select count(*), count(text), min(score), max(score) from feedback where kind = 'review'") == (
        23_486,
        22_641,
        1,
        5,
    )
    assert any("no column says when" in doubt for doubt in proposal.doubts)
    bench, proposal = proposed("support_tweets/twcs_sample.parquet")
    table(bench, proposal, "messages")
    assert dict(bench.connection.sql("select direction, count(*) from messages group by 1").fetchall()) == {
        "inbound": 2_778,
        "outbound": 2_222,
    }


@pytest.mark.parametrize(
    "path",
    ["banking77/banking77.parquet", "goemotions/goemotions.parquet", "cdnow/cdnow_summary_with_transactions.parquet"],
)
def test_what_is_no_customer_record_is_left_alone(path: str) -> None:
    _, proposal = proposed(path)
    assert proposal.mappings == ()
    assert proposal.unused[0][2] == "it looks like none of the tables"


@pytest.mark.parametrize(
    ("vendor", "fed"),
    [
        (
            "zendesk",
            {"user_data.csv": "customers", "ticket_data.csv": "tickets", "ticket_comment_data.csv": "messages"},
        ),
        ("stripe", {"customer_data.csv": "customers", "charge_data.csv": "payments"}),
        (
            "shopify",
            {
                "shopify_customer_data.csv": "customers",
                "shopify_order_data.csv": "orders",
                "shopify_order_line_data.csv": "order_lines",
            },
        ),
        ("hubspot", {"company_data.csv": "customers", "deal_data.csv": "deals", "ticket_data.csv": "tickets"}),
        (
            "salesforce",
            {"sf_account_data.csv": "customers", "sf_opportunity_data.csv": "deals", "sf_order_data.csv": "orders"},
        ),
        ("intercom", {"conversation_history_data.csv": "tickets"}),
    ],
)
def test_exports_of_vendors(vendor: str, fed: dict[str, str]) -> None:
    bench = Bench()
    for file in sorted(real(f"exports/{vendor}").glob("*.csv")):
        if file.name in fed or "history" in file.name or "line_item" in file.name or "tag" in file.name:
            bench.add(file.name, f"read_csv('{file}', all_varchar = true, header = true, strict_mode = false)")
    proposal = bench.propose()
    assert {mapping.file: mapping.table for mapping in proposal.mappings} == fed
    for mapping in proposal.mappings:
        bench.run(mapping, "x")
