"""Unknown files are recognised by their names and values, and the proposal says why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rapport.core.source import Dialect, Kind, TableMapping
from rapport.sources.propose import Proposal
from tests.sources.bench import Bench

SHOP_HEADER = (
    "Name,Email,Financial Status,Currency,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Source"
)
SEMICOLONS = Dialect(Kind.CSV, delimiter=";")


def only(proposal: Proposal, table: str) -> TableMapping:
    (mapping,) = [mapping for mapping in proposal.mappings if mapping.table == table]
    return mapping


def test_german_invoice_lines_become_orders_lines_and_customers() -> None:
    bench = Bench()
    bench.text(
        "Rechnungspositionen.csv",
        """Rechnungsnr;Datum;Kundennr;Artikelnr;Bezeichnung;Menge;Einzelpreis;Land
        R-1001;01.02.2024 10:00;007;4711;Tasse;2;9,50;DE
        R-1001;01.02.2024 10:00;007;4712;Teller;1;12,00;DE
        R-1002;03.02.2024 11:30;;4711;Tasse;1;9,50;AT
        R-1003;15.02.2024 09:15;007;4711;Tasse;-2;9,50;DE
        R-1003;15.02.2024 09:15;007;4712;Teller;-1;12,00;DE""",
        SEMICOLONS,
    )
    proposal = bench.propose()
    bench.run(only(proposal, "orders"), "o")
    rows = bench.connection.sql(
        "select order_id, customer_id, amount, refund_amount, status from o order by 1"
    ).fetchall()
    assert rows == [
        ("R-1001", "007", 31.0, 0.0, "completed"),
        ("R-1002", None, 9.5, 0.0, "completed"),
        ("R-1003", "007", 0.0, 31.0, "returned"),
    ]
    bench.run(only(proposal, "order_lines"), "l")
    assert bench.one("select count(*), sum(quantity) from l") == (5, 1)
    bench.run(only(proposal, "customers"), "c")
    assert bench.one("select * from c") == ("007", "DE")
    assert any("take goods back" in reason for reason in proposal.reasons)


def test_a_letter_before_the_number_marks_cancellations_only_where_all_its_quantities_are_negative() -> None:
    lines = [f"{500 + n},A{n % 3},{n + 1},2.00,2024-01-0{n % 9 + 1}" for n in range(20)] * 2
    lines += [f"C{600 + n},A1,-1,2.00,2024-02-0{n + 1}" for n in range(3)] * 2
    lines += ["B700,A1,1,2.00,2024-02-05"] * 2
    bench = Bench()
    bench.text("x.csv", "InvoiceNo,StockCode,Quantity,UnitPrice,InvoiceDate\n" + "\n".join(lines))
    assert (
        only(bench.propose(), "orders").columns["status"]
        == "case when InvoiceNo like 'C%' then 'returned' else 'completed' end"
    )
    unasked = bench.propose(asking=False)
    assert "max(Quantity) < 0" in only(unasked, "orders").columns["status"]
    assert any("was not looked at" in doubt for doubt in unasked.doubts)


def test_a_help_desk_log_becomes_one_row_a_ticket() -> None:
    bench = Bench()
    bench.text(
        "log.csv",
        """number,state,updated_at,seq,opened_at,caller_id,made_sla,reopen_count,assignment_group,resolved_at
        I1,New,2024-03-01 09:00,0,2024-03-01 08:55,u1,true,0,A,2024-03-02 10:00
        I1,Active,2024-03-01 10:00,1,2024-03-01 08:55,u1,true,0,B,2024-03-02 10:00
        I1,Resolved,2024-03-01 12:00,2,2024-03-01 08:55,u1,true,0,B,2024-03-02 10:00
        I1,Active,2024-03-02 09:00,3,2024-03-01 08:55,u1,false,1,C,2024-03-02 10:00
        I1,Closed,2024-03-02 09:00,4,2024-03-01 08:55,u1,false,1,?,2024-03-02 10:00
        I2,New,2024-03-04 09:00,0,2024-03-04 09:00,?,true,0,A,?
        I2,Resolved,2024-03-04 11:00,1,2024-03-04 09:00,?,true,0,A,?""",
    )
    proposal = bench.propose()
    bench.run(only(proposal, "tickets"), "t")
    said = "ticket_id, customer_id, first_handled_at::varchar, first_resolved_at::varchar, resolved_at::varchar"
    rows = bench.connection.sql(f"select {said}, sla_met, reopens, team, status from t order by 1").fetchall()
    assert rows == [
        ("I1", "u1", "2024-03-01 10:00:00", "2024-03-01 12:00:00", "2024-03-02 10:00:00", False, 1, "C", "Closed"),
        ("I2", None, "2024-03-04 11:00:00", "2024-03-04 11:00:00", None, True, 0, "A", "Resolved"),
    ]
    assert any("1 of 2 tickets reach 'Resolved' but have no resolved_at" in doubt for doubt in proposal.doubts)


def test_a_shops_export_with_blank_order_columns_on_further_lines() -> None:
    bench = Bench()
    bench.text(
        "orders_export.csv",
        f"""{SHOP_HEADER}
        #1001,Ann@X.de,paid,EUR,25.00,0.00,2024-05-01 10:00:00 +0200,1,Cup,10.00,CUP,,0.00,web
        #1001,Ann@X.de,,,,,,1,Plate,15.00,,,,
        #1002,bob@x.de,refunded,EUR,10.00,1.00,2024-05-02 10:00:00 +0200,1,Cup,10.00,CUP,,10.00,pos
        #1003,ann@x.de,voided,EUR,9.00,0.00,2024-05-03 10:00:00 +0200,1,Cup,9.00,CUP,2024-05-03 11:00 +0200,0.00,web""",
    )
    proposal = bench.propose()
    bench.run(only(proposal, "orders"), "o")
    rows = bench.connection.sql(
        "select order_id, customer_id, ordered_at::varchar, amount, status from o order by 1"
    ).fetchall()
    assert rows == [
        ("#1001", "ann@x.de", "2024-05-01 08:00:00", Decimal("25.0000"), "completed"),
        ("#1002", "bob@x.de", "2024-05-02 08:00:00", Decimal("10.0000"), "returned"),
        ("#1003", "ann@x.de", "2024-05-03 08:00:00", Decimal("9.0000"), "cancelled"),
    ]
    bench.run(only(proposal, "order_lines"), "l")
    assert bench.connection.sql("select order_id, product_id from l order by all").fetchall() == [
        ("#1001", "CUP"),
        ("#1001", "Plate"),
        ("#1002", "CUP"),
        ("#1003", "CUP"),
    ]
    bench.run(only(proposal, "customers"), "c")
    assert bench.one("select count(*) from c") == (2,)


