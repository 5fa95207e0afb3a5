"""What customers may want, whether it was offered, who owns what, and what became of the lists of half a year ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from rapport.measures.estimates.wants_checked import BACK
from tests.stage import Stage

NOW = datetime(2026, 1, 1)
DAY = timedelta(days=1)


def shop(n=240, late=(), offers=(), consent=None):
    """Customers who own two of A, B, C or two of X, Y, Z; `late` are customers who buy the third in the last weeks."""
    chance = np.random.default_rng(4)
    orders, lines, customers = [], [], []
    for i in range(n):
        group = "ABC" if i % 2 else "XYZ"
        own = chance.choice(list(group), 2, replace=False)
        buys = [(name, 300 - 20 * k) for k, name in enumerate(own)]
        if i in late:
            buys.append((next(name for name in group if name not in own), 30))
        customers.append({"customer_id": f"c{i:03d}", "segment": "north" if i % 3 else "south"})
        if consent is not None:
            customers[-1]["marketing_consent"] = consent(i)
        for k, (name, ago) in enumerate(buys):
            order = f"o{i}-{k}"
            orders.append(
                {"order_id": order, "customer_id": f"c{i:03d}", "ordered_at": NOW - ago * DAY, "amount": Decimal(9)}
            )
            lines.append(
                {
                    "order_id": order,
                    "product_id": name,
                    "product": f"product {name}",
                    "category": "first" if name in "ABC" else "last",
                    "quantity": 1.0,
                    "unit_price": Decimal(9),
                }
            )
    tables = {"orders": orders, "order_lines": lines, "customers": customers}
    if offers:
        tables["touches"] = [{"touch_id": str(k), "purpose": "promotion", **offer} for k, offer in enumerate(offers)]
    return Stage(tables)


def lacking(stage):
    return {r["customer_id"]: r["product_id"] for r in stage.rows("wants_offered") if r["row_id"].endswith("new-1")}


def test_what_like_customers_own_is_what_a_customer_may_want():
    stage = shop()
    bought = {(r["customer_id"], r["product_id"]) for r in stage.rows("bought_products")}
    for customer, product in lacking(stage).items():
        group = "ABC" if int(customer[1:]) % 2 else "XYZ"
        assert product in group
        assert (customer, product) not in bought


def test_an_offer_of_the_product_or_its_category_counts_for_a_year():
    plain = lacking(shop())
    who = [f"c{i:03d}" for i in (1, 3, 5, 7)]
    offers = [
        {"customer_id": who[0], "product_id": plain[who[0]], "sent_at": NOW - 10 * DAY},
        {"customer_id": who[1], "category": "first", "sent_at": NOW - 10 * DAY},
        {"customer_id": who[2], "category": "last", "sent_at": NOW - 10 * DAY},
        {"customer_id": who[3], "category": "first", "sent_at": NOW - 366 * DAY},
    ]
    rows = {r["row_id"]: r for r in shop(offers=offers).rows("wants_offered")}
    assert [rows[f"{c}/new-1"]["offered"] for c in who] == [True, True, False, False]
    everyone = np.mean([r["offered"] for r in rows.values()])
    own = np.mean([r["offered"] for r in rows.values() if r["category"] == "first"])
    assert rows[f"{who[0]}/new-1"]["offered_alike"] == pytest.approx(1 - own + everyone)


def test_without_offers_in_the_record_nothing_is_known_of_them():
    assert {r["offered"] for r in shop().rows("wants_offered")} == {None}


def test_who_took_the_consent_back_is_left_out():
    rows = shop(consent=lambda i: None if i % 5 == 0 else i % 5 > 2).rows("wants_offered")
    assert {int(r["customer_id"][1:]) % 5 for r in rows} == {0, 3, 4}


def test_owners_are_compared_with_those_who_have_as_many_other_categories():
    rows = shop().rows("category_owners")
    assert len(rows) == 240 * 2
    assert sum(r["owned"] for r in rows) == 240, "everybody buys in one category only"
    # Who has no other category owns this one for sure, and who has one other has nothing of this one.
    assert {round(r["owned_alike"], 9) for r in rows} == {0.5}


def test_what_was_on_a_list_half_a_year_ago_is_held_against_what_was_bought_since():
    late = set(range(0, 240, 4))
    stage = shop(late=late)
    rows = stage.rows("wants_checked")
    before = NOW - BACK
    assert all(NOW - ago * DAY < before for ago in (300, 280))
    alike = {r["customer_id"]: r["bought"] for r in rows if r["list"] == "alike"}
    assert alike
    assert all(
        bought is (int(customer[1:]) in late) for customer, bought in alike.items() if (int(customer[1:]) % 4) == 0
    )
    assert not any(bought for customer, bought in alike.items() if int(customer[1:]) not in late)
    best = [r for r in rows if r["list"] == "best sellers"]
    assert len(best) == 3 * len({r["customer_id"] for r in best})


def test_too_few_customers_to_learn_from_make_no_list():
    assert shop(n=50).rows("wants_checked") == []