def test_survey_answers_and_who_never_answered() -> None:
    bench = Bench()
    bench.text(
        "nps.csv",
        "response id,customer id,surveyed at,nps,comment\n"
        "1,a,2024-01-01,0,bad\n2,b,2024-01-02,,\n3,c,2024-01-03,10,good",
    )
    mapping = only(bench.propose(), "feedback")
    bench.run(mapping, "f")
    assert bench.one("select count(*), count(answered_at), count(asked_at), min(score), any_value(kind) from f") == (
        3,
        2,
        3,
        0,
        "nps",
    )
    assert (mapping.columns["scale_min"], mapping.columns["scale_max"]) == ("0", "10")


@pytest.mark.parametrize(
    ("column", "scores", "kind", "scale"),
    [
        ("csat", "1 4 5", "csat", ("1", "5")),
        ("rating", "2 3 5", "csat", ("1", "5")),
        ("effort score", "1 6 7", "ces", ("1", "7")),
        ("How likely are you to recommend us?", "6 9 10", "nps", ("0", "10")),
        ("star rating", "1 2 5", "review", ("1", "5")),
    ],
)
def test_the_kind_of_a_survey_is_told_by_its_name_and_its_scale(
    column: str, scores: str, kind: str, scale: tuple[str, str]
) -> None:
    bench = Bench()
    lines = "\n".join(f"{n},2024-01-0{n + 1},{score}" for n, score in enumerate(scores.split()))
    bench.text("answers.csv", f"response id,answered at,{column}\n{lines}")
    mapping = only(bench.propose(), "feedback")
    assert (mapping.columns["kind"], mapping.columns["scale_min"], mapping.columns["scale_max"]) == (
        f"'{kind}'",
        *scale,
    )


def test_files_with_one_row_each_join_by_their_ids() -> None:
    bench = Bench()
    bench.text(
        "customers.csv",
        "id,created_at,first name,last name,state\n1,2020-01-01,Ann,Lee,enabled\n2,2020-01-02,Bob,Ray,invited",
    )
    bench.text(
        "order_data.csv",
        "id,order_number,customer_id,created_at,total_price,currency,financial_status\n"
        "9001,1001,1,2024-01-01 10:00:00,12.50,eur,paid\n9002,1002,2,2024-01-02 10:00:00,8.00,eur,refunded",
    )
    bench.text("order_items.csv", "id,order_id,sku,name,quantity,price\n1,9001,CUP,Cup,1,12.50\n2,9002,TEA,Tea,2,4.00")
    bench.text("weather.csv", "place,degrees\nUlm,12\nBonn,14")
    proposal = bench.propose()
    assert only(proposal, "orders").columns["order_id"] == "id"
    assert only(proposal, "orders").columns["currency"] == "upper(currency)"
    bench.run(only(proposal, "orders"), "o")
    assert bench.connection.sql("select status from o order by order_id").fetchall() == [("completed",), ("returned",)]
    assert only(proposal, "order_lines").columns["order_id"] == "order_id"
    assert "region" not in only(proposal, "customers").columns
    assert ("weather.csv", "", "it looks like none of the tables") in proposal.unused
    assert ("order_data.csv", "order_number", "no table has it: kept in attributes") in proposal.unused


@pytest.mark.parametrize(
    ("name", "header", "row", "table"),
    [
        (
            "Bestellungen.csv",
            "Bestellnummer,Kundennummer,Bestelldatum,Gesamtbetrag",
            "B1,K1,2024-01-02,10.00",
            "orders",
        ),
        (
            "commandes.csv",
            "Numéro commande,Numéro client,Date commande,Montant total",
            "C1,K1,2024-01-02,10.00",
            "orders",
        ),
        ("pedidos.csv", "Número pedido,Cliente,Fecha pedido,Importe total", "P1,K1,2024-01-02,10.00", "orders"),
        (
            "tickets.csv",
            "Ticketnummer,Kunde,Erstellt am,Gelöst am,Priorität",
            "T1,K1,2024-01-02,2024-01-03,hoch",
            "tickets",
        ),
        ("zahlungen.csv", "id,Kundennummer,Bezahlt am,Betrag", "Z1,K1,2024-01-02,10.00", "payments"),
        ("abos.csv", "Vertragsnummer,Kundennummer,Beginn,Monatsbetrag", "A1,K1,2024-01-02,10.00", "subscriptions"),
    ],
)
def test_names_in_four_languages(name: str, header: str, row: str, table: str) -> None:
    bench = Bench()
    bench.text(name, f"{header}\n{row}")
    mapping = only(bench.propose(), table)
    assert len(mapping.columns) >= 4


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("shop-orders.csv", "Order number,Customer number,Order date,Total", "B1,C1,2025-01-01,9.50"),
        ("helpdesk-tickets.csv", "Ticket number,Customer number,Created at", "H1,C1,2025-01-01"),
        ("survey.csv", "Customer number,Invited at,Responded at,NPS score", "C1,2025-01-01,2025-01-02,9"),
    ],
)
def test_a_customer_number_joins_the_files_of_a_shop(name: str, header: str, row: str) -> None:
    bench = Bench()
    bench.text(name, f"{header}\n{row}\n{row.replace('C1', 'C2')}")
    (mapping,) = [m for m in bench.propose().mappings if m.table != "customers"]
    assert mapping.columns["customer_id"] == '"Customer number"'


def test_payments_of_an_api_are_in_cents() -> None:
    bench = Bench()
    bench.text(
        "charges.csv",
        "id,customer_id,created,amount,currency,status\nch_1,cus_1,2024-01-02 10:00:00,1250,usd,succeeded",
    )
    bench.run(only(bench.propose(), "payments"), "p")
    assert bench.one("select amount::decimal(18,2), currency from p") == (Decimal("12.50"), "USD")


def test_staff_are_no_customers_and_users_are_a_doubt() -> None:
    bench = Bench()
    bench.text(
        "users.csv", "id,name,role,created_at\n1,Ann,end-user,2024-01-01\n2,Bob,agent,2024-01-01\n3,Cy,admin,2024-01-01"
    )
    proposal = bench.propose()
    bench.run(only(proposal, "customers"), "c")
    assert bench.one("select count(*) from c") == (1,)
    assert any("user is taken for a customer" in doubt for doubt in proposal.doubts)


def test_a_guess_about_dates_becomes_a_doubt() -> None:
    bench = Bench()
    bench.text(
        "orders.csv", "order number,customer id,order date,total amount\n1,a,01/02/2024,5.00\n2,b,03/04/2024,6.00"
    )
    proposal = bench.propose()
    assert any("order date" in doubt and "[mapping.formats]" in doubt for doubt in proposal.doubts)


def test_a_folder_of_nothing_gives_nothing() -> None:
    assert Bench().propose() == Proposal(())


def test_charges_and_the_intents_behind_them_are_paid_once() -> None:
    bench = Bench()
    rows = "id,customer_id,created_at,amount,currency,status\n"
    rows += "x1,c1,2024-01-01,500,eur,succeeded\nx2,c2,2024-01-02,700,eur,succeeded"
    for name in ("charge_data.csv", "payment_intent_data.csv"):
        bench.text(name, rows)
    proposal = bench.propose()
    assert only(proposal, "payments").file == "charge_data.csv"
    assert any(file == "payment_intent_data.csv" and not column for file, column, _ in proposal.unused)
